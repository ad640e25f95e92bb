"""What a model in ONNX takes, and whether its file is whole, by the lengths of its parts.

ONNX files are messages of protobuf: each part has a number and a length, so what is not asked for
is skipped without being read.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Final

from plugins.regular_files import open_regular
from runtime.local_models.found import NotAModelError
from runtime.local_models.heads import unreadable

_GRAPH, _INPUT, _NAME = 7, 11, 1
"""Numbers of the parts: of the model, of its graph, of an input."""
_SIZES: Final = {1: 8, 5: 4}
"""Bytes of the values that have a fixed length, by type."""
_MAX_PARTS: Final = 1_000_000
_MAX_NAME: Final = 256


class _Foreign(Exception):  # noqa: N818  (control flow within this module)
    """Bytes that are no message of protobuf, or not a whole one."""


def input_names(path: Path) -> frozenset[str]:
    """The names of what a model in ONNX takes.

    Raises:
        NotAModelError: it cannot be read, is no ONNX file, or ends too early.
    """
    try:
        with open_regular(path) as file:
            size = file.seek(0, 2)
            file.seek(0)
            return frozenset(_inputs(file, size))
    except _Foreign as error:
        raise NotAModelError(
            "{path}: expected a model in ONNX, found a file that is none, or not to its end. Get "
            "it again from its source.",
            path=path,
        ) from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def _inputs(file: BufferedReader, size: int) -> Iterator[str]:
    for number, length in _parts(file, size):
        if number == _GRAPH:
            for inner, its_length in _parts(file, file.tell() + length):
                if inner == _INPUT:
                    yield _name(file, file.tell() + its_length)


def _name(file: BufferedReader, end: int) -> str:
    for number, length in _parts(file, end):
        if number == _NAME and length <= _MAX_NAME:
            name = file.read(length).decode("utf-8", "replace")
            file.seek(end)
            return name
    return ""


def _parts(file: BufferedReader, end: int) -> Iterator[tuple[int, int]]:
    """The parts up to a place, as number and length; whoever takes one may read it."""
    for _ in range(_MAX_PARTS):
        if file.tell() >= end:
            break
        key = _varint(file)
        kind, length = key & 7, 0
        if kind == 0:
            _varint(file)
        elif kind == 2:
            length = _varint(file)
        elif kind in _SIZES:
            length = _SIZES[kind]
        else:
            raise _Foreign
        after = file.tell() + length
        if after > end or key >> 3 == 0:
            raise _Foreign
        if kind == 2:
            yield key >> 3, length
        file.seek(after)
    if file.tell() != end:
        raise _Foreign


def _varint(file: BufferedReader) -> int:
    value = 0
    for shift in range(0, 64, 7):
        byte = file.read(1)
        if not byte:
            raise _Foreign
        value |= (byte[0] & 127) << shift
        if byte[0] < 128:
            return value
    raise _Foreign
