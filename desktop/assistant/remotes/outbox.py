"""What is to be sent to another computer: commands in order, each behind the files that it names,
and what cannot wait between their pieces.

Knows commands and files of this machine; knows no connection.

Thread contract: `put` and `say` on one thread, `pump` on another.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec

from plugins.errors import KnownError, Problem
from runtime.messages import MediaPart
from runtime.process.frames import FrameError
from runtime.worker.protocol import (
    Ask,
    Command,
    Embed,
    Prepare,
    Render,
    Stop,
    StopArtifact,
    TurnId,
    encode_request,
)
from runtime.worker.remote.files import check_size, pieces
from runtime.worker.remote.messages import BEAT_S, Beat, Dropped, ToFar
from runtime.worker.remote.paths import renamed

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}")
Send = Callable[[ToFar], None]


class Outbox:
    """The commands of one connection."""

    def __init__(self, failed: Callable[[Command, Problem | None], None]) -> None:
        """`failed` is told a command that is not sent: why, or None where it was stopped."""
        self._failed = failed
        self._changed = threading.Condition()
        self._waiting: deque[Command] = deque()
        """In order; the first is being sent."""
        self._urgent: deque[ToFar] = deque()
        self._stopped: set[TurnId] = set()
        """Of those that wait."""
        self._sent: set[str] = set()
        """Files that the other end has."""
        self._paths: dict[str, str] = {}
        """Where the files lie here, by the names that they have there."""

    def put(self, command: Command) -> None:
        """Send a command behind all others; `Stop`s go before them."""
        with self._changed:
            if isinstance(command, Stop) and self._waits(command.id):
                self._stopped.add(command.id)
            elif isinstance(command, Stop) or (
                isinstance(command, StopArtifact) and not self._waits(command.id)
            ):
                self._urgent.append(command)
            else:
                self._waiting.append(command)
            self._changed.notify()

    def path(self, name: str) -> str | None:
        """Where a file lies here that was sent under this name."""
        with self._changed:
            return self._paths.get(name)

    def forget(self, name: str) -> None:
        """The other end does not have a file, so that it is sent again with the next command."""
        with self._changed:
            self._sent.discard(name)

    def pump(self, send: Send) -> None:
        """Send what there is, for ever, and a `Beat` where there is nothing.

        Raises:
            OSError: the connection is cut.
        """
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._urgent or self._waiting, BEAT_S)
                command = self._waiting[0] if self._waiting else None
                beat = not (self._urgent or command)
            self._send_urgent(send)
            if beat:
                send(Beat())
            if command is not None:
                self._send_command(command, send)

    def _waits(self, turn: TurnId) -> bool:
        return any(getattr(one, "id", None) == turn for one in self._waiting)

    def _send_urgent(self, send: Send) -> None:
        while True:
            with self._changed:
                if not self._urgent:
                    return
                message = self._urgent.popleft()
            send(message)

    def _send_command(self, command: Command, send: Send) -> None:
        problem: Problem | None = None
        ready: Command | None = None
        try:
            ready = self._with_files(command, send)
            if ready is not None:
                encode_request(ready)  # What is too large is said before it is sent.
        except KnownError as error:
            problem, ready = error.problem, None
        with self._changed:
            stopped = isinstance(command, Ask | Render | Embed) and command.id in self._stopped
            self._waiting.popleft()
            if stopped:
                self._stopped.discard(command.id)  # type: ignore[union-attr]
        if stopped or ready is None:
            self._failed(command, None if stopped else problem)
            return
        try:
            send(ready)
        except FrameError as error:
            self._failed(command, Problem(str(error), kind="fault"))

    def _with_files(self, command: Command, send: Send) -> Command | None:
        """The command with the names that its files have there, once they are there; None where it
        was stopped meanwhile."""
        wanted: dict[str, str] = {}

        def there(part: MediaPart) -> MediaPart:
            name = _name_of(part)
            wanted[name] = part.path
            shown = part.name or Path(part.path).name
            return msgspec.structs.replace(part, path=name, name=shown)

        ready = renamed(command, there)
        for name, path in wanted.items():
            with self._changed:
                self._paths[name] = path
                sent = name in self._sent
            if not sent and not self._send_file(name, path, command, send):
                return None
        return ready

    def _send_file(self, name: str, path: str, command: Command, send: Send) -> bool:
        """Send a file; False where its command was stopped meanwhile."""
        begun = False
        try:
            with open(path, "rb") as stream:
                check_size(os.fstat(stream.fileno()).st_size)
                for piece in pieces(name, stream):
                    self._send_urgent(send)
                    if self._is_stopped(command):
                        if begun:
                            send(Dropped(name))
                        return False
                    begun = True
                    _carry(send, piece)
        except _Cut as error:
            raise error.error from None
        except (OSError, KnownError) as error:
            if begun:
                send(Dropped(name))
            raise (error if isinstance(error, KnownError) else _unreadable(path, error)) from error
        with self._changed:
            self._sent.add(name)
        return True

    def _is_stopped(self, command: Command) -> bool:
        with self._changed:
            return (
                isinstance(command, Ask | Render | Embed | Prepare) and command.id in self._stopped
            )


class _Cut(Exception):  # noqa: N818  (an end of the connection, none of the file)
    def __init__(self, error: OSError) -> None:
        self.error = error


def _carry(send: Send, message: ToFar) -> None:
    """Send, and tell the connection's failure from one of the file."""
    try:
        send(message)
    except OSError as error:
        raise _Cut(error) from error


def _name_of(part: MediaPart) -> str:
    """By which the file is known there, as it is now: a file that is changed gets another.

    Raises:
        KnownError: there is no such file.
    """
    try:
        found = os.stat(part.path)
    except OSError as error:
        raise _unreadable(part.path, error) from error
    state = f"{part.path}\0{found.st_ino}\0{found.st_size}\0{found.st_mtime_ns}"
    ending = os.path.splitext(part.path)[1]
    kept = ending.lower() if _ENDING.fullmatch(ending) else ""
    return hashlib.blake2b(os.fsencode(state), digest_size=16).hexdigest() + kept


def _unreadable(path: str, error: OSError) -> KnownError:
    return KnownError(
        "{path}: expected a file that can be read, found: {strerror}. Give it again.",
        "medium",
        path=path,
        strerror=error.strerror,
    )
