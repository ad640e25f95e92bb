"""Frames of 10 ms at 16 kHz out of blocks of any length and rate, and how loud they are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import soxr

from desktop.devices.audio import Float32

RATE_HZ = 16_000
FRAME = 160
"""Samples of 10 ms."""
QUALITY = "LQ"
"""The shortest delay (about 10 ms) that still keeps out what lies above the new rate's half."""
SILENCE_DB = -120.0


class Resampler:
    """Blocks at one rate in, blocks at another out."""

    def __init__(self, source_hz: int, target_hz: int) -> None:
        same = source_hz == target_hz
        self._stream = (
            None if same else soxr.ResampleStream(source_hz, target_hz, 1, "float32", QUALITY)
        )

    def __call__(self, samples: Float32) -> Float32:
        """The next [m] samples for the next [n]."""
        if self._stream is None:
            return samples
        resampled: Float32 = self._stream.resample_chunk(samples)
        return resampled


class Framer:
    """Gives on what it is given as whole frames."""

    def __init__(self, rate_hz: int, on_frames: Callable[[Float32, float], None]) -> None:
        """Nothing is held yet.

        Args:
            rate_hz: that of the blocks.
            on_frames: takes [160 * k] samples at 16 kHz, and when the last of them was captured.
        """
        self._resample = Resampler(rate_hz, RATE_HZ)
        self._on_frames = on_frames
        self._rest = np.zeros(0, np.float32)

    def feed(self, samples: Float32, captured_at: float) -> None:
        """Take [n] samples, and when the last of them was captured."""
        held = np.concatenate([self._rest, self._resample(samples)])
        whole = len(held) // FRAME * FRAME
        self._rest = held[whole:]
        if whole:
            self._on_frames(held[:whole], captured_at - len(self._rest) / RATE_HZ)


def level_db(samples: Float32) -> float:
    """Root mean square of [n] samples in decibels below full scale, -120 for silence."""
    if not len(samples):
        return SILENCE_DB
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return max(SILENCE_DB, 10 * float(np.log10(power + 1e-30)))
