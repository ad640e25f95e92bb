"""What a backend of sound devices offers. `Microphone` and `Loudspeaker` are made of one.

Two backends exist: "portaudio" (the library sounddevice, without Qt) and "qt" (Qt Multimedia, which
is imported only when it is used).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from desktop.devices.errors import DeviceError
from plugins.errors import Problem, phrase

Float32 = NDArray[np.float32]
Direction = Literal["input", "output"]


class Captured(NamedTuple):
    """A block that a microphone heard."""

    samples: Float32
    """[n] mono, in -1..1."""
    told_at: float
    """When it was reported, in seconds of `time.monotonic()`."""
    gap: bool = False
    """Whether sound before it was lost."""


Push = Callable[[Captured], None]
"""Takes what a microphone heard."""
Pull = Callable[[int, float], Float32]
"""Gives the next n mono samples to be played, and is told when the first of them will be heard, in
seconds of `time.monotonic()`."""
Fail = Callable[[Problem], None]
"""Takes the reason for which a stream has ended by itself. Called from any thread."""

BACKENDS = ("portaudio", "qt")
ENVIRONMENT = "MEDLEY_SOUND"
"""Names a backend, in place of the one that is chosen by itself."""


@dataclass(frozen=True)
class Device:
    """A microphone ("input") or a loudspeaker ("output")."""

    id: str
    """What `open` takes; stays the same when the device goes and comes back."""
    name: str
    """For people."""
    default: bool


class Stream(Protocol):
    """An open device, whose callbacks come from threads of its own until it is closed."""

    device: str
    """The id of what was opened."""

    def drop(self) -> None:
        """Throw away what the device holds and has not played, and go on. Never waits for long."""

    def close(self) -> None:
        """Let go of the device at once. Never waits for long; twice does no harm."""


class Backend(Protocol):
    """A library that plays and records."""

    def devices(self, direction: Direction) -> list[Device]:
        """What is there now.

        Raises:
            DeviceError: the library is missing ("no_library").
        """

    def rate_hz(self, direction: Direction, device: str, wished_hz: int) -> int:
        """The wished rate where the device takes it, else one that it takes.

        Raises:
            DeviceError: there is no such device.
        """

    def open_input(self, device: str, rate_hz: int, push: Push, fail: Fail) -> Stream:
        """Record from a device, the default one where the id is empty.

        Raises:
            DeviceError: it cannot be used.
        """

    def open_output(self, device: str, rate_hz: int, pull: Pull, fail: Fail) -> Stream:
        """Play on a device, the default one where the id is empty.

        Raises:
            DeviceError: it cannot be used.
        """


def backend(name: str = "") -> Backend:
    """The backend of that name, by default `default_backend()`.

    Raises:
        ValueError: there is none of that name.
    """
    name = name or default_backend()
    if name == "portaudio":
        from desktop.devices.portaudio import PortAudio

        return PortAudio()
    if name == "qt":
        from desktop.devices.qt_audio import QtAudio

        return QtAudio()
    raise ValueError(f"expected a backend of {', '.join(BACKENDS)}, found {name!r}")


def default_backend() -> str:
    """The backend that measured better (`python -m benchmarks.voice.devices`): PortAudio,
    and Qt where PortAudio's library is missing."""
    if named := os.environ.get(ENVIRONMENT, ""):
        return named
    return "portaudio" if _has_portaudio() else "qt"


def devices(direction: Direction, name: str = "") -> list[Device]:
    """The microphones or the loudspeakers of this machine.

    Raises:
        DeviceError: the backend's library is missing.
    """
    return backend(name).devices(direction)


def no_device(direction: Direction, device: str = "") -> DeviceError:
    """The sentence for a device that is not there."""
    found = phrase("found none")
    if device:
        found = phrase("found none called {device}", device=device)
    return DeviceError(
        "no_device",
        "Expected a {what}, {found}; connect one, or choose another in the settings.",
        what=called(direction),
        found=found,
    )


def called(direction: Direction) -> Problem:
    """What a device is called in a sentence."""
    return phrase("microphone") if direction == "input" else phrase("loudspeaker")


def _has_portaudio() -> bool:
    """Whether its library can be loaded; only Linux lacks it at times."""
    if sys.platform != "linux":
        return True
    from ctypes.util import find_library

    return find_library("portaudio") is not None
