"""Starts and stops the conversation of a running Medley from elsewhere, as from a global key.

Whoever talks listens on a local socket in the data folder that only this person can use.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from plugins.errors import KnownError
from storage.file.private import make_folder, own_folder

NAME = "talk.socket"
WAIT_S = 3.0
TOGGLE = b"toggle\n"
_LARGEST = 64
_WAITING = 4


def socket_path() -> Path:
    """Where whoever talks listens."""
    return own_folder() / NAME


def toggle(path: Path | None = None) -> str:
    """Have the window or the terminal that runs begin or end its conversation; its state then.

    Raises:
        KnownError: none runs, or it does not answer.
    """
    with _socket() as caller:
        caller.settimeout(WAIT_S)
        try:
            caller.connect(str(path or socket_path()))
            caller.sendall(TOGGLE)
            return caller.recv(_LARGEST).decode("ascii", "replace").strip()
        except OSError as error:
            raise KnownError(
                "expected a window or a `medley talk` that runs, found none. Start one of them "
                "first."
            ) from error


class Remote:
    """Listens for `toggle`, from its making until `close`.

    Threads: `on_toggle` is called on a thread of this object.
    """

    def __init__(self, on_toggle: Callable[[], str], path: Path | None = None) -> None:
        """Where somebody else listens already, or the system has no such sockets, nobody calls.

        Args:
            on_toggle: begins or ends the conversation; returns its state then.
            path: of the socket; None is the person's own.
        """
        self._on_toggle = on_toggle
        self._path = path or socket_path()
        self._server: socket.socket | None = None
        self._thread: threading.Thread | None = None
        with contextlib.suppress(OSError, KnownError):
            make_folder(self._path.parent)
            self._server = self._listen()
        if self._server is not None:
            self._thread = threading.Thread(target=self._serve, name="talk-remote", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Listen no more. Twice does no harm."""
        server, self._server = self._server, None
        if server is None:
            return
        self._path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(WAIT_S)

    def _listen(self) -> socket.socket | None:
        if self._is_taken():
            return None
        self._path.unlink(missing_ok=True)
        server = _socket()
        try:
            before = os.umask(0o177)
            try:
                server.bind(str(self._path))
            finally:
                os.umask(before)
            server.listen(_WAITING)
        except OSError:
            server.close()
            raise
        return server

    def _is_taken(self) -> bool:
        with _socket() as caller, contextlib.suppress(OSError):
            caller.settimeout(WAIT_S)
            caller.connect(str(self._path))
            return True
        return False

    def _serve(self) -> None:
        while (server := self._server) is not None:
            try:
                caller, _ = server.accept()
            except OSError:
                return
            with caller, contextlib.suppress(OSError):
                caller.settimeout(WAIT_S)
                if caller.recv(_LARGEST) == TOGGLE:
                    caller.sendall(self._on_toggle().encode("ascii") + b"\n")


def _socket() -> socket.socket:
    """A local socket.

    Raises:
        KnownError: the system has none.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise KnownError("expected a system with local sockets, found one without. Use the window.")
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
