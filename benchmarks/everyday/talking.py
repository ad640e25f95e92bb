"""Has the engine answer the items, each in its own conversation.

Where only the kind of a medium counts nothing is rendered: every artifact is stopped before it
begins.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.everyday.items import Item, Kind
from benchmarks.everyday.judging import faults
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Message,
    SignalStarted,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.turn.artifacts import ArtifactStops

SEED = 0
_MOST_ARTIFACTS = 16


@dataclass
class Answer:
    """The answer to one turn."""

    text: str = ""
    made: dict[int, str] = field(default_factory=dict)
    """Modality by number, of every artifact that the model asked for."""
    done: TurnDone | None = None
    failure: str = ""
    """Why there is no answer."""
    seconds: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """The outcome of one item."""

    kind: Kind
    item: Item
    answer: Answer
    """The answer to the last turn."""
    faults: tuple[str, ...]
    """The faults of the answer."""

    @property
    def right(self) -> bool:
        """True if there are no faults."""
        return not self.faults


def outcomes(
    engine: Engine, items: Sequence[tuple[Kind, Item]], *, render: bool = False
) -> Iterator[Outcome]:
    """Every item, as it is answered."""
    for kind, item in items:
        answer = talk(engine, item, render=render)
        wrong = [answer.failure] if answer.failure else []
        wrong += faults(item, answer.text, list(answer.made.values()))
        yield Outcome(kind, item, answer, tuple(wrong))


def talk(engine: Engine, item: Item, *, render: bool) -> Answer:
    """The answer to an item's last turn, all turns before it answered too."""
    messages: list[Message] = []
    answer = Answer()
    for words in item.turns:
        messages.append(Message("user", (TextPart(words.strip()),)))
        answer = _answer(engine, Turn(tuple(messages), system=item.system, seed=SEED), render)
        if answer.done is None:
            return answer
        messages.append(answer.done.reply)
    return answer


def _answer(engine: Engine, turn: Turn, render: bool) -> Answer:
    stops = ArtifactStops()
    for index in range(0 if render else _MOST_ARTIFACTS):
        stops.stop(index)
    answer = Answer()
    begin = time.perf_counter()
    for event in engine.answer(turn, stops=stops):
        match event:
            case TextDelta():
                answer.text += event.text
            case SignalStarted() | ArtifactReady() | ArtifactFailed():
                answer.made[event.index] = event.modality
            case TurnDone():
                answer.done = event
            case TurnFailed():
                answer.failure = str(event.problem)
    answer.seconds = time.perf_counter() - begin
    return answer
