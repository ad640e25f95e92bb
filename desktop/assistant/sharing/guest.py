"""One process that uses the window's engine: its connection, and what it asked for.

Knows the worker's protocol; knows no engine.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec

from runtime.messages import Event, TurnDone, TurnFailed
from runtime.process.frames import FrameError, read_frame, write_frame
from runtime.worker.protocol import (
    Ask,
    Command,
    Open,
    Opening,
    Ready,
    Render,
    Report,
    TurnId,
    TurnStarted,
    decode_command,
    encode,
    unbegun,
)
from runtime.worker.state import EngineState
from runtime.worker.transfer import FileTransfer


class Guest:
    """Thread contract: `send` and `close` from any thread; the rest is for whoever locks it."""

    def __init__(
        self,
        connection: socket.socket,
        obey: Callable[[Guest, Command], None],
        gone: Callable[[Guest], None],
    ) -> None:
        """
        Args:
            connection: to the process.
            obey: does what it asks, on a thread of the guest.
            gone: told when it is gone, on the same thread.
        """
        self.waiting: deque[Ask | Render] = deque()
        self.running: dict[TurnId, TurnId] = {}
        """Its turns that the engine has, by the engine's ids."""
        self.passed = False
        """Whether a turn of the window was answered while it waited."""
        self._connection = connection
        self._obey, self._gone = obey, gone
        self._folder: FileTransfer | None = None
        self._shown: Report | None = None
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._begun: set[TurnId] = set()
        self.threads = [
            threading.Thread(target=run, name="engine-guest", daemon=True)
            for run in (self._read, self._write)
        ]
        for thread in self.threads:
            thread.start()

    def send(self, report: Report) -> None:
        """Tell it something; returns at once."""
        self._outgoing.put(encode(report))

    def show(self, state: EngineState) -> None:
        """Tell it which bundle is open, where that is news."""
        report: Report
        if state.phase in ("ready", "busy"):
            report = Ready(
                state.bundle,
                state.title,
                state.modalities,
                state.device,
                state.n_ctx,
                state.devices,
            )
        elif state.phase == "starting" and state.bundle:
            report = Opening(state.bundle, state.title)
        else:
            return
        if report != self._shown:
            self._shown = report
            self.send(report)

    def happened(self, turn: TurnId, event: Event) -> None:
        """Tell it an event of one of its turns, by its own id."""
        if turn not in self._begun:
            self._begun.add(turn)
            self.send(TurnStarted(turn))
        if isinstance(event, TurnDone | TurnFailed):
            self._begun.discard(turn)
        if self._folder is not None:
            self.send(self._folder.pack(turn, event))

    def unbegun(self, turn: TurnId) -> bool:
        """Stop a turn that waits; False where it does not."""
        for command in self.waiting:
            if command.id == turn:
                self.waiting.remove(command)
                self.happened(turn, unbegun())
                return True
        return False

    def close(self) -> None:
        """Hang up."""
        self._outgoing.put(None)
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def _read(self) -> None:
        stream = self._connection.makefile("rb")
        # It may be gone, or no process of Medley's.
        ended = contextlib.suppress(OSError, FrameError, msgspec.DecodeError)
        try:
            with ended:
                while (payload := read_frame(stream)) is not None:
                    command = decode_command(payload)
                    if isinstance(command, Open):
                        self._folder = FileTransfer(Path(command.folder))
                    self._obey(self, command)
        finally:
            self._gone(self)
            self.close()
            stream.close()

    def _write(self) -> None:
        with contextlib.suppress(OSError, FrameError), self._connection.makefile("wb") as stream:
            while (payload := self._outgoing.get()) is not None:
                write_frame(stream, payload)
        self._connection.close()
