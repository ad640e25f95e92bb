"""A window's engine and guests of it, with real workers and real sockets."""

from __future__ import annotations

import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.assistant.choices import EngineChoice
from desktop.assistant.engines import Engines
from desktop.assistant.sharing.connector import connector_command
from desktop.assistant.sharing.relay import Relay, Visit
from runtime.messages import Event, Message, Sampling, TextPart, Turn, TurnDone, TurnFailed
from runtime.worker.client import EngineClient, EngineState

WAIT_S = 120.0
"""For machines that are busy with something else; nothing here measures time."""


def asked(words: str = "hello", most: int | None = None) -> Turn:
    """A turn of one message."""
    return Turn((Message("user", (TextPart(words),)),), sampling=Sampling(max_new_tokens=most))


class Told:
    """What was told, and the order in which turns ended."""

    def __init__(self, name: str = "", order: list[str] | None = None) -> None:
        """`name` is put into `order` when a turn has ended."""
        self.name, self.order = name, [] if order is None else order
        self.events: dict[int, list[Event]] = defaultdict(list)
        self.ended: list[int] = []
        self._news = threading.Condition()

    def take(self, turn: int, event: Event) -> None:
        """An event has come."""
        with self._news:
            self.events[turn].append(event)
            if isinstance(event, TurnDone | TurnFailed):
                self.ended.append(turn)
                self.order.append(self.name)
            self._news.notify_all()

    def wait(self, until: Callable[[], Any]) -> None:
        """Wait for a condition."""
        with self._news:
            assert self._news.wait_for(until, WAIT_S)

    def end(self, turn: int) -> Event:
        """The last event of a turn."""
        self.wait(lambda: turn in self.ended)
        return self.events[turn][-1]


class Window:
    """An engine that is shared."""

    def __init__(self, bundle: str) -> None:
        self.told, self.visits = Told(), list[Visit]()
        self.engines = Engines(EngineChoice(bundle, "cpu"), self.told.take, lambda state: None)
        self.relay = Relay(self.engines, self.visits.append)
        self._folder = tempfile.TemporaryDirectory(prefix="medley-test-")
        self.path = Path(self._folder.name) / "engine.socket"
        self.relay.open(self.path)
        self._guests: list[EngineClient] = []

    def guest(self, told: Told) -> EngineClient:
        """A process that uses it."""
        states: list[EngineState] = []
        made = EngineClient(
            "pocket",
            on_event=told.take,
            on_state=states.append,
            command=lambda: connector_command(self.path),
        )
        self._guests.append(made)
        return made

    def close(self) -> None:
        """Everything."""
        for guest in self._guests:
            guest.close()
        self.relay.close()
        self.engines.close()
        self._folder.cleanup()


@pytest.fixture
def window() -> Iterator[Window]:
    """The window's engine, of the embedded bundle."""
    made = Window("pocket")
    yield made
    made.close()


def soon(check: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + WAIT_S
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.01)
