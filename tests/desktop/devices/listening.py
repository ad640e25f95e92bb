"""Helpers for tests that listen: sounds to play, how alike two are, and waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import QCoreApplication
from scipy.signal import butter, correlate, sosfilt

from desktop.devices.audio import Float32
from desktop.devices.errors import DeviceError
from desktop.devices.frames import FRAME, RATE_HZ
from desktop.devices.loudspeaker import Loudspeaker
from desktop.devices.microphone import Microphone
from plugins.errors import Problem

T = TypeVar("T")
TAKES = 10
PIECE = 2000
"""Samples of a sound that are looked for on their own."""
LIMIT_S = 60.0
"""For machines that are busy with something else; no test measures time by it."""


class Heard:
    """An open microphone and all that it heard, until the end of the `with`."""

    def __init__(
        self,
        backend_name: str,
        device: str = "",
        rate_hz: int = RATE_HZ,
        watch: Callable[[Float32, float], object] = lambda _frames, _captured_at: None,
    ) -> None:
        """`watch` is told of all frames as well, on the microphone's thread."""
        self.microphone = Microphone(backend_name)
        self.frames: list[Float32] = []
        self.levels: list[float] = []
        self.lost: list[Problem] = []
        self._rate_hz, self._watch = rate_hz, watch
        opens_again(lambda: self.open(device))

    def open(self, device: str = "") -> None:
        """Open it, again where it was lost."""
        self.microphone.open(device, self._take, self.lost.append, self._rate_hz)

    def wait(self, seconds: float) -> None:
        """Hear as much more."""
        wanted = self.heard_s + seconds
        until(lambda: self.heard_s >= wanted)

    @property
    def heard_s(self) -> float:
        """How much was heard."""
        return sum(map(len, self.frames)) / RATE_HZ

    @property
    def samples(self) -> Float32:
        """All that was heard."""
        return np.concatenate([*self.frames, np.zeros(FRAME, np.float32)])

    def _take(self, frames: Float32, captured_at: float) -> None:
        self.frames.append(frames)
        self._watch(frames, captured_at)
        self.levels.append(self.microphone.level_db)

    def __enter__(self) -> Heard:
        return self

    def __exit__(self, *_: object) -> None:
        self.microphone.close()


def murmur(seconds: float, rate_hz: int, seed: int = 0) -> Float32:
    """Noise below 1.2 kHz as loud as speech (-20 dB), of which no part is like another."""
    noise = np.random.default_rng(seed).normal(size=int(seconds * rate_hz))
    low: Float32 = sosfilt(butter(6, 1200, fs=rate_hz, output="sos"), noise).astype(np.float32)
    return (0.1 * low / np.std(low)).astype(np.float32)


def place(recorded: Float32, wanted: Float32) -> int:
    """The sample of a recording at which a sound begins."""
    return int(np.argmax(np.abs(correlate(recorded, wanted, "valid", "fft"))))


def likeness(recorded: Float32, wanted: Float32) -> float:
    """Correlation of a sound with what is most like it in a recording: the median of its pieces of
    about 0.1 s, because sound breaks off on machines that are busy with something else."""
    pieces = np.array_split(wanted, max(1, len(wanted) // PIECE))
    found = []
    for piece in pieces:
        at = place(recorded, piece)
        found.append(float(np.corrcoef(recorded[at : at + len(piece)], piece)[0, 1]))
    return float(np.median(found))


def whole(recorded: Float32, wanted: Float32) -> bool:
    """Whether a sound is in a recording in one piece, with nothing lost and no gap."""
    places = []
    for begin in range(0, len(wanted) - PIECE + 1, PIECE):
        piece = wanted[begin : begin + PIECE]
        at = place(recorded, piece)
        places.append(at - begin)
        if np.corrcoef(recorded[at : at + PIECE], piece)[0, 1] < 0.9:
            return False
    return max(places) - min(places) <= 2


def taken(take: Callable[[], T], void: Callable[[T], bool]) -> T:
    """The first take that is not void: on a machine that is busy with something else a sound server
    loses sound, and what it lost is no fault of what is tried here."""
    for _ in range(TAKES):
        if not void(found := take()):
            return found
    raise AssertionError(f"all of {TAKES} takes were void")


def until(condition: Callable[[], Any]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < end
        # Qt hears of its sound server in the event loop.
        QCoreApplication.processEvents()
        time.sleep(0.01)


def opened_loudspeaker(backend_name: str, rate_hz: int = 24_000) -> Loudspeaker:
    """A loudspeaker that is ready to play."""
    loudspeaker = Loudspeaker(backend_name)
    opens_again(lambda: loudspeaker.open(rate_hz=rate_hz))
    return loudspeaker


def opens_again(open_: Callable[[], None]) -> None:
    """Open a device that is only just back, as its owner does: again and again."""

    def opened() -> bool:
        try:
            open_()
        except DeviceError:
            time.sleep(0.1)
            return False
        return True

    until(opened)
