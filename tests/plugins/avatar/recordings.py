"""Real speech: free recordings of one reader, and how loud each moment of a sound is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from plugins.avatar.visemes import Float, Float32

FOLDER = Path("/usr/share/pocketsphinx/test/data/librivox")


def recordings() -> list[Float32]:
    """Speech at 24 kHz; a test without any is skipped."""
    found = sorted(FOLDER.glob("*.wav"))
    if not found:
        pytest.skip(f"needs the recordings of pocketsphinx-testdata in {FOLDER}")
    return [_at_24_khz(path) for path in found]


def _at_24_khz(path: Path) -> Float32:
    samples, rate = soundfile.read(path, dtype="float32")
    resampled: Float32 = soxr.resample(samples, rate, 24_000).astype(np.float32)
    return resampled


def energy(samples: Float32, rate_hz: int, fps: int) -> Float:
    """Root mean square around the middle of every picture, over twice its time."""
    frame = rate_hz / fps
    count = int(np.ceil(len(samples) / frame))
    parts = (
        samples[max(0, round((i - 0.5) * frame)) : round((i + 1.5) * frame)] for i in range(count)
    )
    return np.array([np.sqrt(np.mean(part.astype(np.float64) ** 2)) for part in parts])
