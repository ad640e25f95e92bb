"""Spoils true files in a thousand ways, the same ones for the same seed."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Callable
from typing import Any

HEAD = 4096
"""Bytes at the begin of a file in which most changes are made."""
_EXTREMES = (0, 1, 0xFF, 2**15, 2**31 - 1, 2**31, 2**32 - 1, 2**62, 2**63 - 1, 2**63, 2**64 - 1)
_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 2**70, 1e308, "", "../../../etc/passwd", "x" * 5000, "\0\n\u202e", [], {},
    [None], ["diffusers"], [["a", "b"]], {"a": {"b": []}},
)  # fmt: skip


def spoiled(data: bytes, source: random.Random) -> bytes:
    """A file with one to three things wrong with it."""
    for _ in range(source.randint(1, 3)):
        data = source.choice(_CHANGES)(data, source)
    return data


def spoiled_json(text: str, source: random.Random) -> bytes:
    """A JSON text that says something else, or one that is none."""
    if source.random() < 0.3:
        return spoiled(text.encode(), source)
    found = json.loads(text)
    for _ in range(source.randint(1, 3)):
        found = _changed(found, source)
    return json.dumps(found).encode()


def _changed(value: Any, source: random.Random) -> Any:
    """A value with something in it replaced, taken away or doubled."""
    if isinstance(value, dict) and value and source.random() < 0.85:
        key = source.choice(list(value))
        if source.random() < 0.2:
            return {name: kept for name, kept in value.items() if name != key}
        if source.random() < 0.2:
            return {**value, str(source.choice(_VALUES)): value[key]}
        return {**value, key: _changed(value[key], source)}
    if isinstance(value, list) and value and source.random() < 0.7:
        at = source.randrange(len(value))
        return [*value[:at], _changed(value[at], source), *value[at + 1 :]]
    return source.choice(_VALUES)


def _place(data: bytes, source: random.Random) -> int:
    return source.randrange(max(1, min(len(data), HEAD)))


def _flip(data: bytes, source: random.Random) -> bytes:
    at = _place(data, source)
    return data[:at] + bytes([source.randrange(256)]) + data[at + 1 :]


def _number(data: bytes, source: random.Random) -> bytes:
    """A number of four or eight bytes that no honest file has."""
    code = source.choice(("<I", "<Q"))
    value = source.choice(_EXTREMES) % 2 ** (8 * struct.calcsize(code))
    at = _place(data, source)
    return data[:at] + struct.pack(code, value) + data[at + struct.calcsize(code) :]


def _cut(data: bytes, source: random.Random) -> bytes:
    return data[: source.randrange(len(data) + 1)]


def _insert(data: bytes, source: random.Random) -> bytes:
    at = _place(data, source)
    return data[:at] + source.randbytes(source.randint(1, 40)) + data[at:]


def _double(data: bytes, source: random.Random) -> bytes:
    at, end = sorted((_place(data, source), _place(data, source)))
    return data[:end] + data[at:end] + data[end:]


def _swap(data: bytes, source: random.Random) -> bytes:
    first, second, third = sorted(_place(data, source) for _ in range(3))
    return data[:first] + data[second:third] + data[first:second] + data[third:]


_CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _flip, _number, _number, _cut, _insert, _double, _swap,
)  # fmt: skip
