"""One server: connected, listed, called, started again after it died.

Thread contract: everything on the event loop's thread. One task enters and exits the SDK's context.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from importlib.metadata import version
from typing import Any

from mcp import Client, MCPError
from mcp.client._transport import TransportStreams
from mcp.client.session import IncomingMessage
from mcp.shared.exceptions import UrlElicitationRequiredError
from mcp_types import (
    CONNECTION_CLOSED,
    URL_ELICITATION_REQUIRED,
    CallToolResult,
    Implementation,
    Tool,
    ToolListChangedNotification,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from desktop.tools.mcp.definitions import MOST_TOOLS, tool_infos
from desktop.tools.mcp.elicitation import Asking, Elicitor
from desktop.tools.mcp.failures import (
    GoneError,
    call_failed,
    changed,
    end_of,
    given_up,
    not_ready,
    too_slow,
)
from desktop.tools.mcp.http import http_transport
from desktop.tools.mcp.results import ResultReader
from desktop.tools.mcp.stdio import Program
from desktop.tools.protocol import Server, ServerState, ToolInfo
from desktop.tools.source import Job, Outcome
from plugins.errors import Cancelled, KnownError, Problem

CONNECT_S = 60.0
"""Seconds that a server has to start: some are fetched by their starter first."""
LIST_S = 30.0
DELAYS_S = (0.0, 0.25, 1.0, 3.0)
"""Seconds before each start after a death, for as long as no call succeeds; then it is given up."""
MOST_PAGES = 50
_ENDS_OF_SESSIONS = ("Session terminated", "Not Found", "Server returned an error response")
"""What the SDK says where a server at an address was started anew."""
_LOOK_S = 0.5
"""Seconds between two lists at least, however often a server says that its tools changed."""


class Connection:
    """A server that the person switched on."""

    def __init__(self, server: Server, on_change: Callable[[], None]) -> None:
        """`on_change` is called on the loop's thread when `state`, `tools` or `problems` change."""
        self.server = server
        self.state = ServerState(server.name, "starting")
        self.tools: tuple[ToolInfo, ...] = ()
        self.problems: tuple[Problem, ...] = ()
        self._on_change = on_change
        self._elicitor = Elicitor(server.name)
        self._client: Client | None = None
        self._program: Program | None = None
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._waiting: list[asyncio.Event] = []
        """Of calls, for the end of `starting`."""
        self._list_again = asyncio.Event()
        self._over = asyncio.Event()
        """Set when the server has ended, or does not know this session any more."""
        self._deaths = 0
        """Since a call last succeeded."""

    async def run(self) -> None:
        """Hold the connection until cancelled; what was started has ended then."""
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                await asyncio.sleep(DELAYS_S[min(self._deaths, len(DELAYS_S) - 1)])
                self._after_end(await self._held())
        finally:
            self._become(ServerState(self.server.name, "ended"))

    async def _held(self) -> Problem:
        """Connect, and stay connected to the end; why it ended."""
        try:
            await self._hold()
        except KnownError as error:
            return error.problem
        except Exception as error:  # noqa: BLE001  whatever a server does ends its connection
            return end_of(self.server, self._program, error)
        return end_of(self.server, self._program, None)

    async def call(self, tool: ToolInfo, arguments: Mapping[str, Any], job: Job) -> Outcome:
        """Call a tool of it; a server that has ended is started again.

        Raises:
            KnownError: it cannot be called.
            Cancelled: the job must stop.
        """
        await self._ready()
        if all(one.definition != tool.definition for one in self.tools if one.name == tool.name):
            raise changed(self.server, tool)
        with self._elicitor.during(job) as asking:
            try:
                result = await self._called(tool.name, dict(arguments), asking)
            except MCPError as error:
                if self._is_over(error):
                    self._over.set()
                    raise GoneError(self.server, tool, self._program) from error
                raise call_failed(self.server, tool, error) from error
            except (RuntimeError, ValueError, OSError) as error:
                raise call_failed(self.server, tool, error) from error
        self._deaths = 0
        # Decoding and writing files may take a while; messages are read meanwhile.
        return await asyncio.to_thread(ResultReader(job.folder).read, result)

    def _is_over(self, error: MCPError) -> bool:
        """Whether an error is the connection's end rather than the call's."""
        if error.code == CONNECTION_CLOSED or self._client is None:
            return True
        return bool(self.server.url) and error.message in _ENDS_OF_SESSIONS

    async def _called(self, name: str, arguments: dict[str, Any], asking: Asking) -> CallToolResult:
        client = self._client
        if client is None:
            raise MCPError(CONNECTION_CLOSED, "the server has ended")

        async def on_progress(progress: float, total: float | None, message: str | None) -> None:
            scale = 100 if total and total <= 1 else 1
            with contextlib.suppress(Cancelled, OverflowError, ValueError):
                asking.job.progress(round(progress * scale), round((total or 0) * scale))

        try:
            return await client.call_tool(name, arguments, progress_callback=on_progress)
        except MCPError as error:
            if error.code != URL_ELICITATION_REQUIRED:
                raise
            for wanted in UrlElicitationRequiredError.from_error(error.error).elicitations:
                answer = await self._elicitor.ask_to_open(asking, wanted.message, wanted.url)
                if answer.action != "accept":
                    raise
            return await client.call_tool(name, arguments, progress_callback=on_progress)

    async def _ready(self) -> None:
        """Wait until it can be called; start it where it has ended."""
        if self.state.state == "failed":
            raise not_ready(self.state)
        if self.state.state == "ended":
            self._become(ServerState(self.server.name, "starting"))
            self._wanted.set()
        if self.state.state == "starting":
            settled = asyncio.Event()
            self._waiting.append(settled)
            await settled.wait()
        if self._client is None:
            raise not_ready(self.state)

    async def _hold(self) -> None:
        self._become(ServerState(self.server.name, "starting"))
        self._program = None if self.server.url else Program(self.server)
        client = Client(
            self._transport(),
            client_info=Implementation(name="medley", title="Medley", version=version("medley")),
            elicitation_callback=self._elicitor.ask,
            message_handler=self._heard,
            cache=None,
        )
        async with contextlib.AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(CONNECT_S):
                    await stack.enter_async_context(client)
                    await self._list(client)
            except TimeoutError as error:
                raise too_slow(self.server, self._program, CONNECT_S) from error
            self._client = client
            stack.callback(self._let_go)
            self._become(self._ready_state(client))
            await self._follow(client)

    @contextlib.asynccontextmanager
    async def _transport(self) -> AsyncIterator[TransportStreams]:
        if self._program is None:
            async with http_transport(self.server) as streams:
                yield streams
        else:
            async with self._program.transport() as own:
                yield own

    def _let_go(self) -> None:
        self._client = None

    def _ready_state(self, client: Client) -> ServerState:
        told = client.server_info
        return ServerState(
            self.server.name,
            "ready",
            title=(told.title or told.name)[:80] if told else "",
            version=told.version[:40] if told else "",
            pid=self._program.pid if self._program else 0,
        )

    async def _follow(self, client: Client) -> None:
        """List the tools whenever they change, until the server's program ends."""
        self._over = self._program.ended if self._program else asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(self._listen(client))
            listing = tasks.create_task(self._list_whenever(client))
            await self._over.wait()
            listening.cancel()
            listing.cancel()

    async def _list_whenever(self, client: Client) -> None:
        while True:
            await self._list_again.wait()
            await asyncio.sleep(_LOOK_S)
            self._list_again.clear()
            with contextlib.suppress(MCPError, TimeoutError, ValueError):
                async with asyncio.timeout(LIST_S):
                    await self._list(client)
                self._on_change()

    async def _listen(self, client: Client) -> None:
        """By the newer protocol a client asks to be told of changes."""
        tools = client.server_capabilities.tools
        if client.protocol_version not in MODERN_PROTOCOL_VERSIONS or not tools:
            return
        if not tools.list_changed:
            return
        # A server that does not keep its word about it is only not listened to.
        with contextlib.suppress(MCPError, RuntimeError, TimeoutError):
            async with client.listen(tools_list_changed=True) as changes:
                async for _ in changes:
                    self._list_again.set()

    async def _heard(self, message: IncomingMessage) -> None:
        if isinstance(message, ToolListChangedNotification):
            self._list_again.set()

    async def _list(self, client: Client) -> None:
        found: list[Tool] = []
        cursor: str | None = None
        if client.server_capabilities.tools is not None:
            for _ in range(MOST_PAGES):
                page = await client.list_tools(cursor=cursor)
                found += page.tools
                cursor = page.next_cursor
                if cursor is None or len(found) > MOST_TOOLS:
                    break
        tools, problems = await asyncio.to_thread(tool_infos, self.server.name, found)
        self.tools, self.problems = tools, tuple(problems)

    def _after_end(self, problem: Problem) -> None:
        self._deaths += 1
        if not self.tools:  # Nothing can be called of a server that never told its tools.
            self._become(ServerState(self.server.name, "failed", problem=problem))
        elif self._deaths >= len(DELAYS_S):
            self.tools = ()
            why = given_up(self.server, problem)
            self._become(ServerState(self.server.name, "failed", problem=why))
        else:
            self._become(ServerState(self.server.name, "ended", problem=problem))

    def _become(self, state: ServerState) -> None:
        self.state = state
        if state.state != "starting":
            for waiting in self._waiting:
                waiting.set()
            self._waiting.clear()
        self._on_change()
