"""The encoder and the renderers of a run: found and checked before anything trains.

Knows bundles, decoder folders and plugins; knows no language model and no training.

Legend: [*C] a decoder's condition.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from plugins.api import Decoder, Float32, Renderer
from plugins.errors import KnownError
from plugins.manifest import Discovery, RendererManifest, discover, load
from runtime.bundle.bundle import Bundle, find_bundle, read_manifest
from runtime.bundle.checks import MANIFEST_FILE
from runtime.encoder.config import EncoderConfig
from runtime.encoder.model import ImageBindEncoder, load_encoder
from runtime.media import shown

TRIED_CAPTION = "a red circle"
"""The caption that each renderer is asked for once, to learn the shape of its conditions."""


@dataclass(frozen=True)
class EncoderPart:
    """An encoder's settings and its weights."""

    config: EncoderConfig
    file: Path

    def load(self) -> ImageBindEncoder:
        """The encoder, frozen.

        Raises:
            KnownError: its tensors are not those of its settings.
        """
        return load_encoder(self.config, self.file)


@dataclass(frozen=True)
class RendererPart:
    """A renderer, where its weights are, and what it asks of a condition."""

    manifest: RendererManifest
    folder: Path | None
    """Its decoder; None for a renderer that brings all it needs."""
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def modality(self) -> str:
        """The modality that it makes."""
        return self.manifest.modality

    def made(self) -> Renderer:
        """The renderer itself.

        Raises:
            KnownError: its plugin is off or broken, or its decoder is.
        """
        cls = load(self.manifest)
        if self.folder is None and self.manifest.pipelines:
            raise KnownError(
                f"renderer {self.manifest.id}: expected the folder of its decoder, found none; "
                f"give --renderer {self.manifest.id}=FOLDER, or the folder alone."
            )
        decoder = Decoder(self.folder or Path(), "training", settings=self.settings)
        return cls(decoder)


def find_encoder(named: str) -> EncoderPart:
    """The encoder of a bundle, or of a folder with `config.json` and `encoder.safetensors`.

    Raises:
        KnownError: neither, or the settings are none.
    """
    folder = Path(named).expanduser()
    if (folder / "config.json").is_file():
        try:
            table = json.loads((folder / "config.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise KnownError(
                f"encoder {shown(folder)}: config.json cannot be read ({error}); copy it again."
            ) from error
        return EncoderPart(EncoderConfig.from_table(table), folder / "encoder.safetensors")
    bundle = Bundle.open(find_bundle(named), verify="size")
    spec = bundle.manifest.encoder
    if spec is None:
        raise KnownError(
            f"encoder: bundle {bundle.name} has none; name a bundle that takes in media, or leave "
            "--encoder out."
        )
    return EncoderPart(EncoderConfig.from_table(spec.config), bundle.path(spec.file))


def find_renderers(named: Sequence[str], enabled: Collection[str]) -> dict[str, RendererPart]:
    """The renderers by modality.

    Raises:
        KnownError: unknown, off, without its decoder, or two of one modality.
    """
    found = discover(enabled)
    parts: dict[str, RendererPart] = {}
    for name in named:
        part = find_renderer(name, found)
        if part.modality in parts:
            raise KnownError(
                f"--renderer {name}: {part.modality} already has {parts[part.modality].manifest.id}"
                "; name one renderer for each modality."
            )
        parts[part.modality] = part
    return parts


def find_renderer(named: str, found: Discovery) -> RendererPart:
    """A renderer from its id, its decoder's folder, or `id=folder`.

    Raises:
        KnownError: it is none of these.
    """
    known = {r.id: r for plugin in found.plugins for r in plugin.renderers}
    name, _, place = named.partition("=")
    if name in known:
        folder = Path(place).expanduser().resolve() if place else None
        if folder is not None and not folder.is_dir():
            raise KnownError(f"--renderer {named}: {shown(folder)} is no folder; check the path.")
        return RendererPart(known[name], folder, _settings(folder))
    folder = Path(named).expanduser()
    if not (folder / "model_index.json").is_file():
        problems = "; ".join(problem.what for problem in found.problems)
        raise KnownError(
            f"--renderer {named}: expected a renderer's id ({', '.join(sorted(known))}), or a "
            f"folder with a decoder (model_index.json), found neither. {problems}".strip()
        )
    return RendererPart(_for_pipeline(folder, known.values()), folder.resolve(), _settings(folder))


def targets_of(renderer: Renderer, captions: Sequence[str]) -> Float32:
    """[len(captions), *C]: the renderer's condition targets, looked at before they are believed.

    Raises:
        KnownError: they are not such an array, or the renderer failed.
    """
    try:
        found = renderer.condition_targets(captions)
    except KnownError:
        raise
    except Exception as error:  # a plugin's own code may raise anything
        raise KnownError(
            f"renderer {renderer.id}: its text encoder failed ({type(error).__name__}: {error})."
        ) from error
    array = np.asarray(found)
    fits = array.dtype.kind == "f" and array.ndim in (2, 3) and len(array) == len(captions)
    if not fits or not array.size or not np.isfinite(array).all():
        raise KnownError(
            f"renderer {renderer.id}: expected finite condition targets of one or two axes for "
            f"each of {len(captions)} captions, found {array.dtype} of shape {list(array.shape)}; "
            "the plugin is broken."
        )
    return array.astype(np.float32)


def condition_shape(renderer: Renderer) -> tuple[int, ...]:
    """C, from one caption.

    Raises:
        KnownError: as `targets_of`.
    """
    return targets_of(renderer, [TRIED_CAPTION]).shape[1:]


def _for_pipeline(folder: Path, known: Collection[RendererManifest]) -> RendererManifest:
    """The renderer that drives the pipeline of a decoder's folder."""
    try:
        index = json.loads((folder / "model_index.json").read_text("utf-8"))
        pipeline = index["_class_name"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnownError(
            f"decoder {shown(folder)}: model_index.json names no pipeline ({error}); copy the "
            "decoder again."
        ) from error
    for manifest in known:
        if manifest.enabled and pipeline in manifest.pipelines:
            return manifest
    raise KnownError(
        f"decoder {shown(folder)}: no renderer drives a {pipeline}; known are "
        f"{', '.join(sorted(m.id for m in known))}. Install a plugin for it."
    )


def _settings(folder: Path | None) -> dict[str, Any]:
    """The settings from the bundle that contains a decoder's folder; empty outside a bundle."""
    if folder is None:
        return {}
    for above in folder.resolve().parents:
        if (above / MANIFEST_FILE).is_file():
            for signal in read_manifest(above).signals.values():
                if signal.decoder and (above / signal.decoder).resolve() == folder.resolve():
                    return dict(signal.settings)
    return {}
