"""Sound devices through PortAudio (the library sounddevice). Knows no Qt.

PortAudio looks for devices once, when it starts; it is started anew, while no stream is open, where
a device is not found. On Linux it knows "default" and cards, not the microphones and loudspeakers
that a sound server (PulseAudio, PipeWire) has; the names of those are handed to the server.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import importlib
import os
import threading
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np

from desktop.devices.audio import (
    Captured,
    Device,
    Direction,
    Fail,
    Pull,
    Push,
    Stream,
    called,
    no_device,
)
from desktop.devices.errors import DeviceError
from desktop.devices.steady_clock import Latest
from plugins.errors import phrase

LATENCY_S = {"input": 0.04, "output": 0.05}
"""What the device holds. With less, sound breaks off where the processors are busy thinking."""
CLOSE_S = 1.0
"""How long closing is waited for; a device that takes longer closes by itself."""
ENDED = phrase("the sound system ended the stream")
UNAVAILABLE = -9985
"""PortAudio's number for a device that somebody else has."""
SERVER_DEVICE = {"input": "PULSE_SOURCE", "output": "PULSE_SINK"}
"""Where the client of a sound server reads which device is meant, as it connects."""
WAIT_S = 3.0
"""How long another device is waited for that is being closed."""
_lock = threading.RLock()
_open: set[int] = set()
"""Streams that are open: PortAudio must not be started anew beneath them."""


class PortAudio:
    """The backend "portaudio"."""

    def devices(self, direction: Direction) -> list[Device]:
        """See `Backend.devices`."""
        library = _library()
        with _locked():
            _look_again(library)
            return _devices(library, direction)

    def rate_hz(self, direction: Direction, device: str, wished_hz: int) -> int:
        """See `Backend.rate_hz`."""
        library = _library()
        with _locked(), _meant(library, direction, device) as number:
            check = getattr(library, f"check_{direction}_settings")
            with contextlib.suppress(library.PortAudioError):
                check(device=number, channels=1, dtype="float32", samplerate=wished_hz)
                return wished_hz
            return int(library.query_devices(number)["default_samplerate"])

    def open_input(self, device: str, rate_hz: int, push: Push, fail: Fail) -> Stream:
        """See `Backend.open_input`."""

        def heard(block: Any, _count: int, _times: Any, status: Any) -> None:
            push(Captured(block[:, 0].copy(), time.monotonic(), status.input_overflow))

        return _PortAudioStream("input", device, rate_hz, heard, fail)

    def open_output(self, device: str, rate_hz: int, pull: Pull, fail: Fail) -> Stream:
        """See `Backend.open_output`."""
        behind = Latest(min)  # PortAudio's clock; this code may come to run late.

        def play(block: Any, count: int, times: Any, _status: Any) -> None:
            now = time.monotonic()
            heard_at = times.outputBufferDacTime + behind(now - times.currentTime)
            block[:, 0] = np.clip(pull(count, max(now, heard_at)), -1, 1)

        return _PortAudioStream("output", device, rate_hz, play, fail)


class _PortAudioStream:
    """An open device."""

    def __init__(
        self, direction: Direction, device: str, rate_hz: int, callback: Any, fail: Fail
    ) -> None:
        self.device = device
        self._closed = self._dropping = False
        self._fail = fail
        library = _library()
        kind = library.InputStream if direction == "input" else library.OutputStream
        with _locked(), _meant(library, direction, device) as number:
            try:
                self._stream = kind(
                    rate_hz, 0, number, 1, "float32", LATENCY_S[direction], callback=callback,
                    finished_callback=self._finished,
                )  # fmt: skip
                self._stream.start()
            except library.PortAudioError as error:
                raise _known(error, direction, device) from error
            _open.add(id(self))

    def close(self) -> None:
        """See `Stream.close`."""
        if not self._closed:
            self._closed = True
            closing = threading.Thread(target=self._let_go, name="closing", daemon=True)
            closing.start()
            closing.join(CLOSE_S)

    def drop(self) -> None:
        """See `Stream.drop`."""
        library = _library()
        with _locked():
            self._dropping = True
            try:
                self._stream.abort()
                self._stream.start()
            except library.PortAudioError:
                self._fail(ENDED)
            finally:
                self._dropping = False

    def _finished(self) -> None:
        if not self._closed and not self._dropping:
            self._fail(ENDED)

    def _let_go(self) -> None:
        # To stop would wait for what is in the buffers, with some devices for ever.
        with _lock:
            self._stream.abort(ignore_errors=True)
            self._stream.close(ignore_errors=True)
            _open.discard(id(self))


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    """Alone with PortAudio.

    Raises:
        DeviceError: a device that does not let go keeps it from everybody.
    """
    if not _lock.acquire(timeout=WAIT_S):
        raise DeviceError(
            "busy",
            "Expected the sound system to answer, found that it still closes another device; "
            "try again in a moment.",
        )
    try:
        yield
    finally:
        _lock.release()


def _library() -> ModuleType:
    try:
        library = importlib.import_module("sounddevice")
    except OSError as error:
        raise DeviceError(
            "no_library",
            "Expected the sound library PortAudio, found none; "
            "install libportaudio2 (on Fedora and Arch: portaudio).",
        ) from error
    _quiet_alsa()
    return library


@functools.cache
def _quiet_alsa() -> None:
    """Keep ALSA from writing on the terminal what the exceptions say."""
    with contextlib.suppress(OSError, AttributeError):
        # ALSA calls a function with a text first; strlen takes one and does nothing.
        nothing = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p)
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(nothing)


def _look_again(library: ModuleType) -> None:
    """Have PortAudio look for devices anew, where that harms nobody."""
    if not _open:
        library._terminate()
        library._initialize()


def _devices(library: ModuleType, direction: Direction) -> list[Device]:
    default = library.default.device[0 if direction == "input" else 1]
    return [
        Device(found["name"], found["name"], found["index"] == default)
        for found in library.query_devices()
        if found[f"max_{direction}_channels"]
    ]


@contextlib.contextmanager
def _meant(library: ModuleType, direction: Direction, device: str) -> Iterator[int]:
    """The number of the device that an id means, while it is opened.

    Raises:
        DeviceError: there is none.
    """
    number = _number(library, direction, device)
    if number is None:
        _look_again(library)
        number = _number(library, direction, device)
    if number is not None:
        yield number
        return
    number = _number(library, direction, "pulse")
    if number is None or not device:
        raise no_device(direction, device)
    variable = SERVER_DEVICE[direction]
    before = os.environ.get(variable)
    os.environ[variable] = device
    try:
        yield number
    finally:
        os.environ.pop(variable)
        if before is not None:
            os.environ[variable] = before


def _number(library: ModuleType, direction: Direction, device: str) -> int | None:
    """PortAudio's number of a device; None where there is none of that name."""
    for found in library.query_devices():
        is_default = found["index"] == library.default.device[0 if direction == "input" else 1]
        wanted = found["name"] == device if device else is_default
        if wanted and found[f"max_{direction}_channels"]:
            return int(found["index"])
    return None


def _known(error: Exception, direction: Direction, device: str) -> DeviceError:
    number = error.args[1] if len(error.args) > 1 else 0
    if number == UNAVAILABLE:
        return DeviceError(
            "busy",
            "Expected a free {what}, found one that another program uses; close that program.",
            what=called(direction),
        )
    if "ermission" in str(error):
        return DeviceError(
            "permission",
            "Expected to be allowed to use the {what}, found that this system forbids it; "
            "allow it in the system's settings.",
            what=called(direction),
        )
    return no_device(direction, device)
