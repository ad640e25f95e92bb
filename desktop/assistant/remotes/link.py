"""A connection to another computer: started, greeted, and how it ended.

Knows ssh and what the two ends say; knows no engine.

Thread contract: `send` on one thread, `receive` on one, `close` on any.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections import deque
from typing import IO

import msgspec

from desktop.assistant.remotes.kept import Remote
from desktop.assistant.remotes.ssh import Failed, failed, ssh_command
from desktop.assistant.remotes.starting import refuse_if_offline
from plugins.errors import KnownError, Problem, phrase
from runtime.process.frames import FrameError, read_frame, write_frame
from runtime.worker.protocol import Offered, Refused
from runtime.worker.remote.messages import (
    Hello,
    ToFar,
    ToNear,
    decode_to_near,
    encode,
    hello,
    mismatch,
    skip_to_greeting,
)

PAUSES_S = (0.5, 2.0)
"""Before the second and the third try to reach a computer; there is no fourth."""
GREETING_S = 90.0
"""Seconds in which Medley has to answer there once it was started."""
END_S = 3.0
KEPT_LINES, LINE_BYTES = 40, 500


class Link:
    """One connection."""

    def __init__(self, remote: Remote) -> None:
        """Start ssh; see `greet`.

        Raises:
            KnownError: there is none, it does not start, or connections are forbidden.
        """
        refuse_if_offline()
        self._remote = remote
        self.offered = Offered((), "")
        """What the other end has, once it greeted."""
        self._greeted = False
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        try:
            self._process = subprocess.Popen(
                ssh_command(remote),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise KnownError(
                "expected the program ssh to start, found: {error}. Install the OpenSSH client of "
                "your system again.",
                "network",
                error=error,
            ) from error
        self._in, self._out = _pipe(self._process.stdin), _pipe(self._process.stdout)
        self._err = _pipe(self._process.stderr)
        self._listener = threading.Thread(target=self._listen, name="ssh-stderr", daemon=True)
        self._listener.start()

    def greet(self) -> None:
        """Wait for the other end, and see that it is the same Medley.

        Raises:
            NotLinked: it did not greet, or is another Medley.
        """
        timer = threading.Timer(GREETING_S, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            self.send(hello())
            skip_to_greeting(self._out)
            first = self.receive()
        except (OSError, FrameError, msgspec.DecodeError):
            first = None
        finally:
            timer.cancel()
        if isinstance(first, Refused):
            raise NotLinked(Failed(first.problem))
        if not isinstance(first, Hello):
            raise NotLinked(self.ended())
        if (problem := mismatch(first)) is not None:
            raise NotLinked(Failed(self.there(problem)))
        self._greeted = True
        self.offered = first.offered or self.offered

    def send(self, message: ToFar) -> None:
        """Send one message; waits while the connection is full.

        Raises:
            OSError: it is cut.
            FrameError: the message is too large for a frame.
        """
        write_frame(self._in, encode(message))

    def receive(self) -> ToNear | None:
        """The next message; None where there are no more.

        Raises:
            OSError, FrameError, msgspec.DecodeError: what comes is none.
        """
        payload = read_frame(self._out)
        return None if payload is None else decode_to_near(payload)

    def ended(self) -> Failed:
        """Why it is over, once it is."""
        with contextlib.suppress(OSError):
            self._in.close()
        code: int | None
        try:
            code = self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            code = None
            self._process.kill()
            self._process.wait()
        self._listener.join(END_S)
        return failed(self._remote, code, [*self._lines], greeted=self._greeted)

    def there(self, problem: Problem) -> Problem:
        """A sentence of the other end, with its name."""
        told = phrase("{name}: {problem}", name=self._remote.name, problem=problem)
        return msgspec.structs.replace(told, kind=problem.kind)

    def close(self) -> None:
        """Hang up; the other end ends."""
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        self._listener.join(END_S)
        for stream in (self._in, self._out):
            with contextlib.suppress(OSError):
                stream.close()

    def _listen(self) -> None:
        with self._err:
            while line := self._err.readline(LINE_BYTES):
                text = line.decode("utf-8", "backslashreplace").strip()
                if text:
                    self._lines.append(text)


class NotLinked(Exception):  # noqa: N818  (whoever connects decides what it is)
    """One try to connect came to nothing."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(str(failed.problem))
        self.failed = failed


def connect(remote: Remote) -> Link:
    """A connection that greeted. A computer that is not reached is tried again, twice.

    Raises:
        KnownError: why there is none, and what to do.
    """
    pauses = iter(PAUSES_S)
    while True:
        link = Link(remote)
        try:
            link.greet()
            return link
        except NotLinked as error:
            link.close()
            pause = next(pauses, None) if error.failed.again else None
            if pause is None:
                raise KnownError(error.failed.problem) from None
        time.sleep(pause)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # Popen was asked for a pipe.
    return stream
