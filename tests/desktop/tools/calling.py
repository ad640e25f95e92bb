"""A tools client whose answers a test waits for, and which answers services itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from desktop.tools.client import ToolsClient
from desktop.tools.protocol import (
    BUILT_IN,
    Called,
    CallFailed,
    CallId,
    Context,
    GrantedFolder,
    Previewed,
    Report,
    ServiceAsked,
    ToolInfo,
)

LONG_S = 60.0
"""No test waits so long but one that fails."""
R = TypeVar("R")
Service = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Calls:
    """Calls tools of a process and waits for what comes. Threads: any."""

    def __init__(self, folder: Path | None = None) -> None:
        self.client = ToolsClient(self._heard, folder)
        self.services: dict[str, Service] = {}
        self.reports: list[Report] = []
        self._news = threading.Condition()

    def call(self, tool: str, /, server: str = BUILT_IN, **given: Any) -> Called | CallFailed:
        """Call a tool and wait for its end; `within` and `writable` are granted folders."""
        return self.ended(self.begin(tool, server, **given))

    def begin(self, tool: str, /, server: str = BUILT_IN, **given: Any) -> CallId:
        """Call a tool."""
        context = _context(given)
        definition = self.tool(tool, server).definition
        return self.client.call(server, tool, json.dumps(given), definition, context)

    def preview(self, tool: str, /, server: str = BUILT_IN, **given: Any) -> Previewed:
        """Preview a call."""
        context = _context(given)
        id = self.client.preview(server, tool, json.dumps(given), context)
        return self.heard(Previewed, lambda report: report.id == id)

    def undo(self, tool: str, called: Called | CallFailed, **given: Any) -> Called | CallFailed:
        """Take a call back."""
        assert isinstance(called, Called) and called.undo
        return self.ended(self.client.undo(BUILT_IN, tool, called.undo, _context(given)))

    def text(self, tool: str, /, server: str = BUILT_IN, **given: Any) -> str:
        """The text of a call that does not fail."""
        report = self.call(tool, server, **given)
        assert isinstance(report, Called), report
        return report.text

    def problem(self, tool: str, /, server: str = BUILT_IN, **given: Any) -> str:
        """The sentence of a call that fails."""
        report = self.call(tool, server, **given)
        assert isinstance(report, CallFailed), report
        return str(report.problem)

    def ended(self, id: CallId) -> Called | CallFailed:
        """The end of a call."""
        done = self.heard(Called | CallFailed, lambda report: report.id == id)
        assert isinstance(done, Called | CallFailed)
        return done

    def heard(self, kind: Any, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        """The first report of a kind that fits, waited for."""

        def found() -> list[Report]:
            return [one for one in self.reports if isinstance(one, kind) and fits(one)]

        with self._news:
            assert self._news.wait_for(found, LONG_S), (kind, self.reports[-5:])
            return found()[0]

    def tool(self, name: str, server: str = BUILT_IN) -> ToolInfo:
        """A tool, waited for."""

        def found() -> list[ToolInfo]:
            tools = self.client.tools
            return [one for one in tools if (one.server, one.name) == (server, name)]

        self.client.start()
        with self._news:
            assert self._news.wait_for(found, LONG_S), self.client.problems
        return found()[0]

    def _heard(self, report: Report) -> None:
        if isinstance(report, ServiceAsked) and report.name in self.services:
            answer = self.services[report.name](json.loads(report.arguments))
            self.client.answer_service(report.id, json.dumps(answer))
        with self._news:
            self.reports.append(report)
            self._news.notify_all()


def _context(given: dict[str, Any]) -> Context:
    """The granted folders, taken out of the arguments."""
    readable, writable = given.pop("within", ()), given.pop("writable", ())
    both = ((readable, False), (writable, True))
    return Context(
        tuple(
            GrantedFolder(str(path), may_write)
            for paths, may_write in both
            for path in ([paths] if isinstance(paths, str | Path) else paths)
        )
    )
