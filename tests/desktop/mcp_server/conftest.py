"""`medley mcp` as another program starts it, and the SDK's own client at the other end."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult

from tests.installed import model_home

ROOT = Path(__file__).parents[3]
WAIT_S = 180.0
"""For machines that are busy with something else; nothing here measures time."""
R = TypeVar("R")


class Program:
    """The other program: its calls wait for their results."""

    def __init__(self, library: Path, home: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._leave = asyncio.Event()
        self._ready = threading.Event()
        words = ["mcp", "--bundle", "pocket", "--device", "cpu", "--library", str(library)]
        self._server = StdioServerParameters(
            command=sys.executable,
            args=["-P", "-m", "desktop.cli", *words],
            env={
                "PYTHONPATH": str(ROOT),
                "XDG_CONFIG_HOME": str(home),
                "XDG_DATA_HOME": model_home(),
            },
            cwd=ROOT,
        )
        self._before = {one.pid for one in psutil.Process().children()}
        self._held = asyncio.run_coroutine_threadsafe(self._hold(), self._loop)
        while not self._ready.wait(0.05):
            if self._held.done():
                self._held.result()

    @property
    def server(self) -> psutil.Process:
        """The process of `medley mcp`."""
        return next(
            one
            for one in psutil.Process().children()
            if one.pid not in self._before and "mcp" in one.cmdline()
        )

    def do(self, work: Coroutine[Any, Any, R]) -> R:
        """Have something done on the client's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WAIT_S)

    def call(self, tool: str, **arguments: Any) -> CallToolResult:
        """Call a tool."""
        return self.do(self.client.call_tool(tool, arguments))

    def close(self) -> None:
        """Close the server's stdin, and wait for its end."""
        self._loop.call_soon_threadsafe(self._leave.set)
        self._held.result(WAIT_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _hold(self) -> None:
        async with Client(self._server) as self.client:
            self._ready.set()
            await self._leave.wait()


@contextmanager
def program(library: Path, home: Path) -> Iterator[Program]:
    """Another program for the time of the context."""
    made = Program(library, home)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program that all tests of a module share; the library is made by the one that needs it."""
    folder = tmp_path_factory.mktemp("home")
    with program(folder / "library.db", folder) as made:
        yield made
