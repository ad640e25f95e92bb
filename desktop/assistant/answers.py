"""Carries what the engine says into the library, and tells those who watch.

One thread takes the engine's events in order; nothing is told before it was saved. Knows the
library's writers and the engine's messages; does not know who asked or why.

Thread contract: `take` from any thread and quick; watchers are called on the thread of this module.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from desktop.assistant.media_folder import medium_at
from desktop.assistant.problems import KEY, kept
from desktop.assistant.progress import Pace, Progress, ReadingProgress
from plugins.errors import Problem, distinct, phrase, problem_of
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Event,
    MediumRead,
    Reading,
    RenderProgress,
    SignalStarted,
    TextDelta,
    ThinkingDelta,
    ThinkingDone,
    TurnDone,
    TurnFailed,
)
from storage.answers import AnswerWriter
from storage.errors import LibraryError

_log = logging.getLogger(__name__)

TurnId = int
FLUSH_S = 0.03
"""Seconds after which words that wait for the next write are written, when no more come."""
AGAIN_S = 2.0
"""Seconds after which an end that the library did not take is written again."""
EMPTY = phrase("The model ended its answer without saying anything. Ask in other words.")


@dataclass
class Answer:
    """One answer that is being made."""

    turn: TurnId
    writer: AnswerWriter
    bundle: str
    """Name of the bundle that answers."""
    only: int | None = None
    """Where one artifact is rendered again: its number among those of the message."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """The details of the answer whose artifact is rendered again."""
    filled: bool = False
    """Whether it holds anything."""
    broken: bool = False
    """Whether the library no longer takes it."""
    unsaved: dict[int, tuple[str, Problem]] = field(default_factory=dict)
    """Artifacts that the library did not take: modality and why, by number."""
    end: Event | None = None
    """How it ended, where the library did not take that yet."""
    again: float = 0.0
    """When that is tried again, by the monotonic clock."""
    paces: dict[int, Pace] = field(default_factory=dict)
    unread: list[Problem] = field(default_factory=list)
    """Why media of the question could not wholly be read, one sentence each."""


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


class Answers:
    """All answers under way."""

    def __init__(
        self,
        watcher: Watcher,
        stop: Callable[[TurnId], None],
        keep: Callable[[MediumRead], None] = lambda read: None,
    ) -> None:
        """`stop` stops a turn of the engine; `keep` saves what readers found in a medium."""
        self._watcher = watcher
        self._stop = stop
        self._keep = keep
        self._running: dict[TurnId, Answer] = {}
        self._lock = threading.RLock()
        self._queue: queue.SimpleQueue[tuple[TurnId, Event] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="medley-answers", daemon=True)
        self._thread.start()

    def begin(self, start: Callable[[], Answer]) -> Answer:
        """Ask the engine within `start`; its events wait until the answer is known here."""
        with self._lock:
            answer = start()
            self._running[answer.turn] = answer
            return answer

    def take(self, turn: TurnId, event: Event) -> None:
        """An event of the engine."""
        self._queue.put((turn, event))

    def of(self, message_id: int) -> Answer | None:
        """The answer that is being written into a message."""
        with self._lock:
            running = self._running.values()
            return next((a for a in running if a.writer.message_id == message_id), None)

    def in_conversation(self, conversation_id: int) -> list[Answer]:
        """The answers that are being written in a conversation."""
        with self._lock:
            running = self._running.values()
            return [a for a in running if a.writer.conversation_id == conversation_id]

    def ahead_of(self, conversation_id: int) -> int:
        """How many answers were asked for before those of a conversation, and are not over."""
        with self._lock:
            running = [a.writer.conversation_id for a in self._running.values()]
        return running.index(conversation_id) if conversation_id in running else 0

    @property
    def conversations(self) -> frozenset[int]:
        """Where an answer is being made."""
        with self._lock:
            return frozenset(a.writer.conversation_id for a in self._running.values())

    def close(self) -> None:
        """Save what has come and end the thread. Answers still open are left to the library."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            try:
                first = self._queue.get(timeout=FLUSH_S if self._running else None)
            except queue.Empty:
                self._each(self._idle)
                continue
            if first is None:
                self._each(lambda answer: answer.writer.flush())
                return
            turn, event = first
            with self._lock:
                answer = self._running.get(turn)
            if answer is None:
                continue
            if isinstance(event, TurnDone | TurnFailed):
                self._end(answer, event)
            else:
                self._guarded(answer, partial(self._save, answer, event))

    def _each(self, work: Callable[[Answer], object]) -> None:
        with self._lock:
            answers = list(self._running.values())
        for answer in answers:
            self._guarded(answer, partial(work, answer))

    def _idle(self, answer: Answer) -> None:
        if answer.end is None:
            answer.writer.flush()
        elif time.monotonic() >= answer.again:
            self._end(answer, answer.end)

    def _guarded(self, answer: Answer, work: Callable[[], object]) -> bool:
        """What the library does not take stops the answer, and is said once; whether it took it."""
        try:
            work()
        except LibraryError as error:
            self._give_up(answer, problem_of(error))
            return False
        except Exception as error:  # noqa: BLE001  (the other answers go on in this thread)
            _log.exception("an answer could not be saved")
            told = "The answer could not be saved ({error_type})."
            self._give_up(answer, phrase(told, error_type=type(error).__name__))
        return True

    def _give_up(self, answer: Answer, problem: Problem) -> None:
        if not answer.broken:
            answer.broken = True
            self._stop(answer.turn)
            self._watcher.problem(problem)

    def _end(self, answer: Answer, event: Event) -> None:
        """The answer is over once the library knows; on a full disk that may be later."""
        if not self._guarded(answer, partial(self._save, answer, event)):
            answer.end, answer.again = event, time.monotonic() + AGAIN_S
            return
        with self._lock:
            self._running.pop(answer.turn, None)
        self._watcher.ended(answer.writer.message_id)

    def _save(self, answer: Answer, event: Event) -> None:
        writer = answer.writer
        match event:
            case Reading():
                sha256 = medium_at(event.path)
                self._watcher.reading(
                    ReadingProgress(writer.message_id, sha256, event.reader, event.step, event.of)
                )
            case MediumRead():
                answer.unread += event.problems
                self._keep(event)
            case TextDelta():
                answer.filled = answer.filled or bool(event.text.strip())
                writer.text(event.text)
                self._watcher.words(writer.message_id, event.text)
            case ThinkingDelta():
                writer.thinking(event.text)
            case ThinkingDone():
                writer.thought(event.seconds, cut=event.cut)
            case SignalStarted():
                if answer.only is None:
                    writer.begin_artifact(event.index, event.modality)
                # What is rendered again has its place already.
                answer.filled = True
            case RenderProgress():
                self._progress(answer, event)
            case ArtifactReady():
                answer.filled = True
                try:
                    _save_artifact(answer, event)
                except LibraryError as error:
                    answer.unsaved[event.index] = event.modality, problem_of(error)
                    raise
            case ArtifactFailed():
                answer.filled = True
                _fail_artifact(answer, event.index, event.modality, event.problem)
            case TurnDone() | TurnFailed():
                while answer.unsaved:
                    index, (modality, problem) = next(iter(answer.unsaved.items()))
                    _fail_artifact(answer, index, modality, problem)
                    del answer.unsaved[index]
                if isinstance(event, TurnDone):
                    _finish(answer, event)
                else:
                    _fail(answer, event.problem, {"bundle": answer.bundle})

    def _progress(self, answer: Answer, event: RenderProgress) -> None:
        pace = answer.paces.setdefault(event.index, Pace())
        eta_s = pace.eta_s(event.step, event.of, time.monotonic())
        index = event.index if answer.only is None else answer.only
        self._watcher.progress(
            Progress(answer.writer.message_id, index, event.step, event.of, eta_s, event.preview)
        )


def _fail(answer: Answer, problem: Problem, details: dict[str, Any]) -> None:
    details = {**_unread(answer, details), KEY: kept(problem)}
    answer.writer.fail(str(problem), details)


def _fail_artifact(answer: Answer, index: int, modality: str, problem: Problem) -> None:
    answer.writer.artifact_failed(index, modality, str(problem), {KEY: kept(problem)})


def _save_artifact(answer: Answer, event: ArtifactReady) -> None:
    details: dict[str, Any] = {
        "bundle": answer.bundle,
        "renderer": event.renderer,
        "seed": event.seed,
        "render_s": round(event.render_s, 3),
    }
    if event.caption:
        details["caption"] = event.caption
    answer.writer.artifact(
        event.index,
        event.data,
        mime=event.mime,
        modality=event.modality,
        recipe=event.recipe,
        width=event.width,
        height=event.height,
        duration_s=event.duration_s,
        details=details,
    )


def _finish(answer: Answer, done: TurnDone) -> None:
    details: dict[str, Any] = {
        "bundle": done.bundle or answer.bundle,
        "seed": done.seed,
        "finish": done.finish,
        "prompt_tokens": done.usage.prompt_tokens,
        "new_tokens": done.usage.new_tokens,
        "load_s": round(done.timings.load, 3),
        "encode_s": round(done.timings.encode, 3),
        "first_token_s": round(done.timings.first_token, 3),
        "text_s": round(done.timings.text, 3),
    }
    if done.title:
        details["model"] = done.title
    if done.tokens_per_second is not None:
        details["tokens_per_second"] = round(done.tokens_per_second, 2)
    if done.usage.context_tokens:
        details["context_tokens"] = done.usage.context_tokens
        details["n_ctx"] = done.usage.n_ctx
    details |= answer.before
    if done.dropped_messages:
        details["dropped"] = done.dropped_messages
    if done.quoted:
        details["quoted"] = list(done.quoted)
    if done.finish == "stopped":
        answer.writer.stop(_unread(answer, details))
    elif answer.filled:
        answer.writer.finish(_unread(answer, details))
    else:
        _fail(answer, EMPTY, details)


def lasting(details: Mapping[str, Any]) -> dict[str, Any]:
    """What the details of an answer say of its words, however one of its artifacts is made
    again."""
    return {name: value for name, value in details.items() if name not in ("finish", KEY)}


def _unread(answer: Answer, details: dict[str, Any]) -> dict[str, Any]:
    """The details with what could not be read of the question's media, where there is any."""
    if answer.unread:
        details["unread"] = [kept(problem) for problem in distinct(answer.unread)]
    return details
