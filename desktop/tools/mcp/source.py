"""MCP servers as a source of tools: all of them on one event loop, on a thread of its own.

The SDK is imported on that thread, when the first server is switched on.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any

from desktop.tools.protocol import Configure, Server, ServerState, ToolInfo
from desktop.tools.source import Job, Offer, Outcome
from plugins.errors import Cancelled, KnownError, phrase
from plugins.tool import ToolPreview

if TYPE_CHECKING:
    from desktop.tools.mcp.connection import Connection

START_S = 60.0
"""Seconds added to the limit of a call where the server must be started first."""


class McpServers:
    """The servers that the person switched on. Implements `desktop.tools.source.ToolSource`."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """Starts nothing yet."""
        self._changed = changed
        self._lock = threading.Lock()
        self._wanted: tuple[Server, ...] = ()
        self._open: dict[str, tuple[Connection, asyncio.Task[None]]] = {}
        """On the loop's thread only, as are those that end."""
        self._ending: set[asyncio.Task[None]] = set()
        self._offer = Offer()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closing = False

    def configure(self, wish: Configure) -> None:
        """Connect to servers that are new, and end those that are not wished any more."""
        with self._lock:
            self._wanted = wish.servers
            before = {state.name: state for state in self._offer.servers}
            self._offer = Offer(
                self._offer.tools,
                tuple(
                    before.get(one.name, ServerState(one.name, "starting")) for one in wish.servers
                ),
                self._offer.problems,
                complete=not wish.servers,
            )
            if self._thread is None and not wish.servers:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="mcp", daemon=True)
                self._thread.start()
            elif self._loop is not None:
                self._loop.call_soon_threadsafe(self._follow)

    def offer(self) -> Offer:
        """The servers and their tools."""
        return self._offer

    def time_limit(self, tool: ToolInfo) -> float:
        """As configured; longer where the server must be started first."""
        limit = next((one.timeout_s for one in self._wanted if one.name == tool.server), 30.0)
        states = {state.name: state.state for state in self._offer.servers}
        return limit if states.get(tool.server) == "ready" else limit + START_S

    def preview(self, tool: ToolInfo, arguments: Mapping[str, Any], job: Job) -> ToolPreview | None:
        """Nothing: what a server does with its arguments nobody else knows."""
        return None

    def call(self, tool: ToolInfo, arguments: Mapping[str, Any], job: Job) -> Outcome:
        """Call a tool of a server.

        Raises:
            KnownError: the server is not there, ended, or refused the call.
            Cancelled: the job must stop.
        """
        loop = self._loop
        if loop is None:
            raise _switched_off(tool)
        future: Future[Outcome] = asyncio.run_coroutine_threadsafe(
            self._call(tool, arguments, job), loop
        )
        job.on_stop(lambda: _cancel(future))
        try:
            return future.result()
        except CancelledError as error:
            if job.cancelled():
                raise Cancelled from error
            raise _switched_off(tool) from error

    def undo(self, tool: ToolInfo, state: str, job: Job) -> Outcome:
        """Never possible."""
        raise KnownError("This cannot be taken back.")

    def close(self, seconds: float) -> None:
        """End all servers. Their guards go on with it where the time is too short."""
        with self._lock:
            self._closing, self._wanted = True, ()
            loop, thread = self._loop, self._thread
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # It has ended already.
                loop.call_soon_threadsafe(self._follow)
        if thread is not None:
            thread.join(seconds)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        try:
            # Takes seconds: nobody waits for it.
            from desktop.tools.mcp import connection  # noqa: F401  (for `_follow`)
        except ImportError as error:
            self._miss(error)
            return
        self._finished = asyncio.Event()
        with self._lock:
            self._loop = asyncio.get_running_loop()
        self._follow()
        await self._finished.wait()
        ending = [task for _, task in self._open.values()]
        await asyncio.gather(*ending, *self._ending, return_exceptions=True)

    def _miss(self, error: ImportError) -> None:
        """Offer nothing, as the SDK is not there."""
        problem = phrase(
            "MCP servers cannot be used: expected their package to be installed, found: {error}. "
            "Install Medley again.",
            error=error,
        )
        with self._lock:
            failed = (ServerState(one.name, "failed", problem=problem) for one in self._wanted)
            self._offer = Offer(servers=tuple(failed))
        self._changed()

    def _follow(self) -> None:
        """Make what is open what is wished. On the loop's thread."""
        from desktop.tools.mcp.connection import Connection

        wanted = {server.name: server for server in self._wanted}
        for name, (connection, task) in list(self._open.items()):
            if wanted.get(name) != connection.server:
                del self._open[name]
                task.cancel()
                self._ending.add(task)
                task.add_done_callback(self._ending.discard)
        for name, server in wanted.items():
            if name not in self._open:
                made = Connection(server, self._tell)
                self._open[name] = made, asyncio.create_task(made.run())
        self._tell()
        if self._closing:
            self._finished.set()

    def _tell(self) -> None:
        """Offer what there is now. On the loop's thread."""
        open_now = [connection for connection, _ in self._open.values()]
        offer = Offer(
            tuple(tool for one in open_now for tool in one.tools),
            tuple(one.state for one in open_now),
            tuple(problem for one in open_now for problem in one.problems),
            complete=all(one.state.state != "starting" for one in open_now),
        )
        with self._lock:
            same, self._offer = offer == self._offer, offer
        if not same and not self._closing:
            self._changed()

    async def _call(self, tool: ToolInfo, arguments: Mapping[str, Any], job: Job) -> Outcome:
        if tool.server not in self._open:
            raise _switched_off(tool)
        connection, _ = self._open[tool.server]
        return await connection.call(tool, arguments, job)


def _cancel(future: Future[Outcome]) -> None:
    future.cancel()


def _switched_off(tool: ToolInfo) -> KnownError:
    return KnownError(
        "{server}: expected a server that is switched on, found none. Switch it on, or use "
        "another tool.",
        server=tool.server,
    )
