"""What a voice gives: sound, and when which word is said with which shape of the mouth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from plugins.avatar.visemes import Viseme

Float32: TypeAlias = NDArray[np.float32]
RATE_HZ = 24_000
"""Samples per second of every voice here."""


@dataclass(frozen=True)
class Word:
    """One spoken word."""

    text: str
    """As it stands in the text that was spoken, which holds all words in their order."""
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Spoken:
    """A text as sound."""

    samples: Float32
    """[n] mono, -1 to 1."""
    rate_hz: int
    words: tuple[Word, ...]
    """In order, without overlap."""
    visemes: tuple[Viseme, ...]
    """Without a gap from the begin of the sound to its end."""
    text: str

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / self.rate_hz


@dataclass(frozen=True)
class Sounded:
    """One word of a text on its way to the voice."""

    text: str
    """As it stands in the text; empty for what only sounds, such as a bracket."""
    phonemes: str
    after: str = " "
    """What follows before the next word: a space, punctuation, or nothing."""

    @property
    def symbols(self) -> str:
        """All that the voice is given for it."""
        return self.phonemes + self.after


def joined(parts: list[Spoken]) -> Spoken:
    """Several spoken texts as one, the texts on lines of their own."""
    begin, words, visemes = 0.0, [], []
    for part in parts:
        words += [Word(w.text, w.start_s + begin, w.end_s + begin) for w in part.words]
        visemes += [Viseme(v.start_s + begin, v.end_s + begin, v.shape) for v in part.visemes]
        begin += part.seconds
    samples = np.concatenate([part.samples for part in parts] or [np.zeros(0, np.float32)])
    text = "\n".join(part.text for part in parts)
    return Spoken(samples, RATE_HZ, tuple(words), tuple(visemes), text)
