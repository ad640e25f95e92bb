"""Broken GGUF files: flipped bytes of a sound file's head, and entries that say otherwise."""

from __future__ import annotations

import random
import struct

from runtime.language_model.gguf_head import GgufHead

_COUNTS = (0, 1, 2, 3, 5, 8, 16, 31, 63, 64, 65, 100, 128, 4096, 65_536, 2**31 - 1, 2**32 - 1)
_SIZES = (1, 2, 3, 8, 16, 32, 63, 64, 65, 128)
_KINDS = (0, 1, 8, 24, 26, 30)


def flipped(source: random.Random, data: bytes, head_bytes: int) -> bytes:
    """One to three bytes, or one number, of the head changed."""
    changed = bytearray(data)
    if source.random() < 0.6:
        for _ in range(source.randint(1, 3)):
            changed[source.randrange(head_bytes)] = source.randrange(256)
    else:
        code, size = source.choice((("<I", 4), ("<Q", 8)))
        struct.pack_into(code, changed, source.randrange(head_bytes - size), source.choice(_COUNTS))
    return bytes(changed)


def contradicting(source: random.Random, data: bytes, head: GgufHead) -> bytes:
    """A file that can be read, of which a setting or a tensor's entry is another."""
    changed = bytearray(data)
    if source.random() < 0.4:
        _change_setting(source, changed, head)
    else:
        _change_tensor(source, changed, head)
    return bytes(changed)


def _change_setting(source: random.Random, data: bytearray, head: GgufHead) -> None:
    key = source.choice([key for key in head.metadata if key.startswith("clip.")])
    at = _behind(data, key)
    if source.random() < 0.15:
        struct.pack_into("<I", data, at, source.choice((4, 5, 6)))
    elif head.kinds[key] == 4:
        struct.pack_into("<I", data, at + 4, source.choice(_COUNTS))
    elif head.kinds[key] == 6:
        struct.pack_into("<f", data, at + 4, source.choice((0.0, -1.0, float("nan"), 1e30)))
    elif head.kinds[key] == 7:
        data[at + 4] = 1 - data[at + 4]


def _change_tensor(source: random.Random, data: bytearray, head: GgufHead) -> None:
    name = source.choice(list(head.tensors))
    shape, at = head.tensors[name].shape, _behind(data, name) + 4
    draw = source.random()
    if draw < 0.3:
        struct.pack_into("<I", data, at + 8 * len(shape), source.choice(_KINDS))
    elif draw < 0.8:
        axis = source.randrange(len(shape))
        near = (shape[axis] + 1, max(shape[axis] - 1, 1), shape[axis] * 2)
        struct.pack_into("<Q", data, at + 8 * axis, source.choice((*_SIZES, *near)))
    else:
        begin = at - 4 - len(name)
        data[begin + source.randrange(len(name))] = ord(source.choice("abqvk01.w"))


def _behind(data: bytearray, name: str) -> int:
    text = struct.pack("<Q", len(name)) + name.encode()
    return data.index(text) + len(text)
