"""Where the sound of a text is cut in two, and how the two are joined again without being heard.

The beginning is made first, so that it is heard sooner; the rest is made while it plays. Both are
made with a little of the other, from which the rest takes its loudness and fades in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from runtime.speech.voice.kokoro import STEP
from runtime.speech.voice.spoken import RATE_HZ, Float32
from runtime.speech.voice.timing import Phoneme

OVERLAP = 4
"""Units of length that both parts are made with beyond the seam."""
_LEAST_S, _LEAST_REST_S = 0.65, 0.5
"""The shortest beginning, and the shortest rest."""
_SHARE = 0.4
"""The share of a text's sound that is its beginning: while it plays the rest can be made on two
cores of which one is busy."""
_NEAR_S = 0.05
"""How far from the border of the words the seam may be, where it is quieter."""
_FADE_S = 0.015
_WINDOW = RATE_HZ // 200
_INNER = RATE_HZ // 40
"""Samples on each side of the seam by which the loudness is compared: sound that is made in part
differs at its ends."""
_LOUDER, _SOFTER = 1.2, 0.5
"""How much louder or softer the rest may be made."""


def first_of_rest(phonemes: Sequence[Phoneme]) -> int:
    """The index of the phoneme that begins the rest; 0 where the text is too short to be cut.

    Args:
        phonemes: with their times.
    """
    begin, end = phonemes[0].start_s, phonemes[-1].end_s
    least = begin + max(_LEAST_S, _SHARE * (end - begin))
    for at in range(1, len(phonemes)):
        begins_word = phonemes[at].word >= 0 > phonemes[at - 1].word
        if begins_word and phonemes[at].start_s >= least:
            return at if end - phonemes[at].start_s >= _LEAST_REST_S else 0
    return 0


def quietest(samples: Float32, place: int) -> int:
    """The quietest place near one."""
    near = round(_NEAR_S * RATE_HZ)
    begin = max(0, place - near)
    power = np.convolve(np.square(samples[begin : place + near]), np.ones(_WINDOW), "same")
    return begin + int(power.argmin())


def fitted(before: Float32, rest: Float32, place: int, rest_begin: int) -> Float32:
    """The rest from the seam on, as loud as the beginning is there and faded into it.

    Args:
        before: [n] of the beginning, and what was made beyond the seam.
        rest: [m] of the rest, and what was made before the seam.
        place: of the seam, in `before`.
        rest_begin: where `rest` begins, in `before`.
    """
    near = slice(place - _INNER, place + _INNER)
    one, other = before[near], rest[near.start - rest_begin : near.stop - rest_begin]
    louder = float(np.sqrt(np.square(one).mean() / max(float(np.square(other).mean()), 1e-9)))
    result = rest[place - rest_begin :] * np.float32(min(max(louder, _SOFTER), _LOUDER))
    count = min(round(_FADE_S * RATE_HZ), len(before) - place, len(result))
    slope = np.linspace(0, 1, count, dtype=np.float32)
    result[:count] = result[:count] * slope + before[place : place + count] * (1 - slope)
    return result


def units(place: float) -> int:
    """The unit of length in which a second lies."""
    return int(place * RATE_HZ) // STEP
