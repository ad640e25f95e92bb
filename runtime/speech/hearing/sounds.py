"""Sizes of sound in here, and a tape that keeps the newest of it.

Sound is mono at 16 kHz, float32 in -1..1. Places on the tape are counted in samples from the first
one that ever came. Legend: n samples.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
RATE_HZ = 16_000
FRAME = 160
"""Samples of a frame, 10 ms: what is fed comes in whole frames."""
WINDOW = 512
"""Samples of a window, 32 ms: what voice activity looks at."""
WINDOW_S = WINDOW / RATE_HZ


def rms_db(samples: Float32) -> float:
    """The level of [n] samples in decibels of full scale; -100 is the least."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    return 10 * float(np.log10(max(power, 1e-10)))


class Tape:
    """Keeps what was put on it until it is told to forget."""

    def __init__(self) -> None:
        self._parts: deque[Float32] = deque()
        self._start = self.end = 0

    def append(self, samples: Float32) -> None:
        """Put [n] samples behind the others."""
        self._parts.append(samples)
        self.end += len(samples)

    def cut(self, start: int, end: int) -> Float32:
        """[n] the samples between two places, as far as they are kept."""
        kept = np.concatenate(self._parts) if self._parts else np.zeros(0, np.float32)
        cut: Float32 = kept[max(0, start - self._start) : max(0, end - self._start)]
        return cut

    def forget(self, before: int) -> None:
        """Drop whole parts that end before a place."""
        while self._parts and self._start + len(self._parts[0]) <= before:
            self._start += len(self._parts.popleft())
