"""Runs one turn: shows events as they come, saves artifacts, and collects the answer.

The one place that `ask` and `chat` share. Knows messages and files; the engine is whatever yields
events.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from desktop.assistant.agent.halt import Halt
from desktop.cli.printing.output import OutputFolder
from desktop.cli.printing.terminal import Screen
from desktop.modalities import noun
from plugins.errors import BugError, KnownError
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Event,
    MediumRead,
    Reading,
    RenderProgress,
    TextDelta,
    ThinkingDelta,
    ThinkingDone,
    ThinkingPart,
    Turn,
    TurnDone,
    TurnFailed,
)

if TYPE_CHECKING:
    from desktop.cli.elsewhere import RemoteEngine
    from runtime.engine import Engine
    from runtime.worker.protocol import OfferedBundle


@dataclass
class Answer:
    """All that one turn brought."""

    done: TurnDone | None = None
    text: str = ""
    thinking: str = ""
    """What the model thought before its words."""
    thought: ThinkingDone | None = None
    """How that ended."""
    artifacts: list[tuple[ArtifactReady, Path]] = field(default_factory=list)
    """In the order in which the model asked for them."""
    failures: list[ArtifactFailed] = field(default_factory=list)
    readings: list[MediumRead] = field(default_factory=list)
    """What readers found in media, and what they could not."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to see or to hear."""
        return not self.text.strip() and not self.artifacts


class Interrupt:
    """While open, Ctrl-C asks the running answer to stop; a second one stops at once.

    Thread contract: open it on the main thread only.
    """

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self._halt = Halt()

    @property
    def asked(self) -> bool:
        """Whether Ctrl-C came."""
        return self.cancelled.is_set()

    def __enter__(self) -> Interrupt:
        self._before = signal.signal(signal.SIGINT, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    @contextmanager
    def halting(self) -> Iterator[Halt]:
        """Within, Ctrl-C also stops what waits for tools or a person."""
        halt, self._halt = self._halt, Halt()
        if self.asked:
            self._halt.set()
        try:
            yield self._halt
        finally:
            self._halt = halt

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.cancelled.set()
        self._halt.set()


def run_turn(
    engine: Engine | RemoteEngine,
    turn: Turn,
    interrupt: Interrupt,
    screen: Screen,
    save: Save,
) -> Answer:
    """Answer one turn. `Answer.done` is None only when it was interrupted.

    Raises:
        KnownError: the engine could not answer, or a file could not be written.
    """
    answer = Answer()
    try:
        with _closed(engine.answer(turn, interrupt.cancelled)) as events:
            for event in events:
                if not interrupt.asked or isinstance(event, TurnDone):
                    _take(event, answer, screen, save)
    finally:
        screen.close()
    if answer.done is None and not interrupt.asked:
        raise BugError("the engine's events ended without TurnDone or TurnFailed")
    answer.artifacts.sort(key=lambda made: made[0].index)
    if not answer.empty:  # What fails an answer wholly is said once, as its error.
        _warn(answer.failures, screen)
    if answer.done is not None:
        _note_limits(answer.done, screen)
    return answer


class Save:
    """Saves artifacts under names made from the request."""

    def __init__(self, folder: OutputFolder, stem: str) -> None:
        self.folder, self.stem = folder, stem

    def __call__(self, event: ArtifactReady) -> Path:
        return self.folder.save(event.data, self.stem, event.extension)


def why_empty(answer: Answer) -> KnownError:
    """The error for an answer with nothing in it."""
    if answer.failures:
        reasons = dict.fromkeys(f"{noun(f.modality)}: {f.problem}" for f in answer.failures)
        return KnownError(f"nothing could be made: {'; '.join(reasons)}")
    return KnownError("the model ended its answer without saying anything; ask in other words.")


@contextmanager
def opened(name: str, screen: Screen, device: str = "auto") -> Iterator[Engine]:
    """The engine on a bundle, found by name or folder. No weights are loaded before the first turn.

    Raises:
        KnownError: no such bundle, or it is broken.
    """
    from runtime.opening import EngineOptions, open_engine

    made = open_engine(
        EngineOptions(name, device),
        on_load=screen.loading,
        on_notice=lambda notice: screen.note(str(notice)),
    )
    with closing(made) as engine:
        yield engine


@contextmanager
def asked(
    name: str, on: str, screen: Screen, device: str = "auto"
) -> Iterator[Engine | RemoteEngine]:
    """As `opened`, on the other computer that `on` names; on this one where it is empty.

    Raises:
        KnownError: as of `opened`; or a device of this computer for an answer of another.
    """
    if not on:
        with opened(name, screen, device) as engine:
            yield engine
        return
    if device != "auto":
        raise KnownError(
            "expected --device or --on, found both: another computer chooses its own device. Leave "
            "one of them out."
        )
    from desktop.cli.elsewhere import RemoteEngine

    with closing(RemoteEngine(on, name, screen)) as remote:
        yield remote


def about(engine: Engine | RemoteEngine) -> OfferedBundle:
    """The bundle that answers."""
    from desktop.cli.elsewhere import RemoteEngine
    from runtime.worker.remote.offers import described

    if isinstance(engine, RemoteEngine):
        return engine.about
    return described(engine.bundle.name, engine.bundle.manifest)


def remade(engine: Engine | RemoteEngine, recipe: str, cancelled: threading.Event) -> ArtifactReady:
    """The artifact that a recipe describes.

    Raises:
        Cancelled: it was stopped.
        KnownError: it could not be made.
    """
    from desktop.cli.elsewhere import RemoteEngine
    from runtime.turn.artifacts import ready_event

    if isinstance(engine, RemoteEngine):
        return engine.remade(recipe, cancelled)
    return ready_event(0, engine.rerender(recipe, cancelled=cancelled), 0.0)


def _note_limits(done: TurnDone, screen: Screen) -> None:
    if done.dropped_messages:
        screen.note(f"the oldest {done.dropped_messages} messages no longer fit and were left out")
    if done.quoted:
        screen.note(f"too long to be given whole; quoted were {', '.join(done.quoted)}")
    if any(isinstance(part, ThinkingPart) and part.cut for part in done.reply.parts):
        screen.note("the model thought for long and was asked to answer")
    if done.finish == "length":
        screen.note("the answer reached its length limit and was cut there")


def _warn(failures: list[ArtifactFailed], screen: Screen) -> None:
    for failed in failures:
        screen.warn(f"the {noun(failed.modality)} could not be made: {failed.problem}")


def _take(event: Event, answer: Answer, screen: Screen, save: Save) -> None:
    match event:
        case Reading():
            screen.reading(event)
        case MediumRead():
            answer.readings.append(event)
            screen.found(event)
        case TextDelta():
            answer.text += event.text
            screen.text(event.text)
        case ThinkingDelta():
            answer.thinking += event.text
            screen.thinking(event.text)
        case ThinkingDone():
            answer.thought = event
            screen.thought()
        case RenderProgress():
            screen.progress(event)
        case ArtifactReady():
            path = save(event)
            answer.artifacts.append((event, path))
            screen.saved(event, path)
        case ArtifactFailed():
            answer.failures.append(event)
        case TurnDone():
            answer.done = event
        case TurnFailed():
            raise KnownError(event.problem)


@contextmanager
def _closed(events: Iterator[Event]) -> Iterator[Iterator[Event]]:
    """Tells the engine at once, not at some later collection, that nobody reads on."""
    try:
        yield events
    finally:
        if isinstance(events, Generator):
            events.close()
