"""Lends the window's engine to Medley's other processes, such as `medley serve`.

A guest's turns wait here, and one at a time is handed on: after what the window asked, and before
what the window asks next once a turn of the window went first. Guests take turns among themselves.
Knows the engine's client and the worker's protocol.

Thread contract: every method may be called from any thread.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from desktop.assistant.engines import Engines
from desktop.assistant.sharing.guest import Guest
from desktop.assistant.sharing.place import listen
from plugins.errors import KnownError
from runtime.messages import Embedding, Event, TurnDone, TurnFailed
from runtime.worker.client import EngineClient, EngineState
from runtime.worker.protocol import (
    Ask,
    Command,
    Embed,
    Embedded,
    EmbedFailed,
    Open,
    Prepare,
    Render,
    Stop,
    StopArtifact,
    TurnId,
)

MOST = 8
"""Guests at once."""
END_S = 2.0
"""Seconds that threads have to end."""


@dataclass(frozen=True)
class Visit:
    """What guests do now."""

    guests: int = 0
    waiting: int = 0
    """Their turns that have not begun."""
    running: bool = False


class Relay:
    """One engine's guests."""

    def __init__(self, engines: Engines, on_change: Callable[[Visit], None]) -> None:
        """Nobody is let in yet. `on_change` is told what guests do, on any thread."""
        self._engines, self._on_change = engines, on_change
        self._lock = threading.RLock()
        self._guests: list[Guest] = []
        """In the order in which they are next."""
        self._left_over: set[TurnId] = set()
        """Turns of guests that are gone, until they have stopped."""
        self._told = Visit()
        self._listening: socket.socket | None = None
        self._path: Path | None = None
        self._thread: threading.Thread | None = None
        engines.lend(self._took, self._changed)

    def open(self, path: Path | None) -> None:
        """Let guests in at a socket; nothing happens where there can be none. While another
        computer answers nobody is let in: that choice is the person's for the window."""
        with self._lock:
            self._path = path
            if path is None or self._listening is not None or self._engines.choice.remote:
                return
            self._listening = listen(path)
            if self._listening is not None:
                self._thread = threading.Thread(
                    target=self._accept, name="engine-relay", daemon=True
                )
                self._thread.start()

    def close(self) -> None:
        """Let nobody in any more, and hang up."""
        guests, thread = self._hang_up(), self._thread
        self._path = None
        for one in (thread, *(one for guest in guests for one in guest.threads)):
            if one is not None:
                one.join(END_S)

    def _hang_up(self) -> list[Guest]:
        """Let nobody in, and say so to those who are in; who they were."""
        listening, self._listening = self._listening, None
        if listening is not None and self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        with self._lock:
            guests = list(self._guests)
        for guest in guests:
            guest.close()
        return guests

    def _accept(self) -> None:
        while (listening := self._listening) is not None:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with self._lock:
                if len(self._guests) < MOST:
                    self._guests.insert(0, Guest(connection, self._obey, self._left))
                else:
                    connection.close()
            self._tell()

    def _left(self, guest: Guest) -> None:
        """A guest is gone: what it asked is stopped."""
        with self._lock:
            if guest in self._guests:
                self._guests.remove(guest)
            client = self._engines.now
            self._left_over.update(guest.running)
            for turn in guest.running:
                if client is not None:
                    client.stop(turn)
        self._next()

    def _obey(self, guest: Guest, command: Command) -> None:
        if self._engines.choice.remote:
            guest.close()
            return
        with self._lock:
            match command:
                case Open():
                    guest.show(self._engines.state)
                    self._with_client(lambda client: client.start())
                case Ask() | Render():
                    guest.waiting.append(command)
                case Embed():
                    self._embed(guest, command)
                case Prepare():
                    self._with_client(lambda client: client.prepare(command.turn, command.bundle))
                case Stop():
                    self._stop(guest, command.id, None)
                case StopArtifact():
                    self._stop(guest, command.id, command.index)
        self._next()

    def _with_client(self, work: Callable[[EngineClient], None]) -> None:
        with contextlib.suppress(KnownError):  # The window is closing, and guests will notice.
            self._engines.run(work)

    def _embed(self, guest: Guest, command: Embed) -> None:
        def done(future: Future[Embedding]) -> None:
            try:
                guest.send(Embedded(command.id, future.result()))
            except KnownError as error:
                guest.send(EmbedFailed(command.id, error.problem))

        self._with_client(lambda client: client.embed(command.content).add_done_callback(done))

    def _stop(self, guest: Guest, turn: TurnId, index: int | None) -> None:
        client = self._engines.now
        for own, theirs in guest.running.items():
            if theirs == turn and client is not None:
                if index is None:
                    client.stop(own)
                else:
                    client.stop_artifact(own, index)
                return
        guest.unbegun(turn)

    def _next(self) -> None:
        """Hand the next turn on, where it is time and this computer answers."""
        with self._lock:
            if self._engines.choice.remote:
                return
            guest = next((one for one in self._guests if one.waiting), None)
            if guest is not None and self._is_free(guest):
                self._guests.remove(guest)
                self._guests.append(guest)
                guest.passed = False
                command = guest.waiting.popleft()
                try:
                    own = self._engines.run(lambda client: _hand_on(client, command))
                    # Its events wait for the lock, so none can have been missed.
                    guest.running[own] = command.id
                except KnownError as error:
                    guest.happened(command.id, TurnFailed(error.problem))
        self._tell()

    def _is_free(self, guest: Guest) -> bool:
        if any(one.running for one in self._guests):
            return False
        state = self._engines.state
        return guest.passed or not (state.phase == "busy" or state.waiting)

    def _took(self, turn: TurnId, event: Event) -> bool:
        """Whether an event is of a guest's turn, which is told it."""
        over = isinstance(event, TurnDone | TurnFailed)
        with self._lock:
            if turn in self._left_over:
                if over:
                    self._left_over.discard(turn)
                return True
            for guest in self._guests:
                if turn in guest.running:
                    guest.happened(guest.running[turn], event)
                    if over:
                        del guest.running[turn]
                    break
            else:
                for guest in self._guests:
                    guest.passed = guest.passed or (over and bool(guest.waiting))
                return False
        if over:
            self._next()
        return True

    def _changed(self, state: EngineState) -> None:
        with self._lock:
            for guest in self._guests:
                guest.show(state)
        if self._engines.choice.remote:
            self._hang_up()
        else:
            self.open(self._path)
        self._next()

    def _tell(self) -> None:
        with self._lock:
            visit = Visit(
                len(self._guests),
                sum(len(guest.waiting) for guest in self._guests),
                any(guest.running for guest in self._guests),
            )
            if visit == self._told:
                return
            self._told = visit
        self._on_change(visit)


def _hand_on(client: EngineClient, command: Ask | Render) -> TurnId:
    if isinstance(command, Ask):
        return client.ask(command.turn, command.bundle)
    return client.render(
        command.recipe,
        seed=command.seed,
        parameters=command.parameters,
        previews=command.previews,
        bundle=command.bundle,
    )
