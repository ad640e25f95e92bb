"""A model that says and calls what a test wrote down, in the place of the engine's client. The
tools process, the library and the assistant are the real ones."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest

from desktop.assistant import engines
from desktop.assistant.agent import agent
from desktop.assistant.agent.consent import Choice, Question
from desktop.assistant.answer import Watcher
from desktop.assistant.assistant import Assistant, EngineChoice, Sent
from desktop.assistant.turns import AnswerPreferences
from plugins.errors import Problem
from runtime.messages import (
    ArtifactReady,
    Event,
    Message,
    SignalStarted,
    TextDelta,
    TextPart,
    Timings,
    ToolCalled,
    ToolCallPart,
    ToolCallStarted,
    ToolResultPart,
    Turn,
    TurnDone,
    Usage,
)
from runtime.worker.client import EngineState
from storage.library import Library
from storage.records import Message as Kept
from storage.records import Text, ToolPart

LIMIT_S = 120.0
"""For machines that are busy; nothing here measures time."""
TOOLS = AnswerPreferences(tools=True)
_turns = itertools.count(1)
_calls = itertools.count(1)


@dataclass(frozen=True)
class Say:
    """A step of a script: words, and then calls (tool and arguments)."""

    words: str = ""
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    wait: threading.Event | None = None
    """The model goes on writing until this is set, or it is stopped."""


Step = Say | Callable[[Turn], Say]
"""What the model does; or what that depends on."""


def say(words: str) -> Say:
    """An answer in words."""
    return Say(words)


def call(tool: str, **arguments: Any) -> Say:
    """A call of one tool."""
    return Say(calls=((tool, arguments),))


class ScriptedClient:
    """Each turn is answered by the next step of the script; without one the model says `Done.`"""

    script: ClassVar[list[Step]] = []
    turns: ClassVar[list[Turn]] = []
    folder: ClassVar[Path]

    def __init__(self, bundle: str, *, on_event: Callable[[int, Event], None], **_: Any) -> None:
        self.suspended: tuple[str, ...] = ()
        self.place = ""
        self.state = EngineState()
        self._tell = on_event
        self._stopped: dict[int, threading.Event] = {}
        self._threads: list[threading.Thread] = []

    def ask(self, turn: Turn, bundle: str = "") -> int:
        """Answer on a thread, as the worker does."""
        number = next(_turns)
        self.turns.append(turn)
        self._stopped[number] = threading.Event()
        if turn.allowed not in (None, ("text",)):
            self._begin(self._make, number, turn)
        else:
            step = self.script.pop(0) if self.script else say("Done.")
            self._begin(self._answer, number, turn, step)
        return number

    def render(self, recipe: str, *, seed: int | None = None, **_: Any) -> int:
        """Make it again."""
        number = next(_turns)
        self._stopped[number] = threading.Event()
        self._begin(self._rendered, number, recipe)
        return number

    def stop(self, turn: int) -> None:
        """Stop a turn."""
        if turn in self._stopped:
            self._stopped[turn].set()

    def media_folder(self) -> Path:
        """Where media are put."""
        return self.folder

    def prepare(self, turn: Turn | None, bundle: str = "") -> None:
        """Nothing to be made ready."""

    def close(self) -> None:
        """End what is being said."""
        for stopped in self._stopped.values():
            stopped.set()
        for thread in self._threads:
            thread.join()

    def _begin(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _answer(self, number: int, turn: Turn, step: Step) -> None:
        said = step if isinstance(step, Say) else step(turn)
        parts: list[Any] = []
        if said.words:
            self._tell(number, TextDelta(said.words))
            parts.append(TextPart(said.words))
        while said.wait is not None and not said.wait.wait(0.01):
            if self._stopped[number].is_set():
                break
        stopped = self._stopped[number].is_set()
        for tool, arguments in () if stopped else said.calls:
            part = ToolCallPart(f"c{next(_calls)}", tool, json.dumps(arguments))
            self._tell(number, ToolCallStarted(part.id))
            self._tell(number, ToolCalled(part))
            parts.append(part)
        finish = "stopped" if stopped else "tool_calls" if said.calls else "end"
        self._tell(number, done(parts, finish))

    def _make(self, number: int, turn: Turn) -> None:
        (modality,) = turn.allowed or ()
        caption = "".join(
            part.text for part in turn.messages[-1].parts if isinstance(part, TextPart)
        )
        self._tell(number, SignalStarted(0, modality))
        recipe = {"renderer": "r", "seed": 7, "condition": {"caption": caption}, "bundle": "pocket"}
        self._made(number, modality, json.dumps(recipe))

    def _rendered(self, number: int, recipe: str) -> None:
        self._made(number, "image", recipe)

    def _made(self, number: int, modality: str, recipe: str) -> None:
        data = json.loads(recipe)
        picture = ArtifactReady(
            0, modality, "image/png", ".png", recipe.encode(), recipe, data["seed"], "r", 0.1,
            caption=data["condition"]["caption"],
        )  # fmt: skip
        self._tell(number, picture)
        self._tell(number, done([], "end"))


def done(parts: Sequence[Any], finish: Any) -> TurnDone:
    """The end of a turn."""
    return TurnDone(
        reply=Message("assistant", tuple(parts)),
        usage=Usage(10, 0, 5, 15, 4096),
        timings=Timings(0.0, 0.0, 0.1, 0.2, decode=0.5),
        seed=3,
        finish=finish,
    )


@dataclass
class Talk:
    """A conversation with the scripted model."""

    assistant: Assistant
    folder: Path
    """Granted to be written to."""
    ended: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sent: Sent | None = None

    @property
    def library(self) -> Library:
        """Its library."""
        return self.assistant.library

    def ask(self, words: str, *script: Step) -> Sent:
        """Ask; the model follows the script."""
        ScriptedClient.script.extend(script)
        conversation = None if self.sent is None else self.sent.conversation_id
        self.sent = self.assistant.send(conversation, [Text(words)], TOOLS)
        return self.sent

    @property
    def answer(self) -> Kept:
        """The answer as it is kept."""
        assert self.sent is not None
        return self.library.messages.get(self.sent.answer_id)

    @property
    def calls(self) -> list[ToolPart]:
        """Its calls as they are kept."""
        return [part for part in self.answer.parts if isinstance(part, ToolPart)]

    def over(self) -> Kept:
        """The answer, once it is over."""
        assert self.sent is not None
        wanted = self.sent.answer_id
        self.until(lambda: wanted in self.ended)
        return self.answer

    def question(self) -> Question:
        """The question that waits."""
        self.until(lambda: bool(self.assistant.agent.pending()))
        (found,) = self.assistant.agent.pending()
        assert isinstance(found, Question)
        return found

    def choose(self, choice: Choice) -> Question:
        """Answer the question that waits."""
        found = self.question()
        assert self.assistant.agent.answer_consent(found.message_id, found.call_id, choice)
        self.until(lambda: self.assistant.agent.question(found.message_id, found.call_id) is None)
        return found

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + LIMIT_S
        while not holds():
            assert time.monotonic() < deadline, (self.answer, self.problems)
            time.sleep(0.005)


@contextmanager
def talking(folder: Path, granted: Path, n_ctx: int = 32768, **options: Any) -> Iterator[Talk]:
    """An assistant on the library in `folder`, which may be there already; the model has a context
    of `n_ctx`."""
    granted.mkdir(exist_ok=True)
    ended: list[int] = []
    problems: list[Problem] = []
    watcher = Watcher(lambda _: None, ended.append, problems.append)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "EngineClient", ScriptedClient)
        patch.setattr(agent, "context_of", lambda bundle: n_ctx)
        ScriptedClient.script, ScriptedClient.turns = [], []
        ScriptedClient.folder = folder / "media"
        with Library.open(folder / "library.db") as library:
            if not library.tools.folders():
                library.tools.grant(str(granted), True)
            assistant = Assistant(
                library, EngineChoice("pocket"), watcher, lambda _: None, **options
            )
            try:
                yield Talk(assistant, granted, ended, problems)
            finally:
                assistant.close()


def results(turn: Turn) -> list[ToolResultPart]:
    """What a turn tells of calls in its last answer."""
    return [part for part in turn.messages[-1].parts if isinstance(part, ToolResultPart)]
