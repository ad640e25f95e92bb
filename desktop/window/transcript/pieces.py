"""Cuts long texts into pieces that a screen lays out quickly. Knows characters, no Markdown, no Qt.

What lays text out takes far more than twice as long for a run of twice the length, so nothing that
is shown as one is longer than a piece. Nothing is lost: the pieces, one after the other, are the
text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

PIECE = 4_000
"""Characters of a piece, about."""
LINES = 120
"""Lines of a piece, at most."""
RARE = 8
"""How many letters one character weighs that is looked for in font after font, as emoji are."""
_JOINERS = ("\u200d", "\ufe0e", "\ufe0f")


def pieces(text: str, size: int = PIECE) -> Iterator[str]:
    """A text in pieces of at most `size` characters and `LINES` lines: cut at line ends where there
    are some, else at spaces, else between two characters that do not belong together."""
    begin = 0
    while begin < len(text):
        some = text[begin : begin + size]
        end = _end(text, begin, max(2, size * len(some) // weight(some)))
        yield text[begin:end]
        begin = end


def weight(text: str) -> int:
    """How many letters it takes as long to lay out."""
    return len(text) + (RARE - 1) * sum(character > "\uffff" for character in text)


def _end(text: str, begin: int, size: int) -> int:
    end = begin
    for _ in range(LINES):
        line = text.find("\n", end, begin + size)
        if line < 0:
            break
        end = line + 1
    else:
        return end
    if len(text) - begin <= size:
        return len(text)
    if end > begin:
        return end
    space = text.rfind(" ", begin + size // 2, begin + size)
    if space >= 0:
        return space + 1
    end = begin + size
    while begin + size // 2 < end < len(text) and _belongs(text[end - 1], text[end]):
        end -= 1
    return end


def _belongs(before: str, after: str) -> bool:
    """Whether a character changes the one before it."""
    return after in _JOINERS or before == "\u200d" or unicodedata.combining(after) > 0
