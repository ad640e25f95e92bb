"""A process that works for us on what may bring it down or never end: one request at a time, an
answer each. Knows frames of bytes; what is in them is others' matter.

Thread contract: any thread; requests come one after the other, and wait.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Sequence
from typing import cast

from plugins.errors import KnownError, Problem
from runtime.process.frames import FrameError, Sink, Source, read_frame, write_frame


class HelperProcess:
    """Started at the first request, and again after one that brought it down."""

    def __init__(self, command: Sequence[str], task: Problem, limit_s: float) -> None:
        """`task` is what it is there for, as in "the helper that looks at media"; `limit_s` are the
        seconds after which a request is given up."""
        self._command, self._task, self._limit_s = command, task, limit_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = threading.Event()

    def start(self) -> None:
        """Have it ready for the first request, which is answered sooner then."""
        with self._lock:
            self._running()

    def ask(self, request: bytes) -> bytes | None:
        """Its answer; None where the request brought it down or took too long.

        Raises:
            KnownError: it cannot be started, or it was closed.
        """
        with self._lock:
            return self._asked(request)

    def close(self) -> None:
        """End it. Requests fail from now on."""
        self._closed.set()
        process = self._process
        if process is not None:
            process.kill()
        with self._lock:
            self._end()

    def _asked(self, request: bytes) -> bytes | None:
        process = self._running()
        timer = threading.Timer(self._limit_s, process.kill)
        timer.daemon = True
        timer.start()
        try:
            write_frame(cast(Sink, process.stdin), request)
            answer = read_frame(cast(Source, process.stdout))
        except (OSError, FrameError):
            answer = None  # It is gone.
        finally:
            timer.cancel()
            timer.join()
        if answer is None:
            self._end()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._refuse_if_closed()
            try:
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            except OSError as error:
                raise KnownError(
                    "the helper that {task}: expected it to start, found: {error}. Free some "
                    "memory, or install Medley again.",
                    task=self._task,
                    error=error,
                ) from error
        if self._closed.is_set():
            # Perhaps in this moment: whoever closed saw no process yet.
            self._end()
        self._refuse_if_closed()
        return self._process

    def _refuse_if_closed(self) -> None:
        if self._closed.is_set():
            raise KnownError(
                "the helper that {task} was ended: Medley is closing.", task=self._task
            )

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        process.wait()
