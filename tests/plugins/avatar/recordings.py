"""Real speech: free recordings of one reader, and how loud each moment of a sound is."""

from __future__ import annotations

import numpy as np
import soxr

from plugins.avatar.visemes import Float, Float32
from tests.installed import LIBRIVOX, RATE_HZ, people


def recordings() -> list[Float32]:
    """Speech of one reader at 24 kHz."""
    found = [one for name, (one, _) in sorted(people().items()) if name.startswith(LIBRIVOX)]
    return [np.asarray(soxr.resample(one, RATE_HZ, 24_000), np.float32) for one in found]


def energy(samples: Float32, rate_hz: int, fps: int) -> Float:
    """Root mean square around the middle of every picture, over twice its time."""
    frame = rate_hz / fps
    count = int(np.ceil(len(samples) / frame))
    parts = (
        samples[max(0, round((i - 0.5) * frame)) : round((i + 1.5) * frame)] for i in range(count)
    )
    return np.array([np.sqrt(np.mean(part.astype(np.float64) ** 2)) for part in parts])
