"""The decoders that NExT-GPT was trained to drive, as folders of a bundle: Stable Diffusion 1.5,
ZeroScope v2 576w and AudioLDM.

Weights are copied, or made into safetensors bit for bit where there are pickles only; float16 is
taken where there is a choice. Knows diffusers' folders; loads no network.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.errors import KnownError, phrase
from runtime.media import shown
from training.importing.safetensors_writer import write_tensors
from training.importing.sizes import Sizes
from training.importing.tensors import TensorFiles

INDEX = "model_index.json"
PIPELINES = {
    "image": "StableDiffusionPipeline",
    "video": "TextToVideoSDPipeline",
    "audio": "AudioLDMPipeline",
}
PARTS = {
    "image": ("unet", "vae", "text_encoder", "tokenizer", "scheduler"),
    "video": ("unet", "vae", "text_encoder", "tokenizer", "scheduler"),
    "audio": ("unet", "vae", "text_encoder", "tokenizer", "scheduler", "vocoder"),
}
"""Components that a renderer loads."""
_WITHOUT_WEIGHTS = ("tokenizer", "scheduler")
_STEMS = ("diffusion_pytorch_model", "model", "pytorch_model")
_ORDER = (".fp16.safetensors", ".safetensors", ".fp16.bin", ".bin")
"""What is taken where there are several."""
_SMALL = frozenset({".json", ".txt", ".model"})
"""Suffixes of what is copied beside the weights."""
_LARGEST = 64 << 20
"""Bytes of a file that is no weights."""


@dataclass(frozen=True)
class Decoder:
    """A decoder whose files were chosen."""

    modality: str
    folder: Path
    weights: Mapping[str, Path]
    """By component."""
    small: tuple[Path, ...]
    """Settings and vocabularies."""
    left_out: tuple[str, ...]
    """Components that nobody loads, such as the safety checker."""

    @property
    def files(self) -> tuple[Path, ...]:
        """All that is read."""
        return (self.folder / INDEX, *self.small, *self.weights.values())


def open_decoder(modality: str, folder: Path, sizes: Sizes) -> Decoder:
    """A decoder of the kind that the checkpoint drives.

    Raises:
        KnownError: it is none, lacks a component, or takes conditions of another shape.
    """
    index = _json(folder / INDEX, folder)
    if (found := index.get("_class_name")) != PIPELINES[modality]:
        raise KnownError(
            "{folder}: expected a {wanted} in diffusers' layout, found {found}. Give the folder of "
            "the model that NExT-GPT names.",
            folder=shown(folder),
            wanted=PIPELINES[modality],
            found=found or phrase("no pipeline"),
        )
    parts = PARTS[modality]
    if missing := [part for part in parts if not (folder / part).is_dir()]:
        raise KnownError(
            "{folder}: expected the components {parts}, found no {missing}. Get the model again.",
            folder=shown(folder),
            parts=", ".join(parts),
            missing=", ".join(missing),
        )
    _check_condition(modality, folder, sizes)
    weights = {part: _weights(folder / part) for part in parts if part not in _WITHOUT_WEIGHTS}
    small = tuple(
        file
        for part in parts
        for file in sorted((folder / part).iterdir())
        if file.is_file() and file.suffix in _SMALL and not file.name.endswith(".index.json")
    )
    if large := next((file for file in small if file.stat().st_size > _LARGEST), None):
        raise KnownError(
            "{file}: expected settings or a vocabulary, found a file of {size} bytes. Get the "
            "model again.",
            file=shown(large),
            size=large.stat().st_size,
        )
    others = tuple(
        name
        for name, value in index.items()
        if isinstance(value, list) and any(value) and name not in parts
    )
    return Decoder(modality, folder, weights, small, others)


def written_bytes(decoder: Decoder) -> int:
    """Bytes of what is written, about."""
    return sum(file.stat().st_size for file in decoder.files)


def write_decoder(target: Path, decoder: Decoder, tell: Callable[[int], None]) -> None:
    """Write the decoder into the folder `target`.

    Raises:
        KnownError: a file of weights cannot be read.
    """
    target.mkdir(parents=True, exist_ok=True)
    for file in decoder.small:
        inside = target / file.relative_to(decoder.folder)
        inside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, inside)
        tell(file.stat().st_size)
    for part, file in decoder.weights.items():
        (target / part).mkdir(parents=True, exist_ok=True)
        tensors = TensorFiles([file])
        planned = {name: (tensors.dtype(name), shape) for name, shape in tensors.shapes.items()}
        write_tensors(target / part / _plain_name(file), planned, tensors.get, tell)
    index = _json(decoder.folder / INDEX, decoder.folder)
    kept = {name: value for name, value in index.items() if name not in decoder.left_out}
    (target / INDEX).write_text(json.dumps(kept, indent=2) + "\n", "utf-8")


def _plain_name(file: Path) -> str:
    """Its name as safetensors, without a variant."""
    stem = next(stem for stem in _STEMS if file.name.startswith(f"{stem}."))
    return f"{'model' if stem == 'pytorch_model' else stem}.safetensors"


def _weights(part: Path) -> Path:
    for suffix in _ORDER:
        for stem in _STEMS:
            if (part / f"{stem}{suffix}").is_file():
                return part / f"{stem}{suffix}"
    raise KnownError(
        "{part}: expected its weights in one file, as safetensors or .bin, found none. Get the "
        "model again.",
        part=shown(part),
    )


def _check_condition(modality: str, folder: Path, sizes: Sizes) -> None:
    """By what its settings say, since mirrors have any name."""
    unet = _json(folder / "unet" / "config.json", folder)
    wanted = sizes.conditions[modality]
    key = "cross_attention_dim"
    if modality == "audio":
        key = "projection_class_embeddings_input_dim"
    found = [unet.get(key)]
    if len(wanted) == 2:
        text = _json(folder / "text_encoder" / "config.json", folder)
        found = [text.get("max_position_embeddings"), unet.get(key)]
    if found != list(wanted):
        raise KnownError(
            "{folder}: expected a decoder that takes conditions of the shape {wanted}, for which "
            "NExT-GPT was trained, found {found}. Give the folder of the model that it names.",
            "bundle",
            folder=shown(folder),
            wanted=list(wanted),
            found=found,
        )


def _json(file: Path, folder: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _LARGEST:
            raise ValueError("it is too large")
        found = json.loads(file.read_text("utf-8"))
        if not isinstance(found, dict):
            raise ValueError("it holds no settings")
        return found
    except (OSError, ValueError) as error:
        raise KnownError(
            "{folder}: expected a decoder in diffusers' layout, found that {file} cannot be read "
            "({error}). Get the model again.",
            folder=shown(folder),
            file=file.name,
            error=error,
        ) from error
