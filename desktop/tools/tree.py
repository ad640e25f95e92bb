"""Ends the tools process with everything that it started, whoever of them dies first.

What is started by tools may begin sessions of its own and outlive its starter, so neither sessions
nor parents find all of it. Each process of a tree carries the tree's mark in its environment, and
on Linux those that lose their starter become children of the tools process. Knows processes only.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator

VARIABLE = "MEDLEY_TOOLS_TREE"
"""The environment variable with the mark. Whoever starts a process with an environment of its own
passes it on."""
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_UNBURIED_S = 30.0
"""Seconds after which nobody is taken to wait for a child that ended."""
_PASSES = 20
"""The most passes over all processes, since those that are to end may start others meanwhile."""


def new_mark() -> str:
    """A mark for one tools process; it is never used twice."""
    return secrets.token_hex(16)


def begin_tree(mark: str, clear_up: Callable[[], None]) -> None:
    """Be the root of a tree: bear its mark, take over what loses its starter, and end the tree when
    the parent dies or asks by SIGTERM. `clear_up` is called then, once the rest has ended.

    Threads: the main one.
    """
    # The handler may interrupt anything, an import of the same module too.
    import psutil  # noqa: F401

    os.environ[VARIABLE] = mark

    def end(_signal: int, _frame: object) -> None:
        end_tree(mark)
        clear_up()
        os._exit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)
        # A signal that can be obeyed, unlike SIGKILL: the tree is ended first.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def bury_orphans(known: dict[int, float], now: float) -> None:
    """Bury children that ended and that nobody waits for: those of processes that ended before
    them. Whoever started a child itself waits for it sooner.

    Args:
        known: when each ended child was seen first; kept from call to call.
        now: seconds.
    """
    import psutil

    ended: set[int] = set()
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if child.status() == psutil.STATUS_ZOMBIE:
                ended.add(child.pid)
    for pid in [pid for pid in known if pid not in ended]:
        del known[pid]
    for pid in ended:
        if now - known.setdefault(pid, now) > _UNBURIED_S:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def end_tree(mark: str) -> None:
    """Kill everything that bears the mark or descends from this process, but not this process."""
    ended: set[int] = set()
    for _ in range(_PASSES):
        members = set(_members(mark)) - ended - {os.getpid()}
        if not members:
            return
        for pid in members:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        ended |= members


def _members(mark: str) -> Iterator[int]:
    import psutil

    own = os.environ.get(VARIABLE) == mark
    if own:
        with contextlib.suppress(psutil.Error):
            yield from (one.pid for one in psutil.Process().children(recursive=True))
    for pid in psutil.pids():
        with contextlib.suppress(psutil.Error, OSError):
            if psutil.Process(pid).environ().get(VARIABLE) == mark:
                yield pid
