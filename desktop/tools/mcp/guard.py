"""The process between Medley and the program of an MCP server: it starts the program and ends the
whole tree of it, whoever dies and however.

Its parent holds the other end of a control pipe. Through it comes first what to start, whose
secrets no list of processes shall show: four bytes, big endian, with the length of a JSON object
`command`, `env`, `cwd`. When the pipe closes, as it does even if the parent is killed, or when the
program ends by itself, the guard ends everything that descends from it. On Linux nothing escapes:
as the subreaper of its descendants it inherits each one whose parent died, and it goes on until it
has no child left. The pipes of the program belong to the parent alone.

Started as a file, without Medley's packages and deaf to the environment that the program gets: it
imports the standard library only.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

GRACE_S = 2.0
"""Seconds that a program has to end by itself once its input is closed."""
TERMINATE_S = 2.0
"""Seconds that its tree has after SIGTERM."""
NOT_STARTED = 127
"""The exit code where the program could not be started; why stands on stderr."""
_LOOK_S = 0.02
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def main(words: Sequence[str]) -> int:
    """Guard a program to its end; its exit code, 128 and the signal where one ended it.

    Args:
        words: the file descriptor of the control pipe.
    """
    control = int(words[0])
    os.set_inheritable(control, False)
    wish = _read_wish(control)
    if wish is None:
        return NOT_STARTED
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    _inherit_orphans()
    try:
        program = subprocess.Popen(
            wish["command"],
            env=wish["env"],
            cwd=wish["cwd"] or None,
            start_new_session=True,
            preexec_fn=_before_program,
        )
    except (OSError, ValueError) as error:
        print(f"{wish['command'][0]}: {error}", file=sys.stderr, flush=True)
        return NOT_STARTED
    _let_go_of_pipes()
    family = _Family(program.pid, woken)
    if family.wait(None, control):
        family.wait(GRACE_S)
    family.end()
    code = family.code
    return 128 + os.WTERMSIG(code) if os.WIFSIGNALED(code) else os.WEXITSTATUS(code)


def _read_wish(control: int) -> dict[str, Any] | None:
    """What to start; None where the parent died before it said so."""
    head = _read(control, 4)
    body = _read(control, int.from_bytes(head, "big"))
    return json.loads(body) if body else None


def _read(control: int, count: int) -> bytes:
    data = b""
    while len(data) < count and (more := os.read(control, count - len(data))):
        data += more
    return data if len(data) == count else b""


class _Family:
    """The program and all that descends from it."""

    def __init__(self, program: int, woken: int) -> None:
        self._program, self._woken = program, woken
        self._childless = False
        self._program_ended = False
        self.code = 0
        """Wait status of the program, once it has ended."""

    def wait(self, seconds: float | None, control: int | None = None) -> bool:
        """Wait for the end of the program, `seconds` at most; True where instead the control pipe
        closed or the time was up."""
        until = None if seconds is None else time.monotonic() + seconds
        while not self._reaped():
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                return True
            heard = [self._woken] if control is None else [self._woken, control]
            ready, _, _ = select.select(heard, [], [], left)
            if self._woken in ready:
                os.read(self._woken, 4096)
            if control in ready:
                return True
        return False

    def end(self) -> None:
        """End all that is left: politely, then not, until nothing is left."""
        until = time.monotonic() + TERMINATE_S
        self._signal(signal.SIGTERM)
        while not self._empty() and time.monotonic() < until:
            time.sleep(_LOOK_S)
        while not self._empty():
            self._signal(signal.SIGKILL)
            time.sleep(_LOOK_S)

    def _signal(self, number: signal.Signals) -> None:
        for pid in _descendants(self._program):
            with contextlib.suppress(OSError):
                os.kill(pid, number)

    def _empty(self) -> bool:
        self._reaped()
        return self._childless

    def _reaped(self) -> bool:
        """Take note of children that have ended; whether the program has."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                self._childless = True
                return True
            if pid == 0:
                return self._program_ended
            if pid == self._program:
                self._program_ended, self.code = True, status


def _descendants(program: int) -> list[int]:
    """Of this process; the program's group where the system does not tell."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name of the program, in brackets, may hold anything.
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            children[int(fields[1])].append(int(folder.name))
    if not children:
        return _group(program)
    found, waiting = list[int](), [os.getpid()]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _group(program: int) -> list[int]:
    """The negated group of the program, which `kill` takes; the program began a session."""
    with contextlib.suppress(OSError):
        os.killpg(program, 0)
        return [-program]
    return []


def _let_go_of_pipes() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.close(nothing)


def _inherit_orphans() -> None:
    _control_process(_PR_SET_CHILD_SUBREAPER, 1)


def _before_program() -> None:
    """In the program, before it is one: it dies with the guard, and hears signals again."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    _control_process(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _linux_control() -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    import ctypes

    return ctypes.CDLL(None).prctl


_prctl = _linux_control()


def _control_process(what: int, value: int) -> None:
    if _prctl is not None:
        _prctl(what, value, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
