"""When each phoneme of an utterance sounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runtime.speech.voice.kokoro import STEP, Utterance
from runtime.speech.voice.loudness import FRAME_S, frames
from runtime.speech.voice.spoken import RATE_HZ, Float32, Sounded, Word

_AHEAD_STEPS = 3
"""The model's sound is this much earlier than its lengths say."""
_WEIGHTS = dict.fromkeys("AIOQWYaiuæɑɐɒɔəɛɜɪʊʌᵊᵻeoyɤɯɨɚ", 3.0) | dict.fromkeys("ˈˌː ʰ", 1.0)
_PAUSES = dict.fromkeys(".!?;:,—…", 5.0)


@dataclass(frozen=True)
class Phoneme:
    """One symbol of what the model was given."""

    symbol: str
    word: int
    """Index of the word it belongs to; of what stands after a word -1."""
    start_s: float = 0.0
    end_s: float = 0.0


def symbols(words: Sequence[Sounded]) -> list[Phoneme]:
    """All symbols of some words, without times."""
    found = []
    for number, word in enumerate(words):
        found += [Phoneme(symbol, number) for symbol in word.phonemes]
        found += [Phoneme(symbol, -1) for symbol in word.after]
    return found


def timed(phonemes: Sequence[Phoneme], utterance: Utterance) -> list[Phoneme]:
    """The phonemes of an utterance with their times in its sound."""
    borders = _borders(phonemes, utterance)
    seconds = len(utterance.samples) / RATE_HZ
    borders = np.clip(borders, 0, seconds)
    return [
        Phoneme(one.symbol, one.word, float(borders[at]), float(borders[at + 1]))
        for at, one in enumerate(phonemes)
    ]


def spoken_words(
    words: Sequence[Sounded], phonemes: Sequence[Phoneme], samples: Float32
) -> list[Word]:
    """The words with their times, without the silence at their ends."""
    loud, found, after = frames(samples, RATE_HZ), [], 0.0
    for number, word in enumerate(words):
        own = [one for one in phonemes if one.word == number]
        if word.text and own:
            start, end = _without_silence(own[0].start_s, own[-1].end_s, loud)
            start = max(start, after)
            after = max(end, start)
            found.append(Word(word.text, start, after))
    return found


def _borders(phonemes: Sequence[Phoneme], utterance: Utterance) -> NDArray[np.float64]:
    """[phonemes + 1] seconds at which each begins and the last ends."""
    if utterance.steps is None:
        return _spread(phonemes, utterance.samples)
    ends = np.cumsum(utterance.steps)[:-1] - _AHEAD_STEPS
    seconds: NDArray[np.float64] = ends.astype(np.float64) * STEP / RATE_HZ
    return seconds


def _spread(phonemes: Sequence[Phoneme], samples: Float32) -> NDArray[np.float64]:
    """What sounds of a sound, shared among the phonemes: long vowels, short consonants."""
    places = np.flatnonzero(frames(samples, RATE_HZ))
    first, last = (places[0], places[-1] + 1) if len(places) else (0, 0)
    weights = [_WEIGHTS.get(one.symbol, _PAUSES.get(one.symbol, 2.0)) for one in phonemes]
    while weights and phonemes[len(weights) - 1].symbol in _PAUSES:
        weights.pop()
    shares = np.concatenate([[0.0], np.cumsum(weights) / max(1.0, sum(weights))])
    shares = np.append(shares, np.ones(len(phonemes) - len(weights)))
    seconds: NDArray[np.float64] = (first + shares * (last - first)) * FRAME_S
    return seconds


def _without_silence(start_s: float, end_s: float, loud: NDArray[np.bool_]) -> tuple[float, float]:
    """A span from the first to the last frame of it that sounds; the span where none does."""
    first, last = round(start_s / FRAME_S), round(end_s / FRAME_S)
    places = np.flatnonzero(loud[first:last])
    if not len(places):
        return start_s, end_s
    start = (first + int(places[0])) * FRAME_S if places[0] else start_s
    full = int(places[-1]) + 1 == last - first
    return start, end_s if full else (first + int(places[-1]) + 1) * FRAME_S
