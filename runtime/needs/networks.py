"""The memory of networks in safetensors files, told from the heads of the files. Knows no torch."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from plugins.errors import KnownError

_FLOATS = frozenset({"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"})
_OTHERS = {"I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1}
_LARGEST_HEADER = 100 << 20
_STEMS = ("diffusion_pytorch_model", "model")
_VARIANTS = ("", ".fp16")
"""Names of weight files in diffusers and transformers, in the order in which they are taken."""
_TEXT = "text_encoder"
_UNUSED = ("safety_checker", "feature_extractor", "image_encoder")
"""Components of published pipelines that are never loaded."""


class Kind(StrEnum):
    """The type that a network computes in."""

    F32 = "F32"
    F16 = "F16"
    BF16 = "BF16"

    @property
    def size(self) -> int:
        """Bytes per number."""
        return 4 if self is Kind.F32 else 2


@dataclass(frozen=True)
class TensorEntry:
    """One tensor of a file."""

    count: int
    """Its numbers."""
    dtype: str
    """As safetensors has it: `F32`, `I64`..."""

    @property
    def floating(self) -> bool:
        """Whether its numbers are floating-point ones."""
        return self.dtype in _FLOATS

    def size(self, each: int) -> int:
        """Bytes once it is loaded, with so many for a floating-point number."""
        return self.count * (each if self.floating else _OTHERS[self.dtype])


def kind_of(found: Iterable[TensorEntry], device: str) -> Kind:
    """The type that a network computes in on a torch device.

    On a graphics card it is the half precision that most of its numbers are stored in; on a
    processor, which is slow with halves, and for everything else it is float32.
    """
    if device == "cpu":
        return Kind.F32
    counts: Counter[str] = Counter()
    for tensor in found:
        if tensor.floating:
            counts[tensor.dtype] += tensor.count
    (most, _), *_ = counts.most_common(1) or [("F32", 0)]
    return Kind(most) if most in (Kind.F16, Kind.BF16) else Kind.F32


def network_kind(path: Path, device: str) -> Kind:
    """The type that the network of a safetensors file computes in; see `kind_of`.

    Raises:
        KnownError: the file has no readable header.
    """
    return kind_of(tensors(path), device)


def network(path: Path, device: str = "cpu") -> int:
    """Bytes of a safetensors file's tensors once they are loaded on a device.

    Raises:
        KnownError: the file has no readable header.
    """
    return _bytes(tensors(path), device)


def decoder(folder: Path, device: str = "cpu", *, captions: bool = True) -> int:
    """Bytes of the networks of a decoder in diffusers' layout, as its renderer loads them: each in
    the type that `kind_of` tells; text encoders for `captions` alone.

    Raises:
        KnownError: a weight file is missing or has no readable header.
    """
    loaded = {
        name: files
        for name, files in _weights(folder).items()
        if captions or not name.startswith(_TEXT)
    }
    return sum(_bytes(_read(files), device) for files in loaded.values())


def decoder_kind(folder: Path, device: str) -> Kind:
    """The type that the largest network of a decoder computes in.

    Raises:
        KnownError: as `decoder`.
    """
    return kind_of(max(map(_read, _weights(folder).values()), key=_numbers, default=[]), device)


def weight_files(folder: Path) -> list[Path]:
    """The weight files of a decoder that are loaded."""
    return [file for files in _weights(folder).values() for file in files]


def tensors(path: Path) -> list[TensorEntry]:
    """The tensors of a safetensors file.

    Raises:
        KnownError: the file has no readable header.
    """
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 0 < length <= _LARGEST_HEADER:
                raise ValueError(f"a header of {length} bytes")
            header = msgspec.json.decode(file.read(length), type=dict[str, dict[str, object]])
        return [_entry(entry) for name, entry in header.items() if name != "__metadata__"]
    except (OSError, ValueError, KeyError, TypeError, msgspec.MsgspecError) as error:
        raise KnownError(
            "{path}: expected a safetensors file, found none that can be read ({error}). "
            "Install the bundle again.",
            path=path.name,
            error=error,
        ) from error


def _entry(entry: dict[str, object]) -> TensorEntry:
    shape, kind = msgspec.convert(entry["shape"], tuple[int, ...]), str(entry["dtype"])
    if kind not in _FLOATS and kind not in _OTHERS:
        raise ValueError(f"numbers of the kind {kind}")
    return TensorEntry(math.prod(shape), kind)


def _read(files: Iterable[Path]) -> list[TensorEntry]:
    return [tensor for file in files for tensor in tensors(file)]


def _bytes(found: Sequence[TensorEntry], device: str) -> int:
    each = kind_of(found, device).size
    return sum(tensor.size(each) for tensor in found)


def _numbers(found: Iterable[TensorEntry]) -> int:
    return sum(tensor.count for tensor in found)


def _weights(folder: Path) -> dict[str, list[Path]]:
    """Weight files by component; a component without any is no network."""
    parts = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    found = {part.name: _files(part) for part in parts if part.name not in _UNUSED}
    return {name: files for name, files in found.items() if files}


def _files(part: Path) -> list[Path]:
    for variant in _VARIANTS:
        for stem in _STEMS:
            file, index = part / f"{stem}{variant}.safetensors", part / _index_name(stem, variant)
            if file.is_file():
                return [file]
            if index.is_file():
                return _shards(index)
    return []


def _index_name(stem: str, variant: str) -> str:
    return f"{stem}.safetensors.index{variant}.json"


def _shards(index: Path) -> list[Path]:
    class Index(msgspec.Struct):
        weight_map: dict[str, str]

    try:
        named = msgspec.json.decode(index.read_bytes(), type=Index).weight_map.values()
    except (OSError, msgspec.MsgspecError) as error:
        raise KnownError(
            "{path}: expected a list of weight files, found none that can be read ({error}). "
            "Install the bundle again.",
            path=index.name,
            error=error,
        ) from error
    return [index.parent / Path(name).name for name in sorted(set(named))]
