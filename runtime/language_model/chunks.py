"""Chunks of a prompt: token ids, and media as embedding blocks. Knows no llama.cpp.

Legend: N cells of one medium, D the width of the language model's input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]

Cell = int | tuple[str, int, int, int]
"""The content of one position of the context: a token id, or (key, index, N, span) of a medium's
embedding."""


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
class Placing:
    """Rotary coordinates of a medium whose embeddings do not lie in a row (M-RoPE): those of a
    picture have a line and a column each, and all of them one time."""

    coordinates: Int32
    """[4, N] of a medium that begins at 0."""
    moving: Int32
    """[4, N] 1 for what grows with the place at which the medium begins, 0 for the rest."""
    span: int
    """By how much what follows the medium lies behind its beginning."""

    def at(self, begin: int) -> Int32:
        """[4, N] coordinates of a medium that begins at `begin`."""
        return self.coordinates + begin * self.moving


@dataclass(frozen=True, eq=False)
class MediaChunk:
    """One medium, or one block of it, as embeddings."""

    key: str
    """Content hash of the medium: the same key means the same embeddings."""
    embeddings: Float32
    """[N, D]"""
    placing: Placing | None = None
    """None for embeddings that lie in a row, as tokens do."""
    causal: bool = True
    """False if each embedding attends to all of the block, which is then decoded in one call."""

    @property
    def positions(self) -> int:
        """Positions of the context it takes."""
        return len(self.embeddings)

    @property
    def span(self) -> int:
        """By how much what follows lies behind its beginning."""
        return self.positions if self.placing is None else self.placing.span

    def cells(self) -> list[Cell]:
        """The content of each of its positions."""
        return [(self.key, i, self.positions, self.span) for i in range(self.positions)]


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


def folded(cells: Sequence[Cell]) -> int:
    """By how much the rotary coordinate of what would follow `cells` is below their number: media
    that take more positions of the context than of their line. A medium that is not complete counts
    as if its embeddings lay in a row."""
    return sum(
        cell[2] - cell[3] for cell in cells if not isinstance(cell, int) and cell[1] == cell[2] - 1
    )
