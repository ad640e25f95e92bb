"""Shapes of the mouth from phonemes with times. From a sound alone: `plugins.avatar.visemes`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from plugins.avatar.visemes import VISEMES, Viseme
from runtime.speech.voice.loudness import FRAME_S, frames
from runtime.speech.voice.spoken import RATE_HZ, Float32
from runtime.speech.voice.timing import Phoneme

_OF_SHAPES = {
    "PP": "pbm", "FF": "fvʋɸβ", "TH": "θðT", "DD": "tdɾʈɖ", "kk": "kɡŋxhqɣχç",
    "CH": "ʧʤʃʒʨʥɕꭧʂ", "SS": "szʦʣ", "nn": "nlɲɴɳʎ", "RR": "ɹrɻɚʁɽɜ", "aa": "aɑæʌɐə",
    "E": "eɛ", "I": "iɪjɨᵻyɥ", "O": "oɔɒœø", "U": "uʊwɯɰ",
}  # fmt: skip
_SHAPES = {symbol: (shape,) for shape, symbols in _OF_SHAPES.items() for symbol in symbols} | {
    "A": ("E", "I"), "I": ("aa", "I"), "O": ("O", "U"), "Q": ("O", "U"), "W": ("aa", "U"),
    "Y": ("O", "I"), "ᵊ": ("E",), "ɤ": ("E",), "T": ("DD",),
}  # fmt: skip
"""By phoneme, one or two shapes; what is not here takes the shape of its neighbour."""
_SIL = VISEMES.index("sil")
_PAUSE_FRAMES = 8
"""So many silent frames in a row are a pause, and no closed lips or tongue within a word."""
_SHORTEST_FRAMES = 3


def visemes(phonemes: Sequence[Phoneme], samples: Float32) -> tuple[Viseme, ...]:
    """Shapes for a sound whose phonemes are known: none overlaps, none is missing.

    Args:
        phonemes: with their times in the sound, in order.
        samples: [n] at `RATE_HZ`.
    """
    loud = frames(samples, RATE_HZ)
    shapes = np.full(len(loud), _SIL)
    spans = _spans(phonemes)
    for start_s, end_s, shape in spans:
        shapes[round(start_s / FRAME_S) : round(end_s / FRAME_S)] = VISEMES.index(shape)
    if spans:
        shapes[round(spans[-1][1] / FRAME_S) :] = VISEMES.index(spans[-1][2])
        shapes[: round(spans[0][0] / FRAME_S)] = VISEMES.index(spans[0][2])
    return _joined(_at_rest(shapes, loud), len(samples) / RATE_HZ)


def _spans(phonemes: Sequence[Phoneme]) -> list[tuple[float, float, str]]:
    """Start, end and shape, without gaps: marks of stress begin the vowel that follows, all other
    marks and spaces prolong what they follow."""
    spans: list[tuple[float, float, str]] = []
    begin = None
    for one in phonemes:
        if one.symbol in "ˈˌ":
            begin = one.start_s if begin is None else begin
        elif shapes := _SHAPES.get(one.symbol):
            start = one.start_s if begin is None else begin
            half = (one.end_s - start) / len(shapes)
            spans += [
                (start + half * at, start + half * (at + 1), shape)
                for at, shape in enumerate(shapes)
            ]
            begin = None
        elif spans:
            spans[-1] = (spans[-1][0], one.end_s, spans[-1][2])
    return spans


def _at_rest(shapes: NDArray[np.int_], loud: NDArray[np.bool_]) -> NDArray[np.int_]:
    """The shapes with the mouth at rest in every pause, and before and after the speech."""
    result = shapes.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[1], loud, [1]])))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first >= _PAUSE_FRAMES or first == 0 or last == len(loud):
            result[first:last] = _SIL
    return result


def _joined(shapes: NDArray[np.int_], seconds: float) -> tuple[Viseme, ...]:
    """Frames as spans; a shape that is too short to be seen leaves its time to the one before."""
    found: list[list[int]] = []
    for at, shape in enumerate(shapes):
        if found and (found[-1][1] == shape or at - found[-1][0] < _SHORTEST_FRAMES):
            found[-1][1] = int(shape) if at - found[-1][0] < _SHORTEST_FRAMES else found[-1][1]
        else:
            found.append([at, int(shape)])
    starts = [first * FRAME_S for first, _ in found] + [seconds]
    return tuple(
        Viseme(starts[at], min(starts[at + 1], seconds), VISEMES[shape])
        for at, (_, shape) in enumerate(found)
    )
