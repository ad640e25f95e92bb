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
from typing import Any

_PASSES = 5
"""How often a session is looked through again, since its members may start others meanwhile."""


def wait_for_end(process: subprocess.Popen[Any]) -> None:
    """Wait until a process has ended. Where the system can it is not reaped, so that nobody else
    gets its id before `end_session` has looked for the rest of its session."""
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
    """Where there are no sessions: the process with all that descends from it."""
    import psutil

    with contextlib.suppress(psutil.Error):
        process = psutil.Process(leader)
        for one in [*process.children(recursive=True), process]:
            with contextlib.suppress(psutil.Error):
                one.kill()
