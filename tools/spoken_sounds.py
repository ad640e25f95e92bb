"""What the sounds of a recorded conversation say: where a question lies, when its answer begins,
and a small file of both. Knows no window and no device."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

Float32 = NDArray[np.float32]
RATE_HZ = 24_000
LOUD = 0.01
"""A sample above this belongs to somebody's voice."""
BIT_RATE = 20_000
AFTER_S = 0.3
"""What a file holds after the last loud sample."""


@dataclass(frozen=True)
class Track:
    """What one device recorded, with the time of day of its first sample."""

    samples: Float32
    began_at: float

    def between(self, start_at: float, end_at: float) -> Float32:
        """The samples from one time of day to another, as far as they are there."""
        start, end = (round((at - self.began_at) * RATE_HZ) for at in (start_at, end_at))
        return self.samples[max(start, 0) : max(end, 0)]


def loud_span(samples: Float32) -> tuple[float, float] | None:
    """Seconds of the first and the last loud sample; None where nothing is loud."""
    loud = np.flatnonzero(np.abs(samples) > LOUD)
    return (loud[0] / RATE_HZ, loud[-1] / RATE_HZ) if len(loud) else None


def place_of(said: Float32, track: Track, start_at: float, most_s: float) -> float:
    """The time of day when `said` begins in a track, looked for from `start_at` on.

    Args:
        said: [n] at 24 kHz, as it was played.
        track: where it was recorded, among other sounds.
        start_at: time of day before which it does not begin.
        most_s: seconds after that in which it begins.
    """
    heard = track.between(start_at, start_at + most_s + len(said) / RATE_HZ)
    likeness = fftconvolve(heard, said[::-1], mode="valid")
    return start_at + int(np.argmax(likeness)) / RATE_HZ


def together(first: Float32, second: Float32) -> Float32:
    """Two sounds that begin at once, as one."""
    both = np.zeros(max(len(first), len(second)), np.float32)
    both[: len(first)] += first
    both[: len(second)] += second
    return both.clip(-1, 1)


def write_ogg(path: Path, samples: Float32) -> None:
    """Write [n] samples at 24 kHz as Opus in a small file."""
    with av.open(str(path), "w", format="ogg") as file:
        stream = file.add_stream("libopus", rate=RATE_HZ, layout="mono")
        stream.bit_rate = BIT_RATE
        whole = np.ascontiguousarray((samples * 32_767).astype(np.int16)[None])
        frame = av.AudioFrame.from_ndarray(whole, format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        for packet in (*stream.encode(frame), *stream.encode(None)):
            file.mux(packet)
