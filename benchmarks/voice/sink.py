"""Records what a PulseAudio sink plays, with the time of day of every sample."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
RATE_HZ = 24_000
FRAME_S = 0.01
_FRAME = round(RATE_HZ * FRAME_S)
_SOUNDS = 10 ** (-50 / 20)
"""A frame that is louder sounds."""


class SinkRecording:
    """Grows while it is recorded."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._begin_at = float("inf")
        self._count = 0

    def add(self, block: bytes) -> None:
        """More of it, which has just been played. The block that came with the least delay tells
        when the recording began."""
        self._blocks.append(block)
        self._count += len(block) // 4
        self._begin_at = min(self._begin_at, time.monotonic() - self._count / RATE_HZ)

    def sounding(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """[n] times of day at which frames begin, and whether something sounds in each."""
        samples = np.frombuffer(b"".join(self._blocks), np.float32)
        count = len(samples) // _FRAME
        frames = samples[: count * _FRAME].reshape(count, _FRAME)
        loud: NDArray[np.bool_] = np.sqrt(np.square(frames).mean(axis=1)) > _SOUNDS
        times: NDArray[np.float64] = self._begin_at + np.arange(count, dtype=np.float64) * FRAME_S
        return times, loud

    def first_after(self, moment: float) -> float | None:
        """The time of day of the first sound after a moment."""
        times, loud = self.sounding()
        found = times[loud & (times >= moment)]
        return float(found[0]) if len(found) else None

    def silent_after(self, moment: float, silence_s: float) -> float | None:
        """The time of day at which a silence of some seconds begins, of those that last beyond a
        moment; None where it never was silent for so long."""
        times, loud = self.sounding()
        sounds = times[loud] + FRAME_S
        for at, following in zip(sounds, [*sounds[1:], times[-1]], strict=True):
            if following > moment and following - at >= silence_s:
                return float(at)
        return None


@contextmanager
def recording(sink: str) -> Iterator[SinkRecording]:
    """What a sink plays until the end of the block."""
    command = [
        "parec", f"--device={sink}.monitor", f"--rate={RATE_HZ}", "--channels=1",
        "--format=float32le", "--latency-msec=10",
    ]  # fmt: skip
    found = SinkRecording()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        source = process.stdout

        def read() -> None:
            while block := source.read(_FRAME * 4):
                found.add(block)

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        try:
            yield found
        finally:
            process.terminate()
            reader.join()
