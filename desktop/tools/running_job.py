"""One call, preview or undo while it runs: its clock, its stop, and what it asks for.

Implements `desktop.tools.source.Job`. Knows no tool and no source.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from desktop.tools.protocol import (
    CallId,
    Context,
    ElicitAsked,
    Elicited,
    Progress,
    Report,
    ServiceAsked,
    ServiceDone,
)
from desktop.tools.questions import Questions
from plugins.errors import BugError, Cancelled, KnownError
from runtime.process.pipes import ReportSender

Why = Literal["", "stopped", "time"]
_PROGRESS_S = 0.1
"""Reports of progress are this far apart at least."""
_MOST_STEPS = 2**53


class RunningJob:
    """One job.

    Threads: any.
    """

    def __init__(
        self,
        id: CallId,
        context: Context,
        folder: Path,
        outlet: ReportSender[Report],
        questions: Questions,
    ) -> None:
        self._id, self._context, self._folder = id, context, folder
        self._outlet, self._questions = outlet, questions
        self._lock = threading.Lock()
        self._why: Why = ""
        self._stops: list[Callable[[], None]] = []
        self._begun = time.monotonic()
        self._waited = 0.0
        self._waits: dict[int, float] = {}
        """When each wait that is not over began."""
        self._stopped_at = 0.0
        self._told_at = 0.0
        self._over = False
        self.limit_s = float("inf")
        """The most seconds of its own."""

    @property
    def id(self) -> CallId:
        """As the commanding end chose it."""
        return self._id

    @property
    def context(self) -> Context:
        """What it may reach."""
        return self._context

    @property
    def folder(self) -> Path:
        """Its private folder."""
        return self._folder

    @property
    def why(self) -> Why:
        """Why it must stop; empty while it may go on."""
        return self._why

    def spent(self) -> float:
        """Seconds of its own: without those for which it waited for Medley or a person."""
        with self._lock:
            now = time.monotonic()
            waiting = now - min(self._waits.values()) if self._waits else 0.0
            return now - self._begun - self._waited - waiting

    def begin(self) -> None:
        """Start the clock anew: it works from now on."""
        with self._lock:
            self._begun, self._waited = time.monotonic(), 0.0

    def stopping_for(self) -> float:
        """Seconds since it was told to stop; 0 while it may go on."""
        return time.monotonic() - self._stopped_at if self._why else 0.0

    def stop(self, why: Literal["stopped", "time"]) -> None:
        """Tell it to stop; returns soon. The second time nothing happens."""
        with self._lock:
            if self._why or self._over:
                return
            self._why, self._stopped_at = why, time.monotonic()
            stops, self._stops = self._stops, []
        for stop in stops:
            stop()

    def finish(self) -> bool:
        """Note that its end was reported; False where it had been before."""
        with self._lock:
            over, self._over = self._over, True
            return not over

    def cancelled(self) -> bool:
        """True once it must stop."""
        return bool(self._why)

    def on_stop(self, stop: Callable[[], None]) -> None:
        """Have `stop` called when it must stop; at once if it must already."""
        with self._lock:
            if not self._why:
                self._stops.append(stop)
                return
        stop()

    def progress(self, step: int, of: int) -> None:
        """Report a finished step. Raises Cancelled where it must stop."""
        self._check()
        now = time.monotonic()
        if now - self._told_at < _PROGRESS_S and step != of:
            return
        self._told_at = now
        step, of = (min(max(int(n), 0), _MOST_STEPS) for n in (step, of))
        with self._lock:
            if not self._over:
                self._outlet.send(Progress(self._id, step, of))

    def service(self, name: str, arguments: str) -> str:
        """Have Medley do something; raises KnownError where it cannot, Cancelled on a stop."""
        self._check()
        with self._waiting():
            answer = self._questions.ask(
                lambda id: ServiceAsked(id, self._id, name, arguments), self.on_stop
            )
        if not isinstance(answer, ServiceDone):
            raise BugError(f"the service {name} was answered by {type(answer).__name__}")
        if answer.problem is not None:
            raise KnownError(answer.problem)
        return answer.result

    def elicit(self, server: str, message: str, schema: str = "", url: str = "") -> Elicited:
        """Ask the person; raises Cancelled on a stop."""
        self._check()
        with self._waiting():
            answer = self._questions.ask(
                lambda id: ElicitAsked(id, self._id, server, message, schema, url), self.on_stop
            )
        if not isinstance(answer, Elicited):
            raise BugError(f"a question of {server} was answered by {type(answer).__name__}")
        return answer

    def _check(self) -> None:
        if self._why:
            raise Cancelled

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Time that does not count; several threads of a job may wait at once."""
        key = threading.get_ident()
        with self._lock:
            self._waits[key] = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                begun = min(self._waits.values())
                own = self._waits.pop(key)
                if not self._waits:
                    self._waited += time.monotonic() - begun
                elif own == begun:
                    self._waited += min(self._waits.values()) - begun
