"""Sound devices through Qt Multimedia. Imported only where that is wanted.

Qt's streams belong to the thread that makes them; here that is one for each, which looks for sound
every few milliseconds and needs no event loop.
"""

from __future__ import annotations

import functools
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import numpy as np
from PySide6.QtCore import QCoreApplication, QIODevice
from PySide6.QtMultimedia import (
    QAudioDevice,
    QAudioFormat,
    QAudioSink,
    QAudioSource,
    QMediaDevices,
)
from PySide6.QtMultimedia import (
    QtAudio as Names,
)

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
from plugins.errors import BugError, phrase

LOOK_S = 0.004
BUFFER_S = {"input": 0.2, "output": 0.1}
"""What the device holds. With less, sound breaks off where the processors are busy thinking."""
SERVER_S = 0.025
"""Between the device's buffer and the ear, which Qt does not tell."""
OPEN_S, CLOSE_S = 5.0, 1.0
INT = struct.Struct("i")
BYTES = 4
"""Of a sample."""
REST_S = 5.0
"""After the sound server was gone, until Qt has joined it again, which it tries every 3 s."""
STALE_S = 0.3
_application: QCoreApplication | None = None
_server = 0
"""The number of the sound server that Qt has joined."""
_gone_at = -REST_S
"""When the sound server was last seen to be gone, in seconds of `time.monotonic()`."""


class QtAudio:
    """The backend "qt"."""

    def __init__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            _join_server()
            if _application is not None:
                # Nobody else lets Qt notice that the sound server is back.
                _application.processEvents()

    def devices(self, direction: Direction) -> list[Device]:
        """See `Backend.devices`."""
        default = _default(direction).id()
        return [Device(_id(d), d.description(), d.id() == default) for d in _all(direction)]

    def rate_hz(self, direction: Direction, device: str, wished_hz: int) -> int:
        """See `Backend.rate_hz`."""
        found = _found(direction, device)
        fits = found.isFormatSupported(_format(wished_hz))
        return wished_hz if fits else found.preferredFormat().sampleRate()

    def open_input(self, device: str, rate_hz: int, push: Push, fail: Fail) -> Stream:
        """See `Backend.open_input`."""

        def work(stream: _QtStream) -> None:
            source = QAudioSource(_found("input", device), _format(rate_hz))
            source.setBufferSize(int(BUFFER_S["input"] * rate_hz) * BYTES)
            stream.run(source, lambda io: _read(io, push), fail)

        return _QtStream(device, work)

    def open_output(self, device: str, rate_hz: int, pull: Pull, fail: Fail) -> Stream:
        """See `Backend.open_output`."""

        def work(stream: _QtStream) -> None:
            sink = QAudioSink(_found("output", device), _format(rate_hz))
            sink.setBufferSize(int(BUFFER_S["output"] * rate_hz) * BYTES)
            stream.run(sink, lambda io: _write(io, sink, rate_hz, pull), fail)

        return _QtStream(device, work)


class _QtStream:
    """An open device with the thread that it lives on."""

    def __init__(self, device: str, work: Callable[[_QtStream], None]) -> None:
        """`work` makes the device and gives it to `run`."""
        self.device = device
        self._closed, self._dropping = threading.Event(), threading.Event()
        self._opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._live, args=[work], name="sound", daemon=True)
        self._thread.start()
        try:
            self._opened.result(OPEN_S)
        except TimeoutError as error:
            self._closed.set()
            raise DeviceError(
                "lost", "Expected the sound system to answer, found that it does not; try again."
            ) from error

    def close(self) -> None:
        """See `Stream.close`."""
        self._closed.set()
        self._thread.join(CLOSE_S)

    def drop(self) -> None:
        """See `Stream.drop`."""
        self._dropping.set()

    def run(
        self, device: QAudioSource | QAudioSink, step: Callable[[QIODevice], bool], fail: Fail
    ) -> None:
        """Let a device play or record until this is closed or it ends by itself.

        Raises:
            DeviceError: it cannot be opened.
        """
        direction: Direction = "input" if isinstance(device, QAudioSource) else "output"
        _ready(direction)
        io = device.start()
        if io is None or device.error() == Names.Error.OpenError:
            raise _refused(direction)
        self._opened.set_result(None)
        alive_at = time.monotonic()
        while not self._closed.wait(LOOK_S):
            if device.error() in (Names.Error.FatalError, Names.Error.IOError):
                fail(phrase("the sound system ended the stream"))
                break
            if self._dropping.is_set():
                self._dropping.clear()
                device.reset()
                io = device.start()
            if step(io):
                alive_at = time.monotonic()
        if time.monotonic() - alive_at > STALE_S:
            _gone()
        device.reset()

    def _live(self, work: Callable[[_QtStream], None]) -> None:
        try:
            work(self)
        except DeviceError as error:
            self._opened.set_exception(error)
        finally:
            if not self._opened.done():
                self._opened.set_exception(BugError("a sound device broke as it was opened"))


@functools.cache
def _join_server() -> None:
    """Have Qt join the sound server on the main thread: it comes back to a server that was gone
    only if that thread opened a device first. A loudspeaker is opened for a moment, unheard."""
    global _application, _server
    _server = _server_now()
    if QCoreApplication.instance() is None:
        _application = QCoreApplication([])
    loudspeaker = QMediaDevices.defaultAudioOutput()
    if not loudspeaker.isNull() and _server:
        sink = QAudioSink(loudspeaker, loudspeaker.preferredFormat())
        sink.start()
        sink.reset()


def _gone() -> None:
    global _gone_at
    _gone_at = time.monotonic()


def _ready(direction: Direction) -> None:
    """See that Qt can be asked for a device: where it has lost the sound server and has not joined
    it again, it would end the whole process.

    Raises:
        DeviceError: it cannot.
    """
    global _server
    before, _server = _server, _server_now()
    if _server != before:
        _gone()
    if not _server:
        raise no_device(direction)
    if time.monotonic() - _gone_at < REST_S:
        raise DeviceError(
            "lost",
            "Expected the sound system, found that it has only just come back; "
            "try again in some seconds.",
        )


def _server_now() -> int:
    """A number of Linux's sound server, another one after it was started anew; 0 where there is
    none, -1 where nothing is known of it."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    address = os.environ.get("PULSE_SERVER", "") or f"unix:{runtime}/pulse/native"
    path = address.removeprefix("unix:")
    if sys.platform != "linux" or not path.startswith("/"):
        return -1
    with socket.socket(socket.AF_UNIX) as server:
        if server.connect_ex(path) != 0:
            return 0
        credentials = server.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 3 * INT.size)
    number: int = INT.unpack_from(credentials)[0]
    return number


def _read(io: QIODevice, push: Push) -> bool:
    """Give on what was heard; whether there was something."""
    waiting = io.bytesAvailable() // BYTES * BYTES
    if waiting:
        told_at = time.monotonic()
        push(Captured(np.frombuffer(io.read(waiting).data(), np.float32), told_at))
    return waiting > 0


def _write(io: QIODevice, sink: QAudioSink, rate_hz: int, pull: Pull) -> bool:
    """Fill the device's buffer; whether there was room."""
    free = sink.bytesFree() // BYTES
    if free > 0:
        ahead = sink.bufferSize() // BYTES - free
        heard_at = time.monotonic() + max(0, ahead) / rate_hz + SERVER_S
        io.write(np.clip(pull(free, heard_at), -1, 1).tobytes())
    return free > 0


def _format(rate_hz: int) -> QAudioFormat:
    wanted = QAudioFormat()
    wanted.setSampleRate(rate_hz)
    wanted.setChannelCount(1)
    wanted.setSampleFormat(QAudioFormat.SampleFormat.Float)
    return wanted


def _all(direction: Direction) -> list[QAudioDevice]:
    inputs = direction == "input"
    return list(QMediaDevices.audioInputs() if inputs else QMediaDevices.audioOutputs())


def _default(direction: Direction) -> QAudioDevice:
    if direction == "input":
        return QMediaDevices.defaultAudioInput()
    return QMediaDevices.defaultAudioOutput()


def _id(device: QAudioDevice) -> str:
    return bytes(device.id().data()).decode(errors="replace")


def _found(direction: Direction, device: str) -> QAudioDevice:
    """Raises:
    DeviceError: there is no such device.
    """
    for known in _all(direction) if device else [_default(direction)]:
        if not known.isNull() and device in ("", _id(known)):
            return known
    raise no_device(direction, device)


def _refused(direction: Direction) -> DeviceError:
    return DeviceError(
        "busy",
        "Expected a {what} that can be used, found that it does not open; close other "
        "programs that use it.",
        what=called(direction),
    )
