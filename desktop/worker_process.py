"""Holds one worker process: starts it, carries its frames, keeps its last words, says why it ended.

Knows processes and the worker's protocol; knows nothing of turns. Imports no torch.
"""

from __future__ import annotations

import contextlib
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import IO

import msgspec

from plugins.errors import KnownError
from runtime.worker import WORKER_ARGUMENT
from runtime.worker.frames import FrameCutError, FrameError, read_frame, write_frame
from runtime.worker.protocol import Report, decode_report

KEPT_LINES, LINE_BYTES = 200, 1000
"""Of the worker's stderr: the newest lines, broken where they are longer."""
END_S = 5.0
"""Seconds that a worker gets to end by itself when it is asked to."""


def worker_command() -> list[str]:
    """The command line of a worker, from source and in a frozen app."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_ARGUMENT]
    # -P: a folder `runtime` where the person happens to be must not be taken for ours.
    return [sys.executable, "-P", "-m", "runtime.worker"]


class WorkerProcess:
    """A running worker.

    Threads: start it on a thread that lives as long as the worker shall, since on Linux the kernel
    ends it with that thread, and read `reports` on one thread; the rest from any.
    """

    def __init__(self, command: Sequence[str]) -> None:
        """Start it.

        Raises:
            KnownError: the system does not start it.
        """
        try:
            # Its own session: Ctrl-C in the terminal is for the window, which then stops it.
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
                f"the engine's process: expected it to start, found: {error}. Free some memory, or "
                "install Medley again."
            ) from error
        self._stdin, self._stdout = _pipe(self._process.stdin), _pipe(self._process.stdout)
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        stderr = _pipe(self._process.stderr)
        self._threads = (
            threading.Thread(target=self._write, name="engine-writer", daemon=True),
            threading.Thread(
                target=self._listen, args=(stderr,), name="engine-stderr", daemon=True
            ),
        )
        for thread in self._threads:
            thread.start()

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

    def reports(self) -> Iterator[Report]:
        """What it says, until it ends.

        Raises:
            KnownError: it says something that is no report.
        """
        try:
            while (payload := read_frame(self._stdout)) is not None:
                yield decode_report(payload)
        except FrameCutError:
            return  # It died in the middle of a word; why is told by its end.
        except (FrameError, msgspec.DecodeError) as error:
            raise KnownError(
                f"the engine's process: expected a report, found {error}. Ask again: it starts "
                "anew."
            ) from error

    def hang_up(self) -> None:
        """Close its command pipe, which ends it soon; returns at once."""
        self._outgoing.put(None)

    def kill(self) -> None:
        """End it now, whatever it does."""
        self._process.kill()

    def bury(self) -> str:
        """Wait for its end, which is made to come, and free what it held; says why it ended."""
        self.hang_up()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stdout.close()
        for thread in self._threads:
            thread.join()
        return why_ended(self._process.returncode, self.last_words)

    def _write(self) -> None:
        try:
            while (payload := self._outgoing.get()) is not None:
                write_frame(self._stdin, payload)
            self._stdin.close()
        except OSError:
            _close_broken(self._stdin)  # It has ended; that shows where its reports are read.

    def _listen(self, stderr: IO[bytes]) -> None:
        with stderr:
            while line := stderr.readline(LINE_BYTES):
                text = line.decode("utf-8", "backslashreplace").rstrip()
                if text:
                    self._lines.append(text)


def why_ended(code: int, last_words: Sequence[str]) -> str:
    """One sentence about a worker that ended although nobody asked it to.

    Args:
        code: as `subprocess` gives it: the exit code, or minus the signal's number.
        last_words: lines of its stderr.
    """
    how = f"with exit code {code}" if code >= 0 else f"by signal {-code} ({_signal_name(-code)})"
    guess = ", perhaps because memory ran out" if code == -getattr(signal, "SIGKILL", 9) else ""
    said = f"; its last words: {last_words[-1]}" if last_words else ""
    return f"the engine's process was ended {how}{guess}{said}. Ask again: it starts anew."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # Popen was asked for a pipe.
    return stream


def _close_broken(stream: IO[bytes]) -> None:
    """Close a stream whose buffer can no longer be written."""
    with contextlib.suppress(OSError):
        stream.close()
