"""The tools process: reads commands on the main thread; each call has a thread of its own. The end
of the command pipe, which is how a parent's death shows, ends it with everything it started."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import NoReturn

import msgspec

from desktop.tools.mcp.source import McpServers
from desktop.tools.plugin_tools import PluginTools
from desktop.tools.protocol import (
    Call,
    Command,
    Configure,
    Elicited,
    Preview,
    Report,
    ServiceDone,
    Stop,
    ToolInfo,
    Tools,
    Undo,
    decode_command,
    encode,
)
from desktop.tools.questions import Questions
from desktop.tools.runner import Runner
from desktop.tools.running_job import RunningJob
from desktop.tools.source import ToolSource
from desktop.tools.tree import begin_tree, bury_orphans, end_tree
from plugins.errors import Cancelled, KnownError
from runtime.offline import stay_offline
from runtime.process.frames import FrameError, Source, read_frame
from runtime.process.pipes import ParentGone, ReportSender, begin_child

EXIT_FAULT = 70
"""A thread met a fault of its own; its traceback is on stderr."""
EXIT_STUCK = 75
"""Too many calls that were stopped go on."""
CLOSE_S = 3.0
"""Seconds that the sources get to end what they started; less than the process itself gets."""
BURY_S = 10.0
COMING_S = 20.0
"""Seconds that a call waits for a tool which may still come."""


def main(mark: str) -> NoReturn:
    """Be a tools process until the command pipe ends. Never returns.

    Args:
        mark: names everything that the process starts; see `desktop.tools.tree`.
    """
    stay_offline()
    commands, reports = begin_child()
    tree = _Tree(mark)
    begin_tree(mark, tree.clear_up)
    threading.excepthook = tree.end_by_fault
    threading.Thread(target=_bury, name="tools-bury", daemon=True).start()
    server = Server(ReportSender(reports, encode), tree)
    try:
        _obey_all(commands, server)
    except (ParentGone, FrameError, msgspec.DecodeError) as error:
        with contextlib.suppress(OSError):  # nobody may read it any more
            print(f"the tools process ends: {error}", file=sys.stderr)
    finally:
        try:
            server.close()
        finally:
            tree.end(0, clear=True)


def _bury() -> None:
    known: dict[int, float] = {}
    while True:
        time.sleep(BURY_S)
        bury_orphans(known, time.monotonic())


def _obey_all(commands: Source, server: Server) -> None:
    while (payload := read_frame(commands)) is not None:
        server.obey(decode_command(payload))


class Server:
    """What obeys commands."""

    def __init__(self, outlet: ReportSender[Report], tree: _Tree) -> None:
        self._outlet, self._tree = outlet, tree
        self._changes = threading.Condition()
        self._folder: Path | None = None
        self._questions = Questions(outlet)
        self._runner = Runner(outlet, self._questions, self._find, lambda: tree.end(EXIT_STUCK))
        self._sources: tuple[ToolSource, ...] = (
            PluginTools(self._changed),
            McpServers(self._changed),
        )

    def obey(self, command: Command) -> None:
        """Begin what is asked; nothing here waits for a tool, a server or a person."""
        match command:
            case Configure():
                self._folder = self._tree.folder = Path(command.folder)
                for source in self._sources:
                    source.configure(command)
            case Preview() | Call() | Undo():
                if self._folder is None:
                    raise FrameError("a call before the configuration")
                self._runner.run(command, self._folder)
            case Stop():
                self._runner.stop(command.id)
            case ServiceDone() | Elicited():
                self._questions.answer(command)

    def close(self) -> None:
        """Stop all calls and end what the sources started."""
        self._runner.close()
        for source in self._sources:
            source.close(CLOSE_S)

    def _changed(self) -> None:
        """A source offers something else: say so, and wake whoever waits for a tool."""
        with self._changes:
            self._changes.notify_all()
            offers = [source.offer() for source in self._sources]
            self._outlet.send(
                Tools(
                    tuple(tool for offer in offers for tool in offer.tools),
                    tuple(server for offer in offers for server in offer.servers),
                    tuple(problem for offer in offers for problem in offer.problems),
                )
            )

    def _find(self, server: str, name: str, job: RunningJob) -> tuple[ToolSource, ToolInfo]:
        job.on_stop(self._wake)
        with self._changes:
            self._changes.wait_for(
                lambda: self._found(server, name) or job.cancelled() or self._complete(), COMING_S
            )
            found = self._found(server, name)
        if job.cancelled():
            raise Cancelled
        if found is None:
            raise KnownError(
                "expected a tool {name} of {server}, found none. Switch it on, or use another one.",
                "request",
                name=name,
                server=server,
            )
        return found

    def _wake(self) -> None:
        with self._changes:
            self._changes.notify_all()

    def _found(self, server: str, name: str) -> tuple[ToolSource, ToolInfo] | None:
        for source in self._sources:
            for tool in source.offer().tools:
                if (tool.server, tool.name) == (server, name):
                    return source, tool
        return None

    def _complete(self) -> bool:
        return all(source.offer().complete for source in self._sources)


class _Tree:
    """Ends this process with everything that it started. Threads: any."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self.folder: Path | None = None
        """The private folder, once it is known."""

    def end(self, code: int, *, clear: bool = False) -> NoReturn:
        """End at once: threads may be deep in a library and cannot be asked. `clear` is for an end
        after which nobody takes files any more."""
        with contextlib.suppress(OSError):  # nobody may read it any more
            sys.stderr.flush()
        end_tree(self._mark)
        if clear:
            self.clear_up()
        os._exit(code)

    def clear_up(self) -> None:
        """Remove the private folder, which a parent that was killed left."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def end_by_fault(self, fault: threading.ExceptHookArgs) -> None:
        """A thread of the process's own that ends in a fault ends it; it is started anew."""
        if fault.exc_type is ParentGone:
            self.end(0, clear=True)
        traceback.print_exception(fault.exc_type, fault.exc_value, fault.exc_traceback)
        self.end(EXIT_FAULT)
