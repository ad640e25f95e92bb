"""SentencePiece's `tokenizer.model`: pieces, scores and types, and how texts are normalised.

Reads the few fields of its protocol buffer that a GGUF needs; knows no model.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plugins.errors import KnownError
from runtime.media import shown

_LARGEST = 64 << 20
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_BPE = 2


@dataclass(frozen=True)
class Pieces:
    """A vocabulary of SentencePiece's kind by id."""

    tokens: tuple[str, ...]
    scores: tuple[float, ...]
    types: tuple[int, ...]
    """As GGUF numbers them, which is as SentencePiece does."""

    def first(self, count: int) -> Pieces:
        """Those with the lowest ids."""
        return Pieces(self.tokens[:count], self.scores[:count], self.types[:count])


def read_pieces(file: Path) -> Pieces:
    """The vocabulary of a `tokenizer.model`.

    Raises:
        KnownError: it is none, or joins letters in another way than llama.cpp does.
    """
    try:
        if file.stat().st_size > _LARGEST:
            raise ValueError("it is too large")
        return _parsed(file.read_bytes())
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise KnownError(
            "{file}: expected LLaMA's tokenizer.model, as SentencePiece writes it, found one that "
            "cannot be read ({error}). Copy it again.",
            file=shown(file),
            error=error,
        ) from error


def _parsed(data: bytes) -> Pieces:
    tokens, scores, types = [], [], []
    for number, value in _fields(data):
        if number == 1 and isinstance(value, bytes):
            piece = dict(_fields(value))
            text = piece.get(1, b"")
            if not isinstance(text, bytes):
                raise ValueError("a piece is no text")
            tokens.append(text.decode("utf-8"))
            scores.append(float(piece.get(2, 0.0)))
            types.append(int(piece.get(3, 1)))
        elif number == 2 and isinstance(value, bytes):
            kind = dict(_fields(value)).get(3, 1)
            if kind != _BPE:
                raise ValueError(f"its model type is {kind!r}, not BPE")
        elif number == 3 and isinstance(value, bytes):
            _check_normalisation(dict(_fields(value)))
    if not tokens:
        raise ValueError("it has no pieces")
    return Pieces(tuple(tokens), tuple(scores), tuple(types))


def _check_normalisation(spec: dict[int, bytes | float | int]) -> None:
    """llama.cpp puts a blank before a text and changes nothing else."""
    for number, name, expected in (
        (3, "add_dummy_prefix", 1),
        (4, "remove_extra_whitespaces", 0),
        (5, "escape_whitespaces", 1),
    ):
        if (found := spec.get(number, 1)) != expected:
            raise ValueError(f"{name} is {found!r}, not {expected}")


def _fields(data: bytes) -> Iterator[tuple[int, bytes | float | int]]:
    """Numbers and values of a message's fields."""
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        kind, number = key & 7, key >> 3
        if kind == _VARINT:
            value, place = _varint(data, place)
            yield number, value
        elif kind == _FIXED32:
            yield number, struct.unpack_from("<f", data, place)[0]
            place += 4
        elif kind == _FIXED64:
            place += 8
        elif kind == _BYTES:
            length, place = _varint(data, place)
            if place + length > len(data):
                raise ValueError("it is cut short")
            yield number, data[place : place + length]
            place += length
        else:
            raise ValueError(f"a field of type {kind}")


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
        if shift > 63:
            raise ValueError("a number is too long")
