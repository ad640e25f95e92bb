"""Holds a child process: starts it, carries its frames, keeps its last words, tells its end.

Knows processes and frames; what is in the frames is the matter of whoever starts it.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Generic, TypeVar

import msgspec

from plugins.errors import KnownError, Problem, phrase
from runtime.process.frames import FrameCutError, FrameError, read_frame, write_frame
from runtime.process.reap import end_session, wait_for_end

KEPT_LINES, LINE_BYTES = 200, 1000
"""Of its stderr: the newest lines, broken where they are longer."""
END_S = 5.0
"""Seconds that it gets to end by itself when it is asked to."""
DRAIN_S = 2.0
"""Seconds that what it said last gets to arrive once it has ended."""
R = TypeVar("R")
"""What it sends."""


class ChildProcess(Generic[R]):
    """A running child process that sends reports.

    Threads: start it on a thread that lives as long as the process shall, since on Linux the kernel
    ends it with that thread, and read `reports` on one thread; the rest from any.
    """

    def __init__(self, command: Sequence[str], decode: Callable[[bytes], R], what: Problem) -> None:
        """Start it.

        Args:
            command: its command line.
            decode: makes a report of a frame; raises `msgspec.DecodeError` where it is none.
            what: names it in sentences, for example `the engine's process`.

        Raises:
            KnownError: the system does not start it.
        """
        try:
            # Its own session: Ctrl-C in the terminal is for the window, which then stops it, and
            # what it starts is ended with it.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise KnownError(
                "{what}: expected it to start, found: {error}. Free some memory, or install "
                "Medley again.",
                what=what,
                error=error,
            ) from error
        self._decode, self._what = decode, what
        self._stdin, self._stdout = _pipe(self._process.stdin), _pipe(self._process.stdout)
        self._stderr = _pipe(self._process.stderr)
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._incoming: queue.SimpleQueue[R | KnownError | None] = queue.SimpleQueue()
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._reaping = threading.Lock()
        self._ended = threading.Event()
        self._reader = _thread(self._read, "child-reader")
        self._writer = _thread(self._write, "child-writer")
        self._listener = _thread(self._listen, "child-stderr")
        self._watcher = _thread(self._watch, "child-watcher")

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def last_words(self) -> tuple[str, ...]:
        """The newest lines of its stderr, oldest first."""
        return tuple(self._lines)

    def send(self, payload: bytes) -> None:
        """Send one frame, of a size that a frame may have; returns at once."""
        self._outgoing.put(payload)

    def reports(self) -> Iterator[R]:
        """What it says, until it ends, whoever still holds its pipes then.

        Raises:
            KnownError: it says something that is no report.
        """
        while (report := self._incoming.get()) is not None:
            if isinstance(report, KnownError):
                raise report
            yield report

    def hang_up(self) -> None:
        """Close its command pipe, which ends it soon; returns at once."""
        self._outgoing.put(None)

    def kill(self) -> None:
        """End it now, whatever it does, and all that it started."""
        with self._reaping:
            if not self._ended.is_set():
                end_session(self.pid)

    def bury(self) -> int | None:
        """Wait for its end, which is made to come, and free what it held; its exit code, as
        `subprocess` gives it."""
        self.hang_up()
        if not self._ended.wait(END_S):
            self.kill()
            self._ended.wait(END_S)
        # Threads whose pipe is held by somebody who outlived it are left behind.
        for thread in (self._reader, self._writer, self._listener, self._watcher):
            thread.join(DRAIN_S)
        return self._process.returncode

    def _watch(self) -> None:
        wait_for_end(self._process)
        with self._reaping:
            end_session(self.pid)
            self._process.wait()
            self._ended.set()
        self._reader.join(DRAIN_S)
        self._incoming.put(None)

    def _read(self) -> None:
        with self._stdout:
            try:
                while (payload := read_frame(self._stdout)) is not None:
                    self._incoming.put(self._decode(payload))
            except (FrameError, msgspec.DecodeError) as error:
                # Why it died in the middle of a frame is told by its end.
                if not isinstance(error, FrameCutError):
                    self._incoming.put(self._unreadable(error))
            self._incoming.put(None)

    def _unreadable(self, error: Exception) -> KnownError:
        return KnownError(
            "{what}: expected a report, found {error}. Ask again: it starts anew.",
            what=self._what,
            error=error,
        )

    def _write(self) -> None:
        try:
            while (payload := self._outgoing.get()) is not None:
                write_frame(self._stdin, payload)
            self._stdin.close()
        except OSError:
            _close_broken(self._stdin)  # It has ended; that shows where its reports are read.

    def _listen(self) -> None:
        with self._stderr:
            while line := self._stderr.readline(LINE_BYTES):
                text = line.decode("utf-8", "backslashreplace").rstrip()
                if text:
                    self._lines.append(text)


def _thread(run: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # Popen was asked for a pipe.
    return stream


def _close_broken(stream: IO[bytes]) -> None:
    """Close a stream whose buffer can no longer be written."""
    with contextlib.suppress(OSError):
        stream.close()


def ended_unasked(what: Problem, code: int | None, last_words: Sequence[str]) -> Problem:
    """Why a process ended that nobody asked to; `what` names it, and it is started anew."""
    how = phrase("with code {code}", code=code)
    if code is not None and code < 0:
        how = phrase("by signal {number}", number=-code)
    said = phrase("; its last words: {words}", words=last_words[-1]) if last_words else ""
    return phrase(
        "expected {what} to go on, it ended {how}{said}. It is started anew.",
        what=what,
        how=how,
        said=said,
    )
