"""One window for one library: a second start hands its files to the first window and ends.

The first window listens on a local socket that only this person can use, in the runtime folder
that the system keeps for them, else beside the library. Knows Qt's local sockets; knows no view.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from storage.errors import LibraryError
from storage.file.private import make_folder

WAIT_MS = 5_000
"""How long a second start waits for the first window to take its files."""
LONGEST_NAME = 100
"""Bytes of a socket's path; systems take little more."""
LARGEST = 1_000_000
"""Bytes of a call."""
_TAKEN = b"taken\n"
_TOKEN = "XDG_ACTIVATION_TOKEN"
"""With this Wayland lets a window come to the front."""


class Call(msgspec.Struct, frozen=True):
    """What a second start says."""

    files: tuple[bytes, ...] = ()
    """Absolute paths as the system has them."""
    token: str = ""
    """The desktop's leave to come to the front."""

    @property
    def paths(self) -> list[Path]:
        """The files."""
        return [Path(os.fsdecode(file)) for file in self.files]


def socket_name(library: Path) -> str:
    """Where the window of a library listens; empty where there is no private place for that."""
    digest = hashlib.sha256(os.fsencode(library.absolute())).hexdigest()[:16]
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    folder = Path(runtime) if runtime and Path(runtime).is_dir() else library.parent
    if os.name != "posix":
        return f"medley-{digest}"
    name = str(folder / f"medley-{digest}.socket")
    return name if len(os.fsencode(name)) <= LONGEST_NAME and folder.is_dir() else ""


def hand_over(library: Path, files: Sequence[Path]) -> bool:
    """Have the library's window come to the front and take files; False where there is none."""
    name = socket_name(library)
    if not name:
        return False
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(WAIT_MS):
        return False
    absolute = tuple(os.fsencode(file.absolute()) for file in files)
    call = Call(absolute, os.environ.get(_TOKEN, ""))
    socket.write(msgspec.json.encode(call) + b"\n")
    while not socket.canReadLine():
        if not socket.waitForReadyRead(WAIT_MS):
            return False
    return bytes(socket.readLine().data()) == _TAKEN


def is_open(library: Path) -> bool:
    """Whether the library's window is open. It does not notice."""
    name = socket_name(library)
    if not name:
        return False
    socket = QLocalSocket()
    socket.connectToServer(name)
    found = socket.waitForConnected(WAIT_MS)
    socket.abort()
    return found


class FirstWindow(QObject):
    """Listens for second starts, from its making until `close`."""

    called = Signal(object)
    """A `Call` has come."""

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        with contextlib.suppress(LibraryError, OSError):
            make_folder(library.parent)
        name = socket_name(library)
        if name and not self._server.listen(name):
            # Nobody answered there, or this would be a second start: it is left of a sudden end.
            QLocalServer.removeServer(name)
            self._server.listen(name)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > LARGEST:
            socket.abort()
        if not socket.canReadLine():
            return
        try:
            call = msgspec.json.decode(bytes(socket.readLine().data()), type=Call)
        except msgspec.MsgspecError:
            socket.abort()
            return
        socket.write(_TAKEN)
        socket.flush()
        if call.token:
            os.environ[_TOKEN] = call.token
        self.called.emit(call)
