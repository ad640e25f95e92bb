"""A process that is told one thing, reports until it is done, and can be stopped.

Knows processes and frames; what is in them is others' matter.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Generic, TypeVar

import msgspec

from runtime.process.frames import FrameError, read_frame, write_frame

R = TypeVar("R")
"""The reports of a process."""
END_S = 10.0
"""Seconds that a process gets to end by itself once it was stopped or has said its last word."""


@dataclass(frozen=True)
class Ended(Generic[R]):
    """How a process ended."""

    last: R | None
    """Its last word; None where it ended without one."""
    code: int = 0
    """Its exit code, or minus the number of the signal that ended it."""
    not_started: OSError | None = None


class Task(Generic[R]):
    """One process for one thing.

    Threads: `start`, `cancel` and `wait` from any; the callbacks come on a thread of its own.
    """

    def __init__(
        self,
        command: Sequence[str],
        decode: Callable[[bytes], R],
        is_last: Callable[[R], bool],
        on_report: Callable[[R], object],
        on_end: Callable[[Ended[R]], object],
    ) -> None:
        """`decode` makes reports of frames; `is_last` says which one is the last; `on_report` gets
        every other, and `on_end` is told once, at the end."""
        self._command, self._decode, self._is_last = command, decode, is_last
        self._on_report, self._on_end = on_report, on_end
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stop = b""
        self._stopped = False
        self._killer: threading.Timer | None = None
        self._thread: threading.Thread | None = None

    def start(self, wish: bytes, stop: bytes) -> None:
        """Begin; returns at once. `wish` is what it is told, `stop` what `cancel` tells it."""
        self._stop = stop
        # The process lives on this thread: on Linux the kernel ends it with its starter.
        self._thread = threading.Thread(target=self._run, args=(wish,), name="task")
        self._thread.start()

    def cancel(self) -> None:
        """Have it stop and clear up, and end it where it does not; returns at once."""
        with self._lock:
            if self._stopped:
                return
            self._stopped = True
            self._tell_stop()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end, for at most so many seconds; whether it came."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._thread is None or not self._thread.is_alive()

    def kill(self) -> None:
        """End the process at once; what it was making stays half-made."""
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def _run(self, wish: bytes) -> None:
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._on_end(Ended(None, not_started=error))
            return
        assert process.stdin is not None and process.stdout is not None
        last = None
        try:
            with process.stdout:
                with self._lock:
                    self._process = process
                    _send(process.stdin, wish)
                    if self._stopped:
                        self._tell_stop()
                last = self._reports(process.stdout)
        finally:
            self._bury(process)
        self._on_end(Ended(last, process.returncode))

    def _reports(self, stream: IO[bytes]) -> R | None:
        """Hand on every report until the last one, and return that."""
        with contextlib.suppress(FrameError, msgspec.DecodeError):
            while (payload := read_frame(stream)) is not None:
                report = self._decode(payload)
                if self._is_last(report):
                    return report
                self._on_report(report)
        return None  # It died, perhaps in the middle of a word.

    def _tell_stop(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            _send(self._process.stdin, self._stop)
            self._killer = threading.Timer(END_S, self._process.kill)
            self._killer.daemon = True
            self._killer.start()

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._process = None
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._killer is not None:
            self._killer.cancel()


def _send(stream: IO[bytes], payload: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):  # It has ended; that shows in its reports.
        write_frame(stream, payload)
