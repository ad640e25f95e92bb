"""The worker as a child process: its command line, and why it ended.

Knows the worker's protocol; knows nothing of turns. Imports no torch.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from runtime.process.child import ChildProcess
from runtime.worker import WORKER_ARGUMENT
from runtime.worker.protocol import Report, decode_report

_SIGKILL = 9


def worker_command() -> list[str]:
    """The command line of a worker, from source and in a frozen app."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_ARGUMENT]
    # -P: a folder `runtime` where the person happens to be must not be taken for ours.
    return [sys.executable, "-P", "-m", "runtime.worker"]


class WorkerProcess(ChildProcess[Report]):
    """A running worker."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it. Raises as `ChildProcess`."""
        super().__init__(command, decode_report, "the engine's process")

    def ended(self) -> Ended:
        """Wait for its end, as `bury`, and say how it came."""
        return Ended(self.bury(), self.last_words)


@dataclass(frozen=True)
class Ended:
    """How a worker ended although nobody asked it to."""

    code: int | None
    """As `subprocess` gives it: the exit code, or minus the signal's number; None where the system
    did not end it."""
    last_words: tuple[str, ...] = ()
    """Lines of its stderr."""

    def why(self, what: str = "", plugin: str = "") -> str:
        """One sentence or two: what happened and what to do.

        Args:
            what: the id of the renderer that was at work; empty when none was.
            plugin: the name of its plugin; empty for what comes with Medley.
        """
        owner = f"of the plugin {plugin} " if plugin else ""
        working = f" while {what} {owner}was at work" if what else ""
        said = f"; its last words: {self.last_words[-1]}" if self.last_words else ""
        advice = (
            f"{plugin} is not used again until Medley is started anew; switch it off for good with "
            f"`medley plugins disable {plugin}`."
            if plugin
            else "Ask again: it starts anew."
        )
        guess = ", perhaps because memory ran out" if self.code == -_SIGKILL else ""
        return f"the engine's process {self._how()}{working}{guess}{said}. {advice}"

    def _how(self) -> str:
        if self.code is None:
            return "does not end"
        if self.code >= 0:
            return f"was ended with exit code {self.code}"
        return f"was ended by signal {-self.code} ({_signal_name(-self.code)})"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
