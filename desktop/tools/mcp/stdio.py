"""A server that is a program of this machine: one message a line on its stdin and stdout.

Unlike the SDK's own transport it knows the program's process, bounds its lines, drains its stderr
and ends its whole tree, by way of a guard that outlives this process (`guard`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client.stdio import get_default_environment
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from desktop.tools.mcp import guard
from desktop.tools.protocol import Server
from desktop.tools.tree import VARIABLE
from plugins.errors import KnownError
from plugins.printable import one_line
from runtime.process.own_program import is_frozen, process_command

MOST_LINE_BYTES = 64 * 2**20
"""Of one message; a program that says more at once is ended."""
_CHUNK = 2**16
_KEPT_LINES, _LINE_BYTES = 30, 1000
END_S = guard.GRACE_S + guard.TERMINATE_S + 2.0
"""Seconds in which a guard has ended the tree."""

Incoming = MemoryObjectReceiveStream[SessionMessage | Exception]
Outgoing = MemoryObjectSendStream[SessionMessage]


class Program:
    """The running program of a server.

    Threads: the event loop's.
    """

    def __init__(self, server: Server) -> None:
        """Starts nothing yet."""
        self._server = server
        self._process: Process | None = None
        self._control = -1
        self._pid = 0
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self.ended = asyncio.Event()
        """Set when it says nothing more."""
        self.too_much = False
        """Whether it was ended for a line without end."""

    @property
    def pid(self) -> int:
        """Its process id, that of its guard where the system does not tell; 0 before it is
        started."""
        if self._process is not None and not self._pid:
            import psutil

            self._pid = self._process.pid
            with contextlib.suppress(psutil.Error):
                children = psutil.Process(self._process.pid).children()
                self._pid = next((one.pid for one in children), self._pid)
        return self._pid

    @property
    def code(self) -> int | None:
        """The exit code; None while it runs."""
        return self._process.returncode if self._process is not None else None

    @property
    def last_words(self) -> str:
        """The last line of its stderr, or of what is no message on its stdout."""
        return self._lines[-1] if self._lines else ""

    @contextlib.asynccontextmanager
    async def transport(self) -> AsyncIterator[tuple[Incoming, Outgoing]]:
        """The program and its messages while the context lasts; both ends with it.

        Raises:
            KnownError: there is no such program.
        """
        await self._start()
        to_session, incoming = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        outgoing, from_session = anyio.create_memory_object_stream[SessionMessage](0)
        tasks = [
            asyncio.create_task(self._read(to_session)),
            asyncio.create_task(self._write(from_session)),
            asyncio.create_task(self._listen()),
        ]
        try:
            yield incoming, outgoing
        finally:
            with anyio.CancelScope(shield=True):
                await self._end(tasks)
                for stream in (to_session, incoming, outgoing, from_session):
                    stream.close()

    def hang_up(self) -> None:
        """Have the tree ended; returns at once."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        if self._control >= 0:
            os.close(self._control)
            self._control = -1

    async def _start(self) -> None:
        environment = environment_of(self._server)
        wish = {
            "command": command_of(self._server, environment),
            "env": environment,
            "cwd": folder_of(self._server),
        }
        theirs, self._control = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *_guard_command(theirs),
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env={},
                pass_fds=(theirs,),
                start_new_session=True,
            )
        except BaseException:
            self.hang_up()
            raise
        finally:
            os.close(theirs)
        data = json.dumps(wish).encode()
        control = self._control
        await asyncio.to_thread(_write_all, control, len(data).to_bytes(4, "big") + data)

    async def _read(self, to_session: MemoryObjectSendStream[SessionMessage | Exception]) -> None:
        assert self._process is not None and self._process.stdout is not None
        rest = bytearray()
        with to_session:
            while chunk := await self._process.stdout.read(_CHUNK):
                searched = len(rest)
                rest += chunk
                if b"\n" in chunk:
                    end = rest.rindex(b"\n", searched)
                    lines = bytes(rest[:end]).split(b"\n")
                    del rest[: end + 1]
                    for line in lines:
                        await self._hand_over(line, to_session)
                elif len(rest) > MOST_LINE_BYTES:
                    self.too_much = True
                    break
            self.ended.set()
        self.hang_up()
        while await self._process.stdout.read(_CHUNK):
            pass  # Nobody who still writes is to be stopped by a full pipe.

    async def _hand_over(
        self, line: bytes, to_session: MemoryObjectSendStream[SessionMessage | Exception]
    ) -> None:
        if not line.strip():
            return
        try:
            message = jsonrpc_message_adapter.validate_json(line, by_name=False)
        except ValueError:
            self._note(line)  # What a library prints is no message.
            return
        with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
            await to_session.send(SessionMessage(message))

    async def _write(self, from_session: MemoryObjectReceiveStream[SessionMessage]) -> None:
        assert self._process is not None and self._process.stdin is not None
        with contextlib.suppress(OSError, RuntimeError), from_session:
            async for sent in from_session:
                text = sent.message.model_dump_json(by_alias=True, exclude_unset=True)
                self._process.stdin.write(text.encode("utf-8", "replace") + b"\n")
                await self._process.stdin.drain()

    async def _listen(self) -> None:
        assert self._process is not None and self._process.stderr is not None
        rest = b""
        while chunk := await self._process.stderr.read(_CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines[-_KEPT_LINES:]:
                self._note(line)
            rest = rest[-_LINE_BYTES:]
        self._note(rest)

    def _note(self, line: bytes) -> None:
        if text := one_line(line[:_LINE_BYTES].decode("utf-8", "replace")):
            self._lines.append(text)

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        assert self._process is not None
        self.hang_up()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_S):
                await self._process.wait()
        if self._process.returncode is not None and self._process.returncode < 0:
            self._end_unguarded()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # A pipe that somebody out of reach still holds is let go of.
        transport = getattr(self._process, "_transport", None)
        if transport is not None:
            transport.close()

    def _end_unguarded(self) -> None:
        """End the session of a program whose guard was killed. What left the session is this
        process's now, and ends with it."""
        with contextlib.suppress(OSError):
            os.killpg(self._pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.waitpid(self._pid, 0)


def environment_of(server: Server) -> dict[str, str]:
    """What the program gets: the few variables that the SDK passes on, and the configured ones."""
    mark = {VARIABLE: os.environ[VARIABLE]} if VARIABLE in os.environ else {}
    return get_default_environment() | server.env | mark


def command_of(server: Server, environment: Mapping[str, str]) -> list[str]:
    """The command line, the program found.

    Raises:
        KnownError: there is none.
    """
    words = [server.command, *server.args]
    if any("\0" in word for word in (*words, *environment, *environment.values())):
        raise KnownError(
            "{server}: expected a command without zero bytes, found one. Correct it.",
            server=server.name,
        )
    name = os.path.expanduser(server.command)
    found = shutil.which(name, path=environment.get("PATH"))
    if found is None and os.sep in name and server.cwd:
        found = shutil.which(str(Path(folder_of(server)) / name))
    if found is None:
        raise KnownError(
            "{server}: expected a program {command}, found none. Install it, or correct the "
            "server's command.",
            server=server.name,
            command=server.command,
        )
    return [os.path.abspath(found) if os.sep in name else found, *server.args]


def folder_of(server: Server) -> str:
    """The folder in which it starts; empty for ours.

    Raises:
        KnownError: there is none.
    """
    folder = os.path.expanduser(server.cwd)
    if folder and not os.path.isdir(folder):
        raise KnownError(
            "{server}: expected a folder {folder} to start in, found none. Correct it.",
            server=server.name,
            folder=folder,
        )
    return folder


def _guard_command(control: int) -> list[str]:
    if is_frozen():
        return process_command(guard.__name__, str(control))
    # Isolated: nothing in the person's folders or environment changes what the guard imports.
    return [sys.executable, "-I", "-S", str(Path(guard.__file__)), str(control)]


def _write_all(file: int, data: bytes) -> None:
    with contextlib.suppress(OSError):  # It has ended; that shows where it is read.
        while data:
            data = data[os.write(file, data) :]
