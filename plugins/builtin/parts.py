"""The loaded components of one decoder: those of every rendering, and those of captions alone.

Knows the decoder's folder and the row of its pipeline; knows no condition.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import torch  # noqa: TID253

from plugins.api import Stage
from plugins.builtin import calls, loading
from plugins.builtin.text import Models
from plugins.errors import KnownError
from plugins.pipelines import Pipeline


class Parts:
    """Loads components and leases them from the stage."""

    def __init__(
        self,
        renderer: str,
        folder: Path,
        row: Pipeline,
        index: Mapping[str, Any],
        without: Collection[str] = (),
    ) -> None:
        """`renderer` is the id that leases are told under; `index` is the `model_index.json`;
        components `without` are made by the renderer itself."""
        self._renderer = renderer
        self._folder = folder
        self._row = row
        self._without = without
        listed = [name for name, entry in index.items() if isinstance(entry, list)]
        self._decoding = tuple(name for name in listed if name not in row.text)
        self._sizes: dict[tuple[str, ...], int] = {}

    def lease(self, stage: Stage, extra: Callable[[str], Models]) -> AbstractContextManager[Models]:
        """The models of every rendering, with what the renderer makes itself for a device.

        Raises:
            KnownError: a component is missing or broken.
        """
        key = f"{self._renderer} {self._folder}"

        def load() -> Models:
            return calls.joined(self.load(stage.device, self._decoding)) | extra(stage.device)

        return stage.lease(key, load, self._size(stage.device, self._decoding))

    def lease_text(self, stage: Stage) -> AbstractContextManager[Models]:
        """The models that only captions need.

        Raises:
            KnownError: a component is missing or broken.
        """
        key, wanted = f"{self._renderer} {self._folder} text", self._row.text
        size = self._size(stage.device, wanted)
        return stage.lease(key, lambda: self.load(stage.device, wanted), size)

    def load(self, device: str, wanted: Collection[str]) -> Models:
        """Some components, ready to be used on a device; with the denoiser, all have its type of
        numbers where the pipeline expects that.

        Raises:
            KnownError: one is missing or broken.
        """
        components, kind = self._components(wanted), None
        if self._row.denoiser in components:
            kind = loading.precision(self._folder, self._row.denoiser, device)
        return {
            name: loading.load_component(self._folder, name, cls, device, self._kind(name, kind))
            for name, cls in components.items()
        }

    def _kind(self, name: str, kind: torch.dtype | None) -> torch.dtype | None:
        return None if name == "vae" and self._row.own_precision else kind

    def _components(self, wanted: Collection[str]) -> dict[str, type]:
        """The classes of the wanted components, by name."""
        listed = loading.components_of(self._folder, self._without)
        needed = set(self._row.needed) & {*wanted, self._row.denoiser, *self._row.others}
        if missing := needed - {*listed, *self._without}:
            raise KnownError(
                "{id}: expected {folder} to list {missing}, found no such entry; copy the "
                "decoder again.",
                id=self._renderer,
                folder=self._folder / "model_index.json",
                missing=", ".join(sorted(missing)),
            )
        return {name: cls for name, cls in listed.items() if name in wanted}

    def _size(self, device: str, wanted: tuple[str, ...]) -> int:
        key = (device, *wanted)
        if key not in self._sizes:
            components = self._components(wanted)
            self._sizes[key] = loading.resident_bytes(self._folder, components, device)
        return self._sizes[key]
