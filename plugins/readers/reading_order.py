"""Puts pieces of text on a page into the order in which a person reads them. Knows boxes only.

Pieces beside each other make a line; lines go from top to bottom. Where a clear gutter parts two
blocks of prose, the left one is read to its end first; narrow pieces (prices, numbers, labels) stay
in the line of what they belong to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in one unit for both directions."""

_SAME_LINE = 0.5
"""Share of the lower piece's height by which pieces of one line overlap."""
_PROSE = 8.0
"""Width of a line of prose, in heights."""
_GUTTER = 0.8
"""Width of the gap between columns, in heights."""
_FEWEST_LINES = 2
"""The fewest lines of a column."""
_WIDE_GAP = 1.5
"""The width of a gap within a line, in heights, from which on it is kept visible."""


@dataclass(frozen=True)
class Piece:
    """A piece of text where it was found."""

    text: str
    confidence: float
    box: Box

    @property
    def height(self) -> float:
        """The height from top to bottom."""
        return self.box[3] - self.box[1]


def in_order(pieces: Sequence[Piece]) -> list[Piece]:
    """The lines of a page in reading order, each joined from its pieces."""
    rows = _rows(pieces)
    lines: list[Piece] = []
    at = 0
    while at < len(rows):
        end, columns = _columns(rows, at)
        if columns:
            for column in columns:
                lines += in_order(column)
            at = end
        else:
            lines.append(_joined(rows[at]))
            at += 1
    return lines


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces by the line on which they stand, each from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: (one.box[1] + one.box[3], one.box[0])):
        if rows and _beside(rows[-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda one: one.box[0]) for row in rows]


def _beside(row: list[Piece], piece: Piece) -> bool:
    for other in row:
        overlap = min(other.box[3], piece.box[3]) - max(other.box[1], piece.box[1])
        if overlap < _SAME_LINE * min(other.height, piece.height):
            return False
        if min(other.box[2], piece.box[2]) - max(other.box[0], piece.box[0]) > piece.height / 2:
            return False  # One stands above the other, however close.
    return True


def _columns(rows: list[list[Piece]], start: int) -> tuple[int, list[list[Piece]]]:
    """The row after the longest run of rows from `start` that a gutter parts, and the columns."""
    best: tuple[int, list[list[Piece]]] = (start, [])
    for end in range(start + _FEWEST_LINES, len(rows) + 1):
        pieces = [piece for row in rows[start:end] for piece in row]
        found = _parted(pieces)
        if found:
            best = (end, found)
        elif best[1]:
            break
    return best


def _parted(pieces: list[Piece]) -> list[list[Piece]]:
    """Two blocks of prose beside each other; empty where there is no gutter or no prose."""
    height = median(piece.height for piece in pieces)
    ordered = sorted(pieces, key=lambda one: one.box[0])
    reach = ordered[0].box[2]
    for number in range(1, len(ordered)):
        if ordered[number].box[0] - reach > _GUTTER * height:
            sides = [ordered[:number], ordered[number:]]
            if all(_is_prose(side, height) for side in sides):
                return sides
        reach = max(reach, ordered[number].box[2])
    return []


def _is_prose(side: list[Piece], height: float) -> bool:
    if len(side) < _FEWEST_LINES:
        return False
    return median(piece.box[2] - piece.box[0] for piece in side) > _PROSE * height


def _joined(row: list[Piece]) -> Piece:
    """One line from its pieces; a wide gap shows as several blanks."""
    text = row[0].text
    for before, piece in pairwise(row):
        wide = piece.box[0] - before.box[2] > _WIDE_GAP * piece.height
        text += ("    " if wide else " ") + piece.text
    size = sum(len(piece.text) for piece in row) or 1
    confidence = sum(piece.confidence * len(piece.text) for piece in row) / size
    lefts, tops, rights, bottoms = zip(*(piece.box for piece in row), strict=True)
    return Piece(text, confidence, (min(lefts), min(tops), max(rights), max(bottoms)))
