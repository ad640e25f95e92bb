"""Ends processes that we started, with everything that they started. Knows processes only.

A process that we start begins a session of its own (`start_new_session`), and what it starts in its
turn belongs to that session unless it leaves it on purpose. A process's end is watched by its id:
the end of its pipes may never come, since whatever it started may hold them open.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from typing import IO, Any

_PASSES = 5
"""The number of passes over a session, since its members may start others meanwhile."""


def wait_for_end(process: subprocess.Popen[Any]) -> None:
    """Wait until a process has ended. Where possible it is not reaped, so that its id is not reused
    before `end_session` has looked for the rest of its session."""
    if hasattr(os, "waitid"):
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            return
    process.wait()


def end_session(leader: int) -> None:
    """Kill a process, which must not have been reaped, and all others of its session."""
    if not hasattr(os, "getsid"):
        _end_children(leader)
        return
    ended: set[int] = set()
    for _ in range(_PASSES):
        members = _members(leader) - ended
        if not members:
            return
        for pid in members:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        ended |= members


def _members(leader: int) -> set[int]:
    import psutil

    found = {leader}
    for pid in psutil.pids():
        with contextlib.suppress(OSError):
            if os.getsid(pid) == leader:
                found.add(pid)
    return found


def _end_children(leader: int) -> None:
    """End a process and all its descendants, where there are no sessions."""
    import psutil

    with contextlib.suppress(psutil.Error):
        process = psutil.Process(leader)
        for one in [*process.children(recursive=True), process]:
            with contextlib.suppress(psutil.Error):
                one.kill()


class Command:
    """A command that runs to its end. What it says goes into files, not into pipes that whatever
    it leaves behind could hold open. `kill` from any thread, `wait` on one."""

    def __init__(self, command: Sequence[str], given: str = "") -> None:
        """Start it.

        Args:
            command: its command line.
            given: what it reads from its input.

        Raises:
            OSError: the system does not start it.
        """
        self._lock = threading.Lock()
        self._over = False
        with contextlib.ExitStack() as files:
            self._out, self._err = (files.enter_context(tempfile.TemporaryFile()) for _ in range(2))
            words = files.enter_context(tempfile.TemporaryFile())
            words.write(given.encode())
            words.seek(0)
            self._process = subprocess.Popen(
                command,
                stdin=words,
                stdout=self._out,
                stderr=self._err,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            words.close()
            files.pop_all()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def over(self) -> bool:
        """Whether `wait` has seen its end."""
        return self._over

    def said(self) -> str:
        """The output so far; `wait` returns all of it."""
        with self._lock:
            if self._over or not hasattr(os, "pread"):
                return ""
            size = os.fstat(self._out.fileno()).st_size
            return os.pread(self._out.fileno(), size, 0).decode("utf-8", "replace")

    def kill(self) -> None:
        """End it now, with all that it started; nothing happens when it is over."""
        with self._lock:
            if not self._over:
                end_session(self._process.pid)

    def wait(self) -> tuple[int, str, str]:
        """Its exit code, or minus the number of the signal that ended it, and what it wrote to its
        output and to its error output. What it left running is ended."""
        wait_for_end(self._process)
        with self._lock:
            end_session(self._process.pid)
            code = self._process.wait()
            self._over = True
        with self._out, self._err:
            return code, _all_of(self._out), _all_of(self._err)


def _all_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
