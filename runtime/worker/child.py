"""The worker as a child process: its command line, and why it ended.

Knows the worker's protocol; knows nothing of turns. Imports no torch.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from plugins.errors import Problem, phrase
from runtime.process.child import ChildProcess
from runtime.process.own_program import process_command
from runtime.worker.protocol import Report, decode_report

_SIGKILL = 9


def worker_command() -> list[str]:
    """The command line of a worker, from source and in a frozen app."""
    return process_command("runtime.worker")


class WorkerProcess(ChildProcess[Report]):
    """A running worker."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it. Raises as `ChildProcess`."""
        super().__init__(command, decode_report, phrase("the engine's process"))

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

    def why(self, what: str = "", plugin: str = "") -> Problem:
        """One sentence or two: what happened and what to do.

        Args:
            what: the id of the renderer that was at work; empty when none was.
            plugin: the name of its plugin; empty for what comes with Medley.
        """
        working: Problem | str = ""
        if plugin:
            working = phrase(
                " while {what} of the plugin {plugin} was at work", what=what, plugin=plugin
            )
        elif what:
            working = phrase(" while {what} was at work", what=what)
        problem = phrase(
            "the engine's process {how}{working}{guess}{said}. {advice}",
            how=self._how(),
            working=working,
            guess=phrase(", perhaps because memory ran out") if self.code == -_SIGKILL else "",
            said=self._said(),
            advice=_not_used(plugin) if plugin else phrase("Ask again: it starts anew."),
        )
        return msgspec.structs.replace(problem, kind="plugin" if plugin else "")

    def _said(self) -> Problem | str:
        if not self.last_words:
            return ""
        return phrase("; its last words: {words}", words=self.last_words[-1])

    def _how(self) -> Problem:
        if self.code is None:
            return phrase("does not end")
        if self.code >= 0:
            return phrase("was ended with exit code {code}", code=self.code)
        return phrase(
            "was ended by signal {number} ({name})",
            number=-self.code,
            name=_signal_name(-self.code),
        )


def _not_used(plugin: str) -> Problem:
    return phrase(
        "{plugin} is not used again until Medley is started anew; switch it off for good with "
        "`medley plugins disable {plugin}`.",
        plugin=plugin,
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
