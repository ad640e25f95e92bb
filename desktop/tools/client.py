"""Tools as the window and the terminal see them: starts the process, watches it, starts it anew.

Threads: every method may be called from any thread and returns at once (`close` waits for the
process to end, `wait` for the first list of tools). The listener is told on one thread of the
client's own; it must be quick, and must not call `close`.
"""

from __future__ import annotations

import itertools
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from desktop.tools.protocol import (
    Call,
    Called,
    CallFailed,
    CallId,
    Command,
    Configure,
    Context,
    Elicited,
    Preview,
    Previewed,
    Refused,
    Report,
    Server,
    ServerState,
    ServiceDone,
    Stop,
    ToolInfo,
    Tools,
    Undo,
    decode_report,
    encode,
)
from desktop.tools.tree import end_tree, new_mark
from plugins.errors import KnownError, Problem, phrase, problem_of
from runtime.process.child import END_S, ChildProcess, ended_unasked
from runtime.process.frames import MAX_FRAME_BYTES
from runtime.process.own_program import process_command

_log = logging.getLogger(__name__)
_call_ids = itertools.count(1)
"""Shared by all clients: a call of one is never taken for a call of another."""
SHORT_LIFE_S = 5.0
MOST_DEATHS = 3
"""So many short lives in a row, and the process stays down until something is asked of it."""
WHAT = phrase("the tools process")


class ToolsClient:
    """Tools in a process of their own."""

    def __init__(self, listener: Callable[[Report], None], folder: Path | None = None) -> None:
        """Nothing is started yet.

        Args:
            listener: told everything that the process says. Every preview, call and undo is
                answered, come what may.
            folder: where the private folder for files is made; None is the system's choice.
        """
        self._listener = listener
        self._parent_folder = folder
        self._folder: Path | None = None
        self._lock = threading.Condition()
        self._plugins: tuple[str, ...] = ()
        self._servers: tuple[Server, ...] = ()
        self._latest: Tools | None = None
        self._process: ChildProcess[Report] | None = None
        self._thread: threading.Thread | None = None
        self._wanted = self._closing = False
        self._open: dict[CallId, type[Preview | Call | Undo]] = {}
        self._unsent: list[bytes] = []
        self._deaths = 0
        self._failure: Problem | None = None

    @property
    def pid(self) -> int | None:
        """The process's id; None while there is none."""
        process = self._process
        return None if process is None else process.pid

    @property
    def tools(self) -> tuple[ToolInfo, ...]:
        """The tools as they were said last; none before the process has said some."""
        return () if self._latest is None else self._latest.tools

    @property
    def servers(self) -> tuple[ServerState, ...]:
        """The MCP servers as they were said last."""
        return () if self._latest is None else self._latest.servers

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why tools that are switched on cannot be used, as it was said last."""
        return () if self._latest is None else self._latest.problems

    def configure(self, plugins: Sequence[str] = (), servers: Sequence[Server] = ()) -> None:
        """Use these third-party plugins and MCP servers from now on. Starts nothing by itself."""
        with self._lock:
            self._plugins, self._servers = tuple(plugins), tuple(servers)
            if self._process is not None:
                self._process.send(encode(self._wish()))

    def start(self) -> None:
        """Start the process early; every call does so by itself."""
        with self._lock:
            self._want()

    def wait(self, seconds: float) -> tuple[ToolInfo, ...]:
        """Start the process and wait for its first list of tools, for at most so many seconds.
        MCP servers may bring more later.

        Raises:
            KnownError: the process ended before it said any.
        """
        with self._lock:
            self._failure = None
            self._want()
            self._lock.wait_for(
                lambda: self._latest is not None or self._failure is not None or self._closing,
                seconds,
            )
            if self._latest is None and self._failure is not None:
                raise KnownError(self._failure)
        return self.tools

    def preview(
        self, server: str, tool: str, arguments: str, context: Context | None = None
    ) -> CallId:
        """Have `Previewed` say what a call would do. `arguments` is a JSON object.

        Raises:
            KnownError: it is larger than a message may be.
        """
        return self._ask(lambda id: Preview(id, server, tool, arguments, context or Context()))

    def call(
        self,
        server: str,
        tool: str,
        arguments: str,
        definition: str,
        context: Context | None = None,
    ) -> CallId:
        """Call a tool; `Called` or `CallFailed` answers. `definition` is the one that was allowed.
        Raises as `preview`."""
        return self._ask(
            lambda id: Call(id, server, tool, arguments, definition, context or Context())
        )

    def undo(self, server: str, tool: str, state: str, context: Context | None = None) -> CallId:
        """Take a call back, from `Called.undo`; `Called` or `CallFailed` answers. Raises as
        `preview`."""
        return self._ask(lambda id: Undo(id, server, tool, state, context or Context()))

    def stop(self, id: CallId) -> None:
        """Stop a call, which is answered within some seconds."""
        with self._lock:
            if id in self._open:
                self._send(encode(Stop(id)))

    def answer_service(self, id: CallId, result: str = "", problem: Problem | None = None) -> None:
        """Answer a `ServiceAsked`: a JSON object, or why there is none."""
        self._answer(ServiceDone(id, result, problem))

    def answer_elicit(
        self, id: CallId, action: Literal["accept", "decline", "cancel"], content: str = ""
    ) -> None:
        """Answer an `ElicitAsked`."""
        self._answer(Elicited(id, action, content))

    def close(self) -> None:
        """End the process with all that it started. Open calls fail. Twice does no harm."""
        with self._lock:
            self._closing = True
            self._lock.notify_all()
            thread, process = self._thread, self._process
        if process is not None:
            process.hang_up()
        if thread is not None:
            thread.join(2 * END_S)
            if (process := self._process) is not None:
                process.kill()
            thread.join(END_S)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> ToolsClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, make: Callable[[CallId], Preview | Call | Undo]) -> CallId:
        with self._lock:
            id = next(_call_ids)
            command = make(id)
            payload = encode(command)
            if len(payload) > MAX_FRAME_BYTES:
                raise KnownError(
                    "expected a call of at most {most} MB, found one of {size} MB. Ask for less at "
                    "once.",
                    "request",
                    most=MAX_FRAME_BYTES // 2**20,
                    size=len(payload) // 2**20,
                )
            self._open[id] = type(command)
            self._want()
            self._send(payload)
        return id

    def _answer(self, command: Command) -> None:
        with self._lock:
            if self._process is not None:
                self._process.send(encode(command))

    def _send(self, payload: bytes) -> None:
        if self._process is None:
            self._unsent.append(payload)
        else:
            self._process.send(payload)

    def _want(self) -> None:
        """Have a process started unless there is one."""
        if self._closing:
            raise KnownError("tools are no longer called: Medley is closing.", "stopped")
        if self._process is None:
            self._wanted = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="tools-client", daemon=True)
            self._thread.start()
        self._lock.notify_all()

    def _wish(self) -> Configure:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="medley-tools-", dir=self._parent_folder))
        return Configure(str(self._folder), self._plugins, self._servers)

    def _run(self) -> None:
        """The client's thread: one process after the other."""
        while self._is_wanted():
            begun = time.monotonic()
            problem = self._live()
            short = time.monotonic() - begun < SHORT_LIFE_S
            self._deaths = self._deaths + 1 if short else 0
            self._bury(problem)

    def _is_wanted(self) -> bool:
        with self._lock:
            self._lock.wait_for(lambda: self._wanted or self._closing)
            self._wanted = False
            return not self._closing

    def _live(self) -> Problem:
        """A process's life; returns why it ended."""
        mark = new_mark()
        try:
            process = ChildProcess(process_command("desktop.tools", mark), decode_report, WHAT)
            self._greet(process)
        except (KnownError, OSError) as error:
            return problem_of(error)
        problem: Problem | None = None
        try:
            for report in process.reports():
                problem = self._take(report) or problem
        except KnownError as error:
            problem = error.problem
            process.kill()
        code = process.bury()
        end_tree(mark)
        return problem or ended_unasked(WHAT, code, process.last_words)

    def _greet(self, process: ChildProcess[Report]) -> None:
        with self._lock:
            process.send(encode(self._wish()))
            for payload in self._unsent:
                process.send(payload)
            self._unsent.clear()
            self._process = process
            if self._closing:
                process.hang_up()

    def _take(self, report: Report) -> Problem | None:
        """Hand a report on; returns why the process ends, where it says so."""
        with self._lock:
            match report:
                case Tools():
                    self._latest = report
                    self._lock.notify_all()
                case Previewed() | Called() | CallFailed():
                    if self._open.pop(report.id, None) is None:
                        return None
        self._tell(report)
        return report.problem if isinstance(report, Refused) else None

    def _bury(self, problem: Problem) -> None:
        """After a process's end: everything that waited for it fails."""
        with self._lock:
            self._process = None
            lost, self._open = self._open, {}
            self._unsent.clear()
            again = bool(self._servers) and self._deaths < MOST_DEATHS
            self._deaths = 0 if self._deaths >= MOST_DEATHS else self._deaths
            self._wanted = again
            self._failure = problem
            if self._closing:
                problem = phrase("the call was stopped: Medley is closing.")
            self._lock.notify_all()
        for id, kind in lost.items():
            failed = Previewed(id, problem=problem) if kind is Preview else CallFailed(id, problem)
            self._tell(failed)

    def _tell(self, report: Report) -> None:
        try:
            self._listener(report)
        except Exception:  # noqa: BLE001  its fault must not end the thread all else depends on
            _log.exception("a tools callback failed")
