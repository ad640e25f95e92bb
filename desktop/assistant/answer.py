"""One answer that is being made: its state, who makes its calls, and who is told of it. Plain data;
`Answers` carries it on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from desktop.assistant.progress import CallProgress, Pace, Progress, ReadingProgress
from desktop.tools.protocol import Tools
from plugins.errors import Problem, phrase
from runtime.messages import ArtifactReady, Event, ToolCallPart, TurnDone
from storage.answers import AnswerWriter

TurnId = int
EMPTY = phrase("The model ended its answer without saying anything. Ask in other words.")


class Spent:
    """The steps of one answer so far."""

    def __init__(self) -> None:
        self.details: dict[str, Any] = {}
        self._decode_s = 0.0
        self._new_tokens = 0
        self._dropped = 0
        self._quoted: list[str] = []

    def add(self, done: TurnDone, bundle: str) -> None:
        """Join one more step."""
        before, timings = self.details, done.timings
        details: dict[str, Any] = {
            "bundle": done.bundle or bundle,
            "seed": before.get("seed", done.seed),
            "finish": done.finish,
            "prompt_tokens": done.usage.prompt_tokens,
            "new_tokens": done.usage.new_tokens + before.get("new_tokens", 0),
            "load_s": _sum(before.get("load_s", 0.0), timings.load),
            "encode_s": _sum(before.get("encode_s", 0.0), timings.encode),
            "first_token_s": before.get("first_token_s", round(timings.first_token, 3)),
            "text_s": _sum(before.get("text_s", 0.0), timings.text),
        }
        if done.title:
            details["model"] = done.title
        if done.tokens_per_second is not None:
            self._decode_s += timings.decode
            self._new_tokens += done.usage.new_tokens
        if self._decode_s:
            details["tokens_per_second"] = round(self._new_tokens / self._decode_s, 2)
        if done.usage.context_tokens:
            details["context_tokens"] = done.usage.context_tokens
            details["n_ctx"] = done.usage.n_ctx
        self._dropped = max(self._dropped, done.dropped_messages)
        if self._dropped:
            details["dropped"] = self._dropped
        self._quoted += [place for place in done.quoted if place not in self._quoted]
        if self._quoted:
            details["quoted"] = list(self._quoted)
        self.details = details


def _sum(before: float, seconds: float) -> float:
    return round(before + seconds, 3)


class Calls(Protocol):
    """Makes the calls of tools that an answer asks for. Every method returns at once."""

    def asked(self, answer: Answer, call: ToolCallPart) -> None:
        """The model asked for one; it is kept in the answer. On the thread of `Answers`."""
        ...

    def step(self, answer: Answer) -> None:
        """The engine waits for the results of what was asked: the answer goes on by
        `Answers.go_on`, or ends by `Answers.conclude`. On the thread of `Answers`."""
        ...

    def stop(self) -> None:
        """The person stopped the answer."""
        ...


@dataclass(frozen=True)
class Ended:
    """How an answer ends that the engine has no part in."""

    state: Literal["complete", "stopped", "failed"]
    problem: Problem | None = None
    """Why it failed, or a note on why it ends."""


@dataclass
class Aside:
    """Something that the engine makes within an answer, for a call of a tool."""

    turn: TurnId
    modality: str
    details: Mapping[str, Any]
    """Of what is made."""
    index: int
    """Of the artifact in its answer."""
    keep: bool = True
    """Whether it becomes a part of the answer."""
    future: Future[None] = field(default_factory=Future)
    """Settled when it is over."""
    problem: Problem = EMPTY
    """Why it could not be made, where it was not."""
    made: ArtifactReady | None = None


@dataclass
class Answer:
    """One answer that is being made."""

    turn: TurnId
    writer: AnswerWriter
    bundle: str
    """Name of the bundle that answers."""
    place: str = field(default="", kw_only=True)
    """Name of the computer that answers; empty is this one."""
    only: int | None = None
    """Where one artifact is rendered again: its number among those of the message."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """The details of the answer whose artifact is rendered again."""
    filled: bool = False
    """Whether it holds anything."""
    silent: bool = False
    """Whether the model has said nothing since the results of its calls."""
    broken: bool = False
    """Whether the library no longer takes it."""
    unsaved: dict[int, tuple[str, Problem]] = field(default_factory=dict)
    """Artifacts that the library did not take: modality and why, by number."""
    end: Event | Ended | None = None
    """How it ended, where the library did not take that yet."""
    again: float = 0.0
    """When that is tried again, by the monotonic clock."""
    paces: dict[int, Pace] = field(default_factory=dict)
    unread: list[Problem] = field(default_factory=list)
    """Why media of the question could not wholly be read, one sentence each."""
    calls: Calls | None = None
    """Makes the calls that it asks for; None where it may ask for none."""
    spent: Spent = field(default_factory=Spent)
    """What its steps took so far."""
    first: int = 0
    """Number of the first artifact of this step."""
    artifacts: int = 0
    """How many there are."""
    aside: Aside | None = None
    more: dict[str, Any] = field(default_factory=dict)
    """Further details of it."""
    bundle_folder: str = ""
    """Name or folder of that bundle, as it was chosen."""
    wishes: object = None
    """How it is to be answered, for whoever asks the engine to go on."""


@dataclass(frozen=True)
class Watcher:
    """Who is told."""

    progress: Callable[[Progress], None]
    ended: Callable[[int], None]
    """Id of the message whose answer is over."""
    problem: Callable[[Problem], None]
    """Something could not be saved."""
    reading: Callable[[ReadingProgress], None] = lambda progress: None
    """How far a reader is. What it found is told by the library."""
    words: Callable[[int, str], None] = lambda message_id, words: None
    """Words that an answer's message grew by."""
    calling: Callable[[int], None] = lambda message_id: None
    """The model has begun to write a call of a tool."""
    consent: Callable[[int], None] = lambda message_id: None
    """Calls of a message began to wait for the person, or no longer do."""
    call_progress: Callable[[CallProgress], None] = lambda progress: None
    """How far a call is."""
    tools: Callable[[Tools], None] = lambda tools: None
    """Which tools there are, each time that this changes."""
