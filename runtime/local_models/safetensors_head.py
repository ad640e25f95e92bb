"""The head of a safetensors file: which tensors it holds, and whether it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from plugins.regular_files import open_regular
from runtime.local_models.found import NotAModelError
from runtime.local_models.heads import unreadable

LARGEST_HEADER: Final = 32 << 20
"""Bytes; the largest models have some ten million."""


@dataclass(frozen=True)
class TensorPlace:
    """Where a tensor lies in its file."""

    dtype: str
    """As safetensors has it: `F32`, `BF16`..."""
    shape: tuple[int, ...]
    begin: int
    """The byte of the file at which it begins."""


class _Entry(msgspec.Struct):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


def tensor_names(path: Path) -> frozenset[str]:
    """The names of the tensors in a whole file; raises as `tensor_shapes`."""
    return frozenset(tensor_shapes(path))


def tensor_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The shapes of the tensors in a whole file, by their names.

    Raises:
        NotAModelError: it cannot be read, is no safetensors file, or ends too early.
    """
    return {name: place.shape for name, place in tensor_places(path).items()}


def tensor_places(path: Path) -> Mapping[str, TensorPlace]:
    """Where each tensor lies in a whole file, by its name.

    Raises:
        NotAModelError: as `tensor_shapes`.
    """
    header, size, found = _header(path)
    try:
        raw = msgspec.json.decode(header, type=dict[str, msgspec.Raw])
        raw.pop("__metadata__", None)
        entries = {name: _entry(one) for name, one in raw.items()}
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _broken(path) from error
    expected = 8 + size + max((one.data_offsets[1] for one in entries.values()), default=0)
    if found < expected:
        raise NotAModelError(
            "{path}: expected {expected} bytes, found {found}: it was not copied or downloaded to "
            "its end. Get it again.",
            path=path,
            expected=expected,
            found=found,
        )
    return {
        name: TensorPlace(one.dtype, tuple(one.shape), 8 + size + one.data_offsets[0])
        for name, one in entries.items()
    }


def _header(path: Path) -> tuple[bytes, int, int]:
    """The header, its length, and the file's."""
    try:
        with open_regular(path) as file:
            size = int.from_bytes(file.read(8), "little")
            if not 2 <= size <= LARGEST_HEADER:
                raise _broken(path)
            header = file.read(size)
            return header, size, file.seek(0, 2)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def _entry(raw: msgspec.Raw) -> _Entry:
    entry = msgspec.json.decode(raw, type=_Entry)
    begin, end = entry.data_offsets
    if not 0 <= begin <= end:
        raise ValueError
    return entry


def _broken(path: Path) -> NotAModelError:
    return NotAModelError(
        "{path}: expected weights as safetensors, found something else under this name. Get the "
        "file again from its source.",
        path=path,
    )
