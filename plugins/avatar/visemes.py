"""Mouth shapes of speech with their times, and what is heard of them where a voice gives none.

Knows sound; knows no face.

Legend: n samples, F steps of STEP_S.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Float = NDArray[np.float64]
VISEMES = (
    "sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U",
)  # fmt: skip
"""The fifteen of Oculus: silence; p, f, th, t, k, ch, s, n, r; aa as in car, e, i, o, u."""
STEP_S = 0.02
"""Seconds from one measurement of a sound to the next."""
_WINDOW_S = 0.04
_SILENT = 0.06
"""Of the usual loudness: below it a mouth is shut."""
_FAINT = 0.22
"""Likewise: below it a mouth is hardly open."""
_SHORTEST = 3
"""Steps: what is shorter belongs to what stands before it."""
_BANDS_HZ = ((200.0, 900.0), (900.0, 2800.0), (3800.0, 9000.0))


@dataclass(frozen=True)
class Viseme:
    """One mouth shape for a time, in seconds from the beginning of the sound."""

    start_s: float
    end_s: float
    shape: str
    """One of `VISEMES`."""


def loudness(samples: Float32, rate_hz: int) -> Float32:
    """[F]: how loud the sound is at each step, 0 to 1; 1 is as loud as its loud places."""
    sizes = np.sqrt(np.mean(_windows(samples, rate_hz).astype(np.float64) ** 2, axis=1))
    usual = float(np.quantile(sizes, 0.95)) if len(sizes) else 0.0
    if usual < 1e-4:  # nothing but silence
        return np.zeros(len(sizes), np.float32)
    found: Float32 = np.minimum(sizes / usual, 1.0).astype(np.float32)
    return found


def visemes_of_sound(samples: Float32, rate_hz: int) -> tuple[Viseme, ...]:
    """Mouth shapes from loudness and three bands of the spectrum: the opening is about right, the
    shape often. They follow one another without a gap, to the sound's end."""
    loud = loudness(samples, rate_hz)
    if not len(loud):
        return ()
    low, middle, high = _bands(_windows(samples, rate_hz), rate_hz)
    quiet = np.concatenate([[0.0], loud, [0.0]])
    shapes = [
        _shape(loud[i], low[i], middle[i], high[i], shut=_between_louder(quiet[i : i + 3]))
        for i in range(len(loud))
    ]
    return tuple(_joined(shapes, len(samples) / rate_hz))


def _windows(samples: Float32, rate_hz: int) -> Float32:
    """[F, window]: the sound around the middle of every step."""
    hop, window = round(STEP_S * rate_hz), round(_WINDOW_S * rate_hz)
    count = math.ceil(len(samples) / hop)
    before = (window - hop) // 2
    after = max(0, count * hop + window - len(samples))
    padded = np.pad(np.asarray(samples, np.float32), (before, after))
    return np.lib.stride_tricks.sliding_window_view(padded, window)[: count * hop : hop]


def _bands(windows: Float32, rate_hz: int) -> tuple[Float, Float, Float]:
    """[F] each: the shares of three bands in a step's sound."""
    spectrum = np.abs(np.fft.rfft(windows * np.hanning(windows.shape[1]), axis=1))
    hz = np.fft.rfftfreq(windows.shape[1], 1 / rate_hz)
    sums = [spectrum[:, (hz >= lo) & (hz < hi)].sum(axis=1) for lo, hi in _BANDS_HZ]
    whole = np.maximum(sum(sums), 1e-9)
    return sums[0] / whole, sums[1] / whole, sums[2] / whole


def _between_louder(three: Float) -> bool:
    """Whether the middle one is a dip, as a closure of the lips makes it."""
    return bool(three[1] < 0.5 * three[0] and three[1] < 0.5 * three[2] and three[1] < _FAINT)


def _shape(loud: float, low: float, middle: float, high: float, *, shut: bool) -> str:
    if loud < _SILENT:
        return "PP" if shut else "sil"
    if high > 0.5:
        return "SS" if middle < 0.3 else "CH"
    if shut:
        return "PP"
    if loud < _FAINT:
        return "nn" if low > 0.55 else "DD"
    if low > 0.74:
        return "U" if loud < 0.5 else "O"
    if middle > 0.4:
        return "I" if loud < 0.45 else "E"
    return "aa" if loud > 0.4 else "E"


def _joined(shapes: Sequence[str], end_s: float) -> Iterator[Viseme]:
    """Runs of one shape; a run that is too short for a mouth belongs to the one before it."""
    runs: list[tuple[int, str]] = []
    at = 0
    for shape, run in groupby(shapes):
        length = len(list(run))
        if not runs or length >= _SHORTEST or shape == "PP":
            runs.append((at, shape))
        at += length
    starts = [begin * STEP_S for begin, _ in runs]
    for (_, shape), start_s, stop_s in zip(runs, starts, [*starts[1:], end_s], strict=True):
        yield Viseme(start_s, stop_s, shape)
