"""Whose code was running when a worker ended, and which plugins are not to be used again.

Knows the worker's reports; knows no process. One thread at a time, but `names` from any.
"""

from __future__ import annotations

from collections.abc import Collection

from plugins.errors import Problem
from runtime.worker.child import Ended
from runtime.worker.protocol import Working


class Suspects:
    """Plugins that ended a worker, as long as the client lives."""

    def __init__(self, names: Collection[str] = ()) -> None:
        """`names` are those that ended a worker before."""
        self.names: tuple[str, ...] = tuple(names)
        self._working: Working | None = None

    def begin(self) -> None:
        """A fresh worker has started."""
        self._working = None

    def note(self, report: Working) -> None:
        """Somebody's code runs now, or has ended."""
        self._working = report if report.what else None

    def blame(self, ended: Ended, *, asked_for: bool) -> Problem:
        """Why a worker ended; a plugin that was at work joins the names unless the end was asked
        for."""
        working = self._working
        if working is None or asked_for:
            return ended.why()
        if working.plugin:
            self.names = tuple(sorted({*self.names, working.plugin}))
        return ended.why(working.what, working.plugin)
