"""MCP servers as the sheet shows them: pasted, switched on and off, tried, removed.

Knows the person's file of servers and what the tools process says of those that are on.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.tools import servers as file
from desktop.tools.client import ToolsClient
from desktop.tools.protocol import Report, Server, ServerState, ToolInfo, Tools
from desktop.tools.server_import import Imported, imported_servers
from desktop.tools.servers import ConfiguredServer
from desktop.window.listmodel import RowsModel
from desktop.window.sentences import told
from desktop.window.session import OpenLibrary, Session
from desktop.window.tools.words import visible
from plugins.errors import KnownError, phrase

START_S = 90.0
"""Seconds that a server gets to start when it is tried; some are fetched by their starter first."""
TAKEN = phrase("there is a server of every one of these names already. Remove those first.")
LATE = phrase(
    "expected the server to be ready within {seconds:g} s, found it is not.", seconds=START_S
)


@dataclass(frozen=True)
class ServerRow:
    """One server; its fields are roles."""

    name: str
    called: str
    """What it calls itself."""
    command: str
    """All that is run and where, nothing cut, with the names of the variables that it gets."""
    on: bool
    state: str
    """`off`, `starting`, `ready`, `failed` or `ended`."""
    tools: int
    problem: str


@dataclass(frozen=True)
class _Tried:
    """What a server said when it was tried while it was switched off."""

    state: ServerState
    tools: int


class Servers(RowsModel[ServerRow]):
    """All servers of the person's file, in its order."""

    stateChanged = Signal()  # noqa: N815  (Qt names signals so)
    roles = ("name", "called", "command", "on", "state", "tools", "problem")

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: tuple[ConfiguredServer, ...] = ()
        self._now = Tools(())
        self._tried: dict[str, _Tried] = {}
        self._trying: set[str] = set()
        self._problem = ""
        session.toolsChanged.connect(self._on_tools)

    @Slot()
    def refresh(self) -> None:
        """Read the file anew."""
        self._session.ask(lambda _: file.configured_servers(), self._take, queue="tools")

    @Slot(str, result=bool)
    def paste(self, text: str) -> bool:
        """Take over servers from the JSON of another program, switched off; whether some were."""
        try:
            found = imported_servers(text)
            new = self._new(found)
            file.add_servers(*new)
        except KnownError as error:
            self._set_problem(told(error))
            return False
        self._set_problem(" ".join(told(problem) for problem in found.problems))
        self.refresh()
        return not found.problems

    @Slot(str, bool)
    def setOn(self, name: str, on: bool) -> None:  # noqa: N802  (QML names slots so)
        """Have a server run from now on, or not."""
        self._tried.pop(name, None)

        def switch(now: OpenLibrary) -> None:
            file.switch_server(name, on=on)
            now.agent.configure()

        self._session.ask(switch, lambda _: self.refresh(), self._failed, queue="tools")

    @Slot(str)
    def remove(self, name: str) -> None:
        """Forget a server, with what was decided on its tools."""

        def forget(now: OpenLibrary) -> None:
            file.remove_server(name)
            for one in now.library.tools.decisions():
                if one.server == name:
                    now.library.tools.revoke(one.id)
            now.agent.configure()

        self._session.ask(forget, lambda _: self.refresh(), self._failed, queue="tools")

    @Slot(str)
    def test(self, name: str) -> None:
        """Start a server beside those that run, see what it brings, and end it."""
        server = next((one for one in self._known if one.name == name), None)
        if server is None:
            return
        self._trying.add(name)
        self._show()

        def show(tried: _Tried) -> None:
            self._trying.discard(name)
            self._tried[name] = tried
            self._show()

        def failed(error: Exception) -> None:
            self._trying.discard(name)
            self._failed(error)

        self._session.ask(lambda _: _try(server.server), show, failed, queue="tools")

    def _new(self, found: Imported) -> list[ConfiguredServer]:
        known = {one.name for one in file.configured_servers()}
        new = [one for one in found.servers if one.name not in known]
        if found.servers and not new:
            raise KnownError(TAKEN)
        return new

    def _failed(self, error: Exception) -> None:
        self._session.announce(error)
        self.refresh()

    def _set_problem(self, problem: str) -> None:
        self._problem = problem
        self.stateChanged.emit()

    def _on_tools(self, tools: Tools) -> None:
        self._now = tools
        self._show()

    def _take(self, known: tuple[ConfiguredServer, ...]) -> None:
        self._known = known
        self._show()

    def _show(self) -> None:
        states = {state.name: state for state in self._now.servers}
        rows = [self._row(one, states.get(one.name)) for one in self._known]
        self.update(rows, key=lambda row: row.name)

    def _row(self, one: ConfiguredServer, state: ServerState | None) -> ServerRow:
        tried = self._tried.get(one.name)
        count = _count(one.name, self._now.tools)
        if not one.enabled:
            state, count = (tried.state, tried.tools) if tried is not None else (None, 0)
        stand = "starting" if one.enabled else "off"
        if one.name in self._trying:
            stand = "starting"
        elif state is not None:
            stand = state.state
        problem = "" if state is None or state.problem is None else told(state.problem)
        title = "" if state is None else visible(state.title)
        return ServerRow(one.name, title, _whole(one), one.enabled, stand, count, problem)

    problem = Property(str, lambda self: self._problem, notify=stateChanged)


def _whole(one: ConfiguredServer) -> str:
    lines = [one.command_line]
    if one.server.cwd:
        lines.append(f"cd {one.server.cwd}")
    given = [name for name in one.inherits if name in one.server.env] or list(one.server.headers)
    if given:
        lines.append(", ".join(f"{name}=…" for name in given))
    return visible("\n".join(lines))


def _count(server: str, tools: Sequence[ToolInfo]) -> int:
    return sum(tool.server == server for tool in tools)


def _try(server: Server) -> _Tried:
    """Start a server in a tools process of its own, and end both."""
    over = threading.Event()

    def listen(report: Report) -> None:
        if isinstance(report, Tools) and any(one.state != "starting" for one in report.servers):
            over.set()

    with ToolsClient(listen) as client:
        client.configure(servers=(server,))
        client.start()
        over.wait(START_S)
        states = [one for one in client.servers if one.name == server.name]
        state = states[0] if states else ServerState(server.name, "failed", problem=LATE)
        return _Tried(state, _count(server.name, client.tools))
