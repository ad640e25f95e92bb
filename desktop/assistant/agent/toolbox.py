"""The tools process, for whoever waits: calls, previews and undoing on the caller's thread, and the
answers to what calls need meanwhile. One for all answers.

Thread contract: every method may be called from any thread; those that wait say so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from functools import partial
from typing import Any, Protocol

import msgspec

from desktop.assistant.agent.halt import Halt, settle
from desktop.tools.client import ToolsClient
from desktop.tools.protocol import (
    Called,
    CallFailed,
    CallId,
    Context,
    ElicitAsked,
    Elicited,
    Previewed,
    Progress,
    Report,
    Server,
    ServiceAsked,
    ToolInfo,
    Tools,
)
from plugins.errors import Cancelled, KnownError, phrase, problem_of

_log = logging.getLogger(__name__)
FIRST_S = 60.0
"""Seconds in which the tools process says what there is, on a machine that is busy."""
SERVERS_S = 10.0
"""Seconds for which an answer waits for MCP servers that are starting."""
STOP_S = 5.0
"""Seconds in which a call that was stopped ends; then it is left behind."""
ELICITATIONS = 8
"""Questions of a server within one call; more are declined unseen."""
STOPPED = phrase("It was stopped.")
Outcome = Called | CallFailed


class Owner(Protocol):
    """Whose call it is: answers what the call needs."""

    def serve(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Do something of Medley's for a call; waits.

        Raises:
            KnownError: it cannot be done.
        """
        ...

    def elicit(self, asked: ElicitAsked, answer: Callable[[Elicited], None]) -> None:
        """Have the person asked; returns at once, and `answer` is called whenever they answered."""
        ...

    def progressed(self, step: int, of: int) -> None:
        """The call is so far."""
        ...


class _Waiting:
    """A call or preview that is being waited for."""

    def __init__(self, owner: Owner | None) -> None:
        self.owner = owner
        self.future: Future[Outcome | Previewed] = Future()
        self.elicited = 0


class Toolbox:
    """Starts the tools process at its first use."""

    def __init__(
        self,
        make: Callable[[Callable[[Report], None]], ToolsClient] = ToolsClient,
        on_tools: Callable[[Tools], None] = lambda tools: None,
    ) -> None:
        """`make` makes the client of the process; `on_tools` is told what there is, each time that
        changes, on a thread of the client."""
        self._make, self._on_tools = make, on_tools
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._client: ToolsClient | None = None
        self._configured: tuple[tuple[str, ...], tuple[Server, ...]] = ((), ())
        self._tools = Tools(())
        self._waiting: dict[CallId, _Waiting] = {}
        self._serving = ThreadPoolExecutor(4, thread_name_prefix="medley-service")
        self._closed = False

    def configure(self, plugins: Sequence[str], servers: Sequence[Server]) -> None:
        """Have these plugins' and servers' tools from now on."""
        with self._lock:
            self._configured = tuple(plugins), tuple(servers)
            if self._client is not None:
                self._client.configure(*self._configured)

    def tools(self) -> Tools:
        """What there is now; waits for the process to say so at its start, and a while for servers
        that are starting.

        Raises:
            KnownError: the process does not start.
        """
        client = self._begun()
        client.wait(FIRST_S)
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or not any(s.state == "starting" for s in self._tools.servers),
                SERVERS_S,
            )
            return self._tools

    def preview(self, tool: ToolInfo, arguments: str, context: Context, halt: Halt) -> Previewed:
        """What a call would do; waits.

        Raises:
            Cancelled: it was stopped.
        """
        found = self._wait(
            lambda client: client.preview(tool.server, tool.name, arguments, context), None, halt
        )
        halt.check()
        if isinstance(found, Previewed):
            return found
        problem = found.problem if isinstance(found, CallFailed) else None
        return Previewed(found.id, problem=problem)

    def call(
        self, tool: ToolInfo, arguments: str, context: Context, owner: Owner, halt: Halt
    ) -> Outcome:
        """Make a call that is allowed; waits. A stop ends it with a `CallFailed` that says so."""
        return self._done(
            lambda client: client.call(tool.server, tool.name, arguments, tool.definition, context),
            owner,
            halt,
        )

    def undo(
        self, server: str, tool: str, state: str, context: Context, owner: Owner, halt: Halt
    ) -> Outcome:
        """Take back what a call did; waits."""
        return self._done(lambda client: client.undo(server, tool, state, context), owner, halt)

    def close(self) -> None:
        """End the process; what is waited for fails."""
        with self._lock:
            self._closed = True
            self._changed.notify_all()
            client, self._client = self._client, None
            waiting = list(self._waiting.items())
        if client is not None:
            client.close()
        for id_, one in waiting:
            settle(one.future, CallFailed(id_, STOPPED, stopped=True))
        self._serving.shutdown(wait=True, cancel_futures=True)

    def _done(self, begin: Callable[[ToolsClient], CallId], owner: Owner, halt: Halt) -> Outcome:
        found = self._wait(begin, owner, halt)
        if isinstance(found, Previewed):
            raise TypeError("a call was answered with a preview")
        return found

    def _wait(
        self, begin: Callable[[ToolsClient], CallId], owner: Owner | None, halt: Halt
    ) -> Outcome | Previewed:
        if halt.is_set():
            return CallFailed(0, STOPPED, stopped=True)
        one = _Waiting(owner)
        client = self._begun()
        with self._lock:  # No report comes before it is known whose it is.
            id_ = begin(client)
            self._waiting[id_] = one
        stopped = threading.Event()

        def stop() -> None:
            client.stop(id_)
            stopped.set()

        try:
            with halt.calling(stop):
                return self._outcome(id_, one, stopped)
        finally:
            with self._lock:
                self._waiting.pop(id_, None)

    def _outcome(self, id_: CallId, one: _Waiting, stopped: threading.Event) -> Outcome | Previewed:
        one.future.add_done_callback(lambda _: stopped.set())
        stopped.wait()
        try:
            return one.future.result(STOP_S)
        except NotYet:
            return CallFailed(id_, STOPPED, stopped=True)

    def _begun(self) -> ToolsClient:
        with self._lock:
            if self._closed:
                raise KnownError("Medley is closing.")
            if self._client is None:
                self._client = self._make(self._take)
                self._client.configure(*self._configured)
            return self._client

    def _take(self, report: Report) -> None:
        """A report of the process, on a thread of its client."""
        if isinstance(report, Tools):
            with self._changed:
                self._tools = report
                self._changed.notify_all()
            self._on_tools(report)
            return
        key = report.call if isinstance(report, ServiceAsked | ElicitAsked) else None
        with self._lock:
            if key is None:
                key = getattr(report, "id", 0)
            one = self._waiting.get(key)
        match report:
            case Called() | CallFailed() | Previewed():
                if one is not None:
                    settle(one.future, report)
            case Progress():
                if one is not None and one.owner is not None:
                    one.owner.progressed(report.step, report.of)
            case ServiceAsked():
                self._serve(report, one)
            case ElicitAsked():
                self._elicit(report, one)

    def _serve(self, asked: ServiceAsked, one: _Waiting | None) -> None:
        try:
            self._serving.submit(self._served, asked, one)
        except RuntimeError:
            return  # Everything is being closed.

    def _served(self, asked: ServiceAsked, one: _Waiting | None) -> None:
        client = self._client
        if client is None:
            return
        try:
            if one is None or one.owner is None:
                raise KnownError("This call is over; nothing is done for it any more.")
            arguments = msgspec.json.decode(asked.arguments, type=dict[str, Any])
            result = msgspec.json.encode(one.owner.serve(asked.name, arguments)).decode()
        except Cancelled:
            client.answer_service(asked.id, problem=STOPPED)
        except Exception as error:  # noqa: BLE001  (whatever it is, the call waits for an answer)
            if not isinstance(error, KnownError):
                _log.exception("a service for a tool failed")
            client.answer_service(asked.id, problem=problem_of(error))
        else:
            client.answer_service(asked.id, result)

    def _elicit(self, asked: ElicitAsked, one: _Waiting | None) -> None:
        client = self._client
        if client is None:
            return
        answer = partial(_answered, client)
        if one is None or one.owner is None:
            answer(Elicited(asked.id, "cancel"))
            return
        one.elicited += 1
        if one.elicited > ELICITATIONS:
            answer(Elicited(asked.id, "decline"))
            return
        one.owner.elicit(asked, answer)


def _answered(client: ToolsClient, elicited: Elicited) -> None:
    client.answer_elicit(elicited.id, elicited.action, elicited.content)
