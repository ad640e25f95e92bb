"""Which bundles a client may name, and what each can do. Opens none."""

from __future__ import annotations

import contextlib
from http import HTTPStatus
from typing import Any

from desktop.serve.errors import ApiError
from plugins.errors import KnownError
from runtime.bundle.bundle import AUTOMATIC, chosen_name, find_bundle, list_bundles, read_manifest
from runtime.bundle.manifest import Manifest
from runtime.worker.client import EngineState


class Bundles:
    """The bundles that are here, and the one that answers where none is named."""

    def __init__(self, default: str) -> None:
        """`default` is a name or a folder."""
        self._default = default

    def wanted(self, model: str | None) -> str:
        """The name or folder of the bundle that a request means.

        Raises:
            ApiError: there is none of this name; those that are here are named.
        """
        if not model or model in (AUTOMATIC, self._default, self.name(self._default)):
            return self._default
        names = [entry.name for entry in list_bundles()]
        if model not in names:
            known = ", ".join(dict.fromkeys([self.name(self._default), *names]))
            raise ApiError(
                f"model: expected one of {known}, found {model[:100]!r}. Name one of these, or "
                f"{AUTOMATIC}.",
                status=HTTPStatus.NOT_FOUND,
                code="model_not_found",
                param="model",
            )
        return model

    def name(self, bundle: str) -> str:
        """The name of a bundle that is given by name or folder."""
        manifest = self.manifest(bundle)
        return chosen_name(bundle) if manifest is None else manifest.name

    def takes_system(self, bundle: str) -> bool:
        """Whether it has a place for a system message."""
        manifest = self.manifest(bundle)
        return manifest is None or bool(manifest.template.system_open)

    def manifest(self, bundle: str) -> Manifest | None:
        """Its manifest; None where it cannot be read."""
        with contextlib.suppress(KnownError):
            return read_manifest(find_bundle(bundle))
        return None

    def listed(self, state: EngineState, n_ctx: int) -> list[dict[str, Any]]:
        """What `GET /v1/models` tells, the default first.

        Args:
            state: of the engine, which tells what is open.
            n_ctx: positions of the context that is allocated; 0 where none is.
        """
        names = dict.fromkeys([self._default, *(entry.name for entry in list_bundles())])
        told: dict[str, dict[str, Any]] = {}
        for bundle in names:
            manifest = self.manifest(bundle)
            if manifest is not None:
                loaded = n_ctx if manifest.name == state.bundle else 0
                told.setdefault(manifest.name, _told(manifest, loaded))
        return list(told.values())


def _told(manifest: Manifest, n_ctx: int) -> dict[str, Any]:
    return {
        "id": manifest.name,
        "object": "model",
        "created": 0,
        "owned_by": "medley",
        "context_length": n_ctx or None,
        "max_context_length": manifest.language_model.n_ctx,
        "state": "loaded" if n_ctx else "not-loaded",
        "meta": {"n_ctx": n_ctx or None},
        "title": manifest.title,
        "modalities": {
            "input": ["text", "image", "audio", "video", "document"],
            "output": ["text", *manifest.signals],
        },
    }
