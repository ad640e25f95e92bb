"""Runs calls on threads of their own, several at a time, each reported exactly once. Knows sources
by their interface only."""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from desktop.tools.given_files import forget, handed_over
from desktop.tools.protocol import (
    Call,
    Called,
    CallFailed,
    CallId,
    Preview,
    Previewed,
    Report,
    ToolInfo,
    Undo,
)
from desktop.tools.questions import Questions
from desktop.tools.running_job import RunningJob
from desktop.tools.source import Outcome, ToolSource
from plugins.errors import Cancelled, KnownError, Problem, phrase, problem_of
from plugins.tool import ToolPreview
from runtime.process.frames import FrameError
from runtime.process.pipes import ParentGone, ReportSender

Find = Callable[[str, str, RunningJob], tuple[ToolSource, ToolInfo]]
"""Finds the tool of a server, and waits for it while it may still come. Raises KnownError where
there is none, Cancelled where the job must stop."""
MOST_BYTES = 1_000_000
"""Of a result's text, in UTF-8; the rest is left out."""
MOST_UNDO = 100_000
"""Characters of what an undo is given."""
MOST_AT_ONCE, MOST_LEFT = 32, 8
"""Calls at a time, and calls that did not stop, after which the process ends."""
GRACE_S = 3.0
"""Seconds that a call gets to stop by itself."""
_TICK_S = 0.1
_STOPPED = Problem("The call was stopped.", kind="stopped")


class Runner:
    """What runs calls.

    Threads: `run`, `stop` and `close` on the process's main thread.
    """

    def __init__(
        self,
        outlet: ReportSender[Report],
        questions: Questions,
        find: Find,
        give_up: Callable[[], None],
    ) -> None:
        """`give_up` is called where too many calls that were stopped go on."""
        self._outlet, self._questions, self._find = outlet, questions, find
        self._give_up = give_up
        self._lock = threading.Lock()
        self._jobs: dict[CallId, RunningJob] = {}
        self._left = 0
        self._closing = threading.Event()
        threading.Thread(target=self._watch, name="tools-watch", daemon=True).start()

    def run(self, command: Preview | Call | Undo, folder: Path) -> None:
        """Begin; returns at once. `folder` is where the job's own folder is made."""
        own = folder / f"call-{command.id}"
        job = RunningJob(command.id, command.context, own, self._outlet, self._questions)
        with self._lock:
            full = len(self._jobs) >= MOST_AT_ONCE
            if not full:
                self._jobs[command.id] = job
        if full:
            self._tell(command, job, _failed(command, _too_many()))
            return
        name = f"tool-{command.id}"
        threading.Thread(target=self._work, args=(command, job), name=name, daemon=True).start()

    def stop(self, id: CallId) -> None:
        """Stop a job; one that is over is nothing."""
        with self._lock:
            job = self._jobs.get(id)
        if job is not None:
            job.stop("stopped")

    def close(self) -> None:
        """Stop every job."""
        self._closing.set()
        with self._lock:
            jobs = list(self._jobs.values())
        for job in jobs:
            job.stop("stopped")

    def _work(self, command: Preview | Call | Undo, job: RunningJob) -> None:
        try:
            report = self._done(command, job)
        except Cancelled:
            report = _ended(command, job)
        except KnownError as error:
            report = _failed(command, error.problem)
        except ParentGone:
            return
        except BaseException as error:  # noqa: BLE001  a tool's own code: its fault is its call's
            traceback.print_exc()
            report = _failed(command, _fault(command, error))
        self._tell(command, job, report)

    def _done(self, command: Preview | Call | Undo, job: RunningJob) -> Report:
        job.folder.mkdir(mode=0o700)
        source, tool = self._find(command.server, command.tool, job)
        job.limit_s = source.time_limit(tool)
        job.begin()
        if isinstance(command, Undo):
            return _called(command.id, source.undo(tool, command.state, job), job)
        if isinstance(command, Call) and command.definition != tool.definition:
            return CallFailed(command.id, _changed(tool), changed=True)
        arguments = _object(command.arguments)
        if isinstance(command, Preview):
            return _previewed(command.id, source.preview(tool, arguments, job))
        return _called(command.id, source.call(tool, arguments, job), job)

    def _tell(self, command: Preview | Call | Undo, job: RunningJob, report: Report) -> None:
        with self._lock:
            self._jobs.pop(command.id, None)
        if not isinstance(report, Called) or not report.files:
            forget(job.folder)
        if not job.finish():
            return  # It did not stop in time, and that was told.
        try:
            self._outlet.send(report)
        except FrameError as error:
            self._outlet.send(_failed(command, problem_of(error)))

    def _watch(self) -> None:
        while not self._closing.wait(_TICK_S):
            with self._lock:
                jobs = list(self._jobs.values())
            for job in jobs:
                if job.spent() > job.limit_s:
                    job.stop("time")
                if job.stopping_for() > GRACE_S:
                    self._leave(job)

    def _leave(self, job: RunningJob) -> None:
        """Report the end of a job that does not stop; what it still does is its own matter."""
        with self._lock:
            self._jobs.pop(job.id, None)
            self._left += 1
        if job.finish():
            self._outlet.send(CallFailed(job.id, _why(job), stopped=job.why == "stopped"))
        if self._left >= MOST_LEFT:
            self._give_up()


def _object(arguments: str) -> Mapping[str, Any]:
    try:
        found = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise KnownError(
            "expected the arguments as a JSON object, found {found}. Call it again with one.",
            "request",
            found=arguments[:80],
        )
    return found


def _called(id: CallId, outcome: Outcome, job: RunningJob) -> Called:
    files = handed_over(outcome.files, job.folder)
    undo = outcome.undo if len(outcome.undo) <= MOST_UNDO else ""
    return Called(id, _cut(outcome.text), files, undo, outcome.failed)


def _previewed(id: CallId, preview: ToolPreview | None) -> Previewed:
    if preview is None:
        return Previewed(id)
    return Previewed(id, _cut(preview.text), preview.kind)


def _cut(text: str) -> str:
    data = text.encode("utf-8", "replace")
    if len(data) <= MOST_BYTES:
        return data.decode("utf-8")
    kept = data[:MOST_BYTES].decode("utf-8", "ignore")
    return f"{kept}\n[{len(data) - MOST_BYTES} more bytes are left out]"


def _failed(command: Preview | Call | Undo, problem: Problem) -> Report:
    if isinstance(command, Preview):
        return Previewed(command.id, problem=problem)
    return CallFailed(command.id, problem)


def _ended(command: Preview | Call | Undo, job: RunningJob) -> Report:
    if isinstance(command, Preview):
        return Previewed(command.id, problem=_why(job))
    return CallFailed(command.id, _why(job), stopped=job.why != "time")


def _why(job: RunningJob) -> Problem:
    if job.why != "time":
        return _STOPPED
    return phrase(
        "expected the tool to be done within {seconds} s, it was not. Ask for less at once.",
        seconds=round(job.limit_s),
    )


def _changed(tool: ToolInfo) -> Problem:
    return phrase(
        "the tool {tool} is another one than was allowed: its description or its parameters "
        "changed. Look at it, and allow it anew.",
        tool=tool.name,
    )


def _too_many() -> Problem:
    return phrase(
        "expected at most {count} calls at a time, found more. Wait for one to end.",
        count=MOST_AT_ONCE,
    )


def _fault(command: Preview | Call | Undo, error: BaseException) -> Problem:
    told = KnownError(
        "the tool {tool} failed ({error_type}: {error}). Try other arguments, or switch it off.",
        "plugin",
        tool=command.tool,
        error_type=type(error).__name__,
        error=str(error)[:500],
    )
    return told.problem
