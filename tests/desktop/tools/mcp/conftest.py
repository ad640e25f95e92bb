"""The real tools process with real servers, and what it reports."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from desktop.tools.client import ToolsClient
from desktop.tools.protocol import (
    Called,
    CallFailed,
    ElicitAsked,
    Report,
    Server,
    ServerState,
    ToolInfo,
    Tools,
)

WAIT_S = 120.0
"""For machines that are busy with something else; nothing here measures time."""
HOSTILE = Path(__file__).with_name("hostile_server.py")


def hostile(mode: str = "plain", name: str = "bad", **more: Any) -> Server:
    """The hostile server in one of its modes."""
    return Server(name, command=sys.executable, args=(str(HOSTILE), mode), **more)


class Hands:
    """A client of the tools process, whose reports can be waited for."""

    def __init__(self, folder: Path) -> None:
        self._heard = threading.Condition()
        self.reports: list[Report] = []
        self.answer: Callable[[ElicitAsked], None] = lambda _: None
        self.client = ToolsClient(self._listen, folder)

    def use(self, *servers: Server) -> None:
        """Switch on these servers and no others, and wait until each of them is settled."""
        self.client.configure()
        self.client.start()
        self.wait(lambda: self.client.pid and not self.client.servers)
        self.client.configure(servers=servers)
        names = [one.name for one in servers]
        self.wait(
            lambda: (
                [one.name for one in self.client.servers] == names
                and all(one.state != "starting" for one in self.client.servers)
            )
        )

    def state(self, name: str = "bad") -> ServerState:
        """A server as it is now."""
        return next(one for one in self.client.servers if one.name == name)

    def tool(self, name: str, server: str = "bad") -> ToolInfo:
        """A tool as it is now."""
        return next(one for one in self.client.tools if (one.server, one.name) == (server, name))

    def begin(self, name: str, server: str = "bad", /, **arguments: Any) -> int:
        """Call a tool as it is described now; its id."""
        definition = self.tool(name, server).definition
        return self.client.call(server, name, json.dumps(arguments), definition)

    def end(self, number: int) -> Called | CallFailed:
        """How a call ended."""
        return self.wait(lambda: self._end(number))

    def call(self, name: str, server: str = "bad", /, **arguments: Any) -> Called:
        """What a call gave."""
        ended = self.end(self.begin(name, server, **arguments))
        assert isinstance(ended, Called), ended
        return ended

    def asked(self) -> list[ElicitAsked]:
        """All questions so far."""
        return [one for one in self.reports if isinstance(one, ElicitAsked)]

    def wait(self, for_what: Callable[[], Any]) -> Any:
        """Wait until something is true; what it is then."""
        with self._heard:
            assert self._heard.wait_for(for_what, WAIT_S), self.reports[-3:]
            return for_what()

    def _end(self, number: int) -> Called | CallFailed | None:
        ends = (one for one in self.reports if isinstance(one, Called | CallFailed))
        return next((one for one in ends if one.id == number), None)

    def _listen(self, report: Report) -> None:
        with self._heard:
            self.reports.append(report)
            self._heard.notify_all()
        if isinstance(report, ElicitAsked):
            self.answer(report)
        if isinstance(report, Tools):
            with self._heard:
                self._heard.notify_all()


def gone(pids: Sequence[int]) -> None:
    """Wait until processes have ended; fail where one does not."""
    deadline = time.monotonic() + WAIT_S
    while alive := [pid for pid in pids if _lives(pid)]:
        assert time.monotonic() < deadline, [psutil.Process(pid).cmdline() for pid in alive]
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def family(pid: int) -> list[int]:
    """The process ids of all that descend from a process."""
    return [one.pid for one in psutil.Process(pid).children(recursive=True)]


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hands]:
    """A tools process that all tests of a module share."""
    made = Hands(tmp_path_factory.mktemp("tools"))
    yield made
    before = family(made.client.pid) if made.client.pid else []
    made.client.close()
    gone(before)
