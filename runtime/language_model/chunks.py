"""Chunks of a prompt: token ids, and media as embedding blocks. Knows no llama.cpp.

Legend: N positions of one medium, D the language model's width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]

Cell = int | tuple[str, int, int]
"""The content of one position: a token id, or (key, index, N) of a medium's embedding."""


@dataclass(frozen=True)
class TokenChunk:
    """Token ids in a row."""

    ids: tuple[int, ...]

    @property
    def positions(self) -> int:
        """Positions of the context it takes."""
        return len(self.ids)

    def cells(self) -> list[Cell]:
        """The content of each of its positions."""
        return list(self.ids)


@dataclass(frozen=True, eq=False)
class MediaChunk:
    """One medium as the input projection made it."""

    key: str
    """Content hash of the medium: the same key means the same embeddings."""
    embeddings: Float32
    """[N, D]"""

    @property
    def positions(self) -> int:
        """Positions of the context it takes."""
        return len(self.embeddings)

    def cells(self) -> list[Cell]:
        """The content of each of its positions."""
        return [(self.key, i, self.positions) for i in range(self.positions)]


Chunk = TokenChunk | MediaChunk


def positions_of(chunks: Sequence[Chunk]) -> int:
    """Positions of the context that `chunks` take together."""
    return sum(chunk.positions for chunk in chunks)


def in_common(one: Sequence[Cell], other: Sequence[Cell]) -> int:
    """The number of leading entries that are the same in both."""
    least, most = 0, min(len(one), len(other))
    while least < most:  # whole slices are compared at once, which is many times faster
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def reusable(cached: Sequence[Cell], wanted: Sequence[Cell]) -> int:
    """The number of leading positions of `wanted` that need not be decoded again.

    Media count as a whole: one of which a part differs, or is missing, is decoded again. The last
    position, with the medium it may belong to, is always left over, since only a decoded position
    has logits.
    """
    shared = min(in_common(cached, wanted), len(wanted) - 1)
    cell = wanted[shared] if 0 <= shared < len(wanted) else 0
    return shared if isinstance(cell, int) else shared - cell[1]
