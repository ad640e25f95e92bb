"""The head of a safetensors file: which tensors it holds, and whether it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from plugins.regular_files import open_regular
from runtime.local_models.found import NotAModelError
from runtime.local_models.heads import unreadable

LARGEST_HEADER: Final = 32 << 20
"""Bytes; the largest models have some ten million."""


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
    header, size, found = _header(path)
    try:
        parts = msgspec.json.decode(header, type=dict[str, msgspec.Raw])
        parts.pop("__metadata__", None)
        entries = {name: msgspec.json.decode(part, type=_Entry) for name, part in parts.items()}
        ends = [_end(entry) for entry in entries.values()]
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _broken(path) from error
    expected = 8 + size + max(ends, default=0)
    if found < expected:
        raise NotAModelError(
            "{path}: expected {expected} bytes, found {found}: it was not copied or downloaded to "
            "its end. Get it again.",
            path=path,
            expected=expected,
            found=found,
        )
    return {name: tuple(entry.shape) for name, entry in entries.items()}


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


def _end(entry: _Entry) -> int:
    begin, end = entry.data_offsets
    if not 0 <= begin <= end:
        raise ValueError
    return end


def _broken(path: Path) -> NotAModelError:
    return NotAModelError(
        "{path}: expected weights as safetensors, found something else under this name. Get the "
        "file again from its source.",
        path=path,
    )
