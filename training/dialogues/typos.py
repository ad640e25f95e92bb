"""Typos in what a user types. Knows words; knows no scenes and no tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from training.pocketworld.captions import read_caption

SHARE = 0.06
"""The share of sentences with a typo."""
_WORD = re.compile(r"[A-Za-z]{4,}|[\u4e00-\u9fff]{2,}")
"""A word in Latin letters, or Chinese up to the next mark."""


def sometimes_misspelt(text: str, rng: np.random.Generator) -> str:
    """A text, with a small chance of one typo in it."""
    if rng.random() >= SHARE:
        return text
    found = list(slips(text))
    tried = (found[at] for at in rng.permutation(len(found)))
    return next((slip for slip in tried if _harmless(text, slip)), text)


def slips(text: str) -> Iterator[str]:
    """The text with one slip in an English word of four letters or more or in a run of Chinese
    characters, its first one apart: two of them swapped, one dropped or one doubled.
    """
    for word in _WORD.finditer(text):
        for at in range(word.start() + 1, word.end()):
            letter = text[at]
            yield text[:at] + text[at + 1 :]
            yield text[: at + 1] + text[at:]
            if at + 1 < word.end() and text[at + 1] != letter:
                yield text[:at] + text[at + 1] + letter + text[at + 2 :]


def _harmless(text: str, slip: str) -> bool:
    """True if the typo states no attribute that the text does not state. A misspelt English word
    stays readable; a Chinese one keeps too little, so there a typo must keep every attribute."""
    stated, kept = read_caption(text), read_caption(slip)
    return kept == stated if not text.isascii() else kept.items() <= stated.items()
