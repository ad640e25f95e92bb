"""A speech process on a sound server of its own, watched by tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from desktop.assistant.spoken.conversation import SpokenConversation
from desktop.assistant.spoken.view import AnswerId, SpokenTurn, View
from desktop.speech.client import SpeechClient, SpeechState
from desktop.speech.protocol import Level, Played, Report, Settings

R = TypeVar("R")
LIMIT_S = 120.0
"""For machines that are busy with something else; no test measures time."""


class Journal:
    """All that the process said, and waiting for what it will say."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.states: list[SpeechState] = []
        self.views: list[View] = []
        self._lock = threading.Condition()

    def take(self, report: Report) -> None:
        """A report."""
        with self._lock:
            self.reports.append(report)
            self._lock.notify_all()

    def take_state(self, state: SpeechState) -> None:
        """What is so."""
        with self._lock:
            self.states.append(state)
            self._lock.notify_all()

    def take_view(self, view: View) -> None:
        """What is shown."""
        with self._lock:
            self.views.append(view)
            self._lock.notify_all()

    def of(self, kind: type[R]) -> list[R]:
        """The reports of a kind."""
        return [report for report in self.reports if isinstance(report, kind)]

    def wait(self, kind: type[R], number: int = 1) -> R:
        """The first report of a kind, or the one of a number, when it is there."""
        self.until(lambda: len(self.of(kind)) >= number)
        return self.of(kind)[number - 1]

    def phase(self, *wanted: str) -> View:
        """The latest view, when it is of one of these phases."""
        self.until(lambda: bool(self.views) and self.views[-1].phase in wanted)
        return self.views[-1]

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so."""
        with self._lock:
            there = self._lock.wait_for(condition, LIMIT_S)
        told = [one for one in self.reports if not isinstance(one, Level | Played)]
        assert there, (told[-12:], self.views[-5:])


class Scripted:
    """Answers turns with given words, as an engine that is done at once would; keeps what it is
    told."""

    def __init__(self, *answers: str) -> None:
        self.conversation: SpokenConversation | None = None
        self.turns: list[SpokenTurn] = []
        self.heard: list[str] = []
        self.prepared: list[str] = []
        self.stopped: list[AnswerId] = []
        self._answers = list(answers)

    def prepare(self, text: str) -> None:
        """Keep it."""
        self.prepared.append(text)

    def ask(self, answer: AnswerId, turn: SpokenTurn) -> None:
        """Say the next of the answers."""
        self.turns.append(turn)
        words = self._answers.pop(0) if self._answers else ""

        def say() -> None:
            assert self.conversation is not None
            self.conversation.answer_text(answer, words)
            self.conversation.answer_ended(answer)

        threading.Thread(target=say, daemon=True).start()

    def stop(self, answer: AnswerId) -> None:
        """It is over already."""
        self.stopped.append(answer)

    def keep_heard(self, answer: AnswerId, heard: str) -> None:
        """Keep it."""
        self.heard.append(heard)


@contextmanager
def speaking(
    folder: Path, settings: Settings | None = None
) -> Iterator[tuple[SpeechClient, Journal]]:
    """A client and what it is told; nothing of it is left at the end."""
    journal = Journal()
    before = set(threading.enumerate())
    client = SpeechClient(settings or Settings(), journal.take, journal.take_state, folder)
    try:
        yield client, journal
    finally:
        client.close()
    left = set(threading.enumerate()) - before
    assert not [one for one in left if one.name.startswith(("speech-", "child-"))]
    assert list(folder.iterdir()) == []


@contextmanager
def conversing(
    folder: Path, answers: Scripted
) -> Iterator[tuple[SpokenConversation, SpeechClient, Journal]]:
    """A conversation whose answers are given."""
    journal = Journal()

    def take(report: Report) -> None:
        conversation.take(report)
        journal.take(report)

    def take_state(state: SpeechState) -> None:
        conversation.take_state(state)
        journal.take_state(state)

    client = SpeechClient(Settings(), take, take_state, folder)
    conversation = SpokenConversation(client, answers, journal.take_view)
    answers.conversation = conversation
    try:
        yield conversation, client, journal
    finally:
        conversation.end()
        client.close()


def gone(pid: int) -> bool:
    """Whether a process ends soon."""
    until = time.monotonic() + LIMIT_S
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
