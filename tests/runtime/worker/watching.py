"""A client of the engine to test with, and what its callbacks were told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

from runtime.messages import Event, Message, Sampling, TextPart, Turn, TurnDone, TurnFailed
from runtime.worker.client import EngineClient, EngineState

T = TypeVar("T")
WAIT_S = 300
"""What a machine that does other things needs at most; nothing waits as long when all is well."""


class Watcher:
    """What the callbacks were told, and what is to be done when they are."""

    def __init__(self) -> None:
        self.events: dict[int, list[Event]] = {}
        self.states: list[EngineState] = []
        self.threads: set[str] = set()
        self.react: Callable[[int, Event], None] = lambda turn, event: None
        self._changed = threading.Condition()

    def on_event(self, turn: int, event: Event) -> None:
        self.threads.add(threading.current_thread().name)
        with self._changed:
            self.events.setdefault(turn, []).append(event)
            self._changed.notify_all()
        self.react(turn, event)

    def on_state(self, state: EngineState) -> None:
        self.threads.add(threading.current_thread().name)
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()

    def until(self, wanted: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(wanted, WAIT_S), (self.events, self.states[-3:])

    @property
    def phase(self) -> str:
        """Of the latest state."""
        return self.states[-1].phase if self.states else ""

    def over(self, turn: int) -> list[Event]:
        """All events of a turn."""
        self.until(lambda: ended(self.events.get(turn, [])))
        return self.events[turn]


def ended(events: list[Event]) -> bool:
    return bool(events) and isinstance(events[-1], TurnDone | TurnFailed)


def only(kind: type[T], events: list[Event]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


def drawing(steps: int = 2, allowed: tuple[str, ...] | None = ("image",)) -> Turn:
    message = Message("user", (TextPart("draw a red boat on the sea at night"),))
    return Turn((message,), allowed=allowed, seed=3, parameters={"image": {"steps": steps}})


def saying(max_new_tokens: int = 5) -> Turn:
    """Text that goes on and on."""
    sampling = Sampling(temperature=9.0, max_new_tokens=max_new_tokens)
    message = Message("user", (TextPart("hello"),))
    return Turn((message,), allowed=("text",), seed=3, sampling=sampling)


def client(watcher: Watcher, folder: Path, bundle: str | Path = "pocket") -> EngineClient:
    return EngineClient(
        bundle,
        device="cpu",
        threads=1,
        on_event=watcher.on_event,
        on_state=watcher.on_state,
        folder=folder,
    )


def gone_soon(pid: int) -> bool:
    """Whether a process ends, which an orphan in a container may do without being reaped."""
    for _ in range(WAIT_S * 10):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.1)
    return False
