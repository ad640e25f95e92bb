"""Answers spoken turns with an engine alone, without a library: for the terminal and benchmarks.

Threads: as `Answerer`; events of the engine come on its client's thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from desktop.assistant.spoken.heard_words import heard_length
from desktop.assistant.spoken.view import AnswerId, SpokenTurn
from plugins.errors import KnownError, Problem, problem_of
from runtime.messages import (
    Event,
    Message,
    Part,
    Sampling,
    TextDelta,
    TextPart,
    ThinkingPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.worker.client import EngineClient, EngineState

TurnId = int


class EngineAnswers:
    """One engine and what was said so far."""

    def __init__(
        self,
        bundle: str,
        on_event: Callable[[Event], None],
        on_state: Callable[[EngineState], None] = lambda _: None,
        system: str | None = None,
        sampling: Sampling | None = None,
        seed: int | None = None,
    ) -> None:
        """Nothing is started yet; `on_text` and `on_ended` are to be set before the first turn.

        Args:
            bundle: name or folder.
            on_event: told all that the engine says.
            on_state: told what the engine does.
            system: what the model is told about its task; None is the bundle's own.
            sampling: None is the bundle's own.
            seed: None draws one for every answer.
        """
        self.on_text: Callable[[AnswerId, str], None] = lambda answer, words: None
        self.on_ended: Callable[[AnswerId, Problem | None], None] = lambda answer, problem: None
        self.messages: tuple[Message, ...] = ()
        self._system, self._seed = system, seed
        self._sampling = sampling or Sampling()
        self._on_event = on_event
        self._lock = threading.RLock()
        self._running: dict[TurnId, tuple[AnswerId, Message]] = {}
        self._replies: dict[AnswerId, Message] = {}
        self._client = EngineClient(bundle, on_event=self._take, on_state=on_state)

    @property
    def pid(self) -> int | None:
        """Of the engine's process; None while there is none."""
        return self._client.pid

    def start(self) -> None:
        """Load the model early."""
        self._client.start()

    def prepare(self, text: str) -> None:
        """Read what a person is still saying."""
        with self._lock:
            if not self._running:
                self._client.prepare(self._turn(text))

    def ask(self, answer: AnswerId, turn: SpokenTurn) -> None:
        """Answer a turn; its recording is removed."""
        if turn.recording is not None:
            turn.recording.unlink(missing_ok=True)
        asked = Message("user", (TextPart(turn.text),))
        with self._lock:
            try:
                number = self._client.ask(self._turn(turn.text))
            except KnownError as error:
                self.on_ended(answer, problem_of(error))
                return
            self._running[number] = answer, asked

    def stop(self, answer: AnswerId) -> None:
        """Stop an answer that is being made."""
        with self._lock:
            numbers = [n for n, (running, _) in self._running.items() if running == answer]
        for number in numbers:
            self._client.stop(number)

    def keep_heard(self, answer: AnswerId, heard: str) -> None:
        """Only this was heard of an answer, as it was spoken: the model is told no more of it."""
        with self._lock:
            reply = self._replies.get(answer)
            if reply is None:
                return
            kept = tuple(self._without(reply, heard))
            self.messages = tuple(one for one in kept if one.parts)

    def close(self) -> None:
        """End the engine."""
        self._client.close()

    def _turn(self, text: str) -> Turn:
        said = Message("user", (TextPart(text),))
        return Turn(
            (*self.messages, said),
            system=self._system,
            seed=self._seed,
            sampling=self._sampling,
        )

    def _without(self, reply: Message, heard: str) -> Sequence[Message]:
        """What was said, with a reply cut to what was heard of it; where that is nothing, its
        question goes too, as no model has seen a question without an answer."""
        cut = Message("assistant", heard_parts(reply.parts, heard))
        place = next((i for i, one in enumerate(self.messages) if one is reply), None)
        if place is None:
            return self.messages
        if not cut.parts:
            return (*self.messages[: place - 1], *self.messages[place + 1 :])
        self._replies = {key: cut if one is reply else one for key, one in self._replies.items()}
        return (*self.messages[:place], cut, *self.messages[place + 1 :])

    def _take(self, number: TurnId, event: Event) -> None:
        with self._lock:
            answer, asked = self._running.get(number, (0, None))
            if isinstance(event, TurnDone | TurnFailed):
                self._running.pop(number, None)
            if isinstance(event, TurnDone) and asked is not None and event.reply.says_anything:
                self._replies[answer] = event.reply
                self.messages = (*self.messages, asked, event.reply)
        self._on_event(event)
        match event:
            case TextDelta():
                self.on_text(answer, event.text)
            case TurnDone():
                self.on_ended(answer, None)
            case TurnFailed():
                self.on_ended(answer, event.problem)


def heard_parts(parts: Sequence[Part], heard: str) -> tuple[Part, ...]:
    """The parts of an answer with only the words that were heard; what was shown stays."""
    whole = "".join(part.text for part in parts if isinstance(part, TextPart))
    left = heard_length(whole, heard)
    kept: list[Part] = []
    for part in parts:
        if isinstance(part, TextPart):
            if words := part.text[: max(left, 0)]:
                kept.append(TextPart(words))
            left -= len(part.text)
        elif not isinstance(part, ThinkingPart):
            kept.append(part)
    return tuple(kept)
