"""Runs the programs that download packages, and ends them with this process.

Knows processes; knows nothing of packages.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from runtime.process.own_program import process_command

LOOK_S = 0.05
"""Between two looks at what a program has done."""


@dataclass(frozen=True)
class Ended:
    """The end of a program."""

    code: int
    said: str
    """Everything that it wrote to both outputs."""


class Programs:
    """Programs that run for one purpose.

    Threads: from any.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def run(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        has_all: Callable[[], bool] = lambda: False,
    ) -> Ended:
        """Run one to its end; one that is started after `stop` is ended at once.

        Args:
            has_all: called several times per second; when it returns True, the program has done its
                work and is ended.

        Raises:
            OSError: the system does not start it.
        """
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        with self._lock:
            self._running.add(process)
            if self._stopped:
                process.kill()
        try:
            said = _listen(process, has_all)
        finally:
            with self._lock:
                self._running.discard(process)
        return Ended(process.returncode, said)

    def stop(self) -> None:
        """End all of them now, and every one that will be started."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                with contextlib.suppress(OSError):
                    process.kill()


def _listen(process: subprocess.Popen[str], has_all: Callable[[], bool]) -> str:
    while True:
        try:
            return process.communicate(timeout=LOOK_S)[0]
        except subprocess.TimeoutExpired:
            if has_all():
                process.kill()


def bound(words: Sequence[str]) -> list[str]:
    """The command line of a program that ends with its parent, from source and in a frozen app.

    Args:
        words: `pip` or a program's path, and its arguments.
    """
    return process_command("runtime.catalogue.bound", *words)
