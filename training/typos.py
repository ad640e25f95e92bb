"""Slips of the keyboard in what a person types. Knows words; knows no scenes and no tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from training.pocketworld.captions import read_caption

SHARE = 0.06
"""Of English sentences."""
_WORD = re.compile(r"[A-Za-z]{4,}")


def sometimes_misspelt(text: str, rng: np.random.Generator) -> str:
    """An English text, with a small chance of one typo in it; other texts as they are."""
    if rng.random() >= SHARE or not text.isascii():
        return text
    found = list(slips(text))
    tried = (found[at] for at in rng.permutation(len(found)))
    return next((slip for slip in tried if _harmless(text, slip)), text)


def slips(text: str) -> Iterator[str]:
    """The text with one slip in a word of four letters or more, its first letter apart: two
    letters swapped, one dropped or one doubled.
    """
    for word in _WORD.finditer(text):
        for at in range(word.start() + 1, word.end()):
            letter = text[at]
            yield text[:at] + text[at + 1 :]
            yield text[: at + 1] + text[at:]
            if at + 1 < word.end() and text[at + 1] != letter:
                yield text[:at] + text[at + 1] + letter + text[at + 2 :]


def _harmless(text: str, slip: str) -> bool:
    """Whether the slip states no attribute that the text does not state."""
    return read_caption(slip).items() <= read_caption(text).items()
