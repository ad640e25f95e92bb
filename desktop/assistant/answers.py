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
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from desktop.assistant.answer import Answer as Answer
from desktop.assistant.answer import Aside, Ended, TurnId
from desktop.assistant.answer import Watcher as Watcher
from desktop.assistant.answer_saving import (
    conclude,
    fail,
    fail_artifact,
    finish,
    index_of,
    save_artifact,
)
from desktop.assistant.media_folder import medium_at
from desktop.assistant.progress import Pace, Progress, ReadingProgress
from plugins.errors import Cancelled, Problem, phrase, problem_of
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
    ToolCalled,
    ToolCallStarted,
    TurnDone,
    TurnFailed,
)
from storage.answers import AnswerWriter
from storage.errors import LibraryError

_log = logging.getLogger(__name__)

T = TypeVar("T")
FLUSH_S = 0.03
"""Seconds after which words that wait for the next write are written, when no more come."""
AGAIN_S = 2.0
"""Seconds after which an end that the library did not take is written again."""


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
        self._running: dict[int, Answer] = {}
        """By message, in the order in which they were asked for."""
        self._turns: dict[TurnId, Answer] = {}
        """Those that the engine works on."""
        self._lock = threading.RLock()
        self._closed = False
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="medley-answers", daemon=True)
        self._thread.start()

    def begin(self, start: Callable[[], Answer]) -> Answer:
        """Ask the engine within `start`; its events wait until the answer is known here."""
        with self._lock:
            answer = start()
            self._running[answer.writer.message_id] = self._turns[answer.turn] = answer
            return answer

    def resume(self, answer: Answer) -> None:
        """An answer that was over goes on, without the engine at first."""
        with self._lock:
            self._running[answer.writer.message_id] = answer

    def go_on(self, answer: Answer, start: Callable[[], TurnId]) -> None:
        """Ask the engine for the next step of an answer within `start`."""
        with self._lock:
            answer.turn = start()
            answer.first, answer.silent = answer.artifacts, True
            self._turns[answer.turn] = answer

    def make(
        self,
        answer: Answer,
        modality: str,
        start: Callable[[], TurnId],
        details: Mapping[str, Any],
        *,
        keep: bool = True,
    ) -> Aside:
        """Have the engine make an artifact within `start`, for a call of an answer whose step is
        over; with `keep` it becomes a part of the answer. `Aside.future` says when it is over."""
        index = answer.artifacts
        if keep:
            self.write(answer, lambda writer: writer.begin_artifact(index, modality))
            answer.artifacts += 1
        with self._lock:
            aside = Aside(start(), modality, details, index, keep)
            answer.aside = aside
            self._turns[aside.turn] = answer
        return aside

    def stop(self, answer: Answer) -> None:
        """Stop an answer at whatever it is."""
        with self._lock:
            if answer.calls is not None:
                answer.calls.stop()
            turn = answer.turn if answer.aside is None else answer.aside.turn
        self._stop(turn)

    def take(self, turn: TurnId, event: Event) -> None:
        """An event of the engine."""
        self._queue.put(partial(self._take, turn, event))

    def write(self, answer: Answer, work: Callable[[AnswerWriter], T]) -> T:
        """Write something into an answer, behind what the engine said before; waits for it.

        Raises:
            LibraryError: the library does not take it.
            Cancelled: everything is being closed.
        """
        future: Future[T] = Future()

        def do() -> None:
            try:
                future.set_result(work(answer.writer))
            except BaseException as error:  # noqa: BLE001  (whoever waits is told, whatever it is)
                future.set_exception(error)

        with self._lock:
            if self._closed:
                raise Cancelled
            self._queue.put(do)
        return future.result()

    def conclude(self, answer: Answer, end: Ended) -> None:
        """An answer ends without the engine."""
        self._queue.put(partial(self._end, answer, end))

    def of(self, message_id: int) -> Answer | None:
        """The answer that is being written into a message."""
        with self._lock:
            return self._running.get(message_id)

    def in_conversation(self, conversation_id: int) -> list[Answer]:
        """The answers that are being written in a conversation."""
        with self._lock:
            running = self._running.values()
            return [a for a in running if a.writer.conversation_id == conversation_id]

    def ahead_of(self, conversation_id: int) -> int:
        """How many answers the engine has to work on before those of a conversation."""
        with self._lock:
            working = [a.writer.conversation_id for a in self._turns.values()]
        return working.index(conversation_id) if conversation_id in working else 0

    @property
    def conversations(self) -> frozenset[int]:
        """Where an answer is being made."""
        with self._lock:
            return frozenset(a.writer.conversation_id for a in self._running.values())

    def close(self) -> None:
        """Save what has come and end the thread. Answers still open are left to the library."""
        with self._lock:
            self._closed = True
            self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            try:
                work = self._queue.get(timeout=FLUSH_S if self._running else None)
            except queue.Empty:
                self._each(self._idle)
                continue
            if work is None:
                self._each(lambda answer: answer.writer.flush())
                return
            work()

    def _take(self, turn: TurnId, event: Event) -> None:
        with self._lock:
            answer = self._turns.get(turn)
            if answer is not None and isinstance(event, TurnDone | TurnFailed):
                del self._turns[turn]
        if answer is None:
            return
        if answer.aside is not None and answer.aside.turn == turn:
            self._take_aside(answer, answer.aside, event)
        elif isinstance(event, TurnDone) and event.finish == "tool_calls" and answer.calls:
            answer.spent.add(event, answer.bundle)
            if self._guarded(answer, answer.writer.flush) and not answer.broken:
                answer.calls.step(answer)
            else:
                self._end(answer, Ended("stopped"))
        elif isinstance(event, TurnDone | TurnFailed):
            self._end(answer, event)
        else:
            self._guarded(answer, partial(self._save, answer, event))

    def _take_aside(self, answer: Answer, aside: Aside, event: Event) -> None:
        """Only what belongs to the artifact is kept, and only one."""
        match event:
            case ArtifactReady() if aside.made is None:
                aside.made = event
            case ArtifactFailed() | TurnFailed():
                aside.problem = event.problem
        if isinstance(event, TurnDone | TurnFailed):
            if aside.keep and aside.made is None:
                self._guarded(
                    answer,
                    lambda: fail_artifact(answer, aside.index, aside.modality, aside.problem),
                )
            answer.aside = None
            aside.future.set_result(None)
        elif aside.keep and (
            isinstance(event, RenderProgress) or (event is aside.made and aside.made is not None)
        ):
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
            self.stop(answer)
            self._watcher.problem(problem)

    def _end(self, answer: Answer, event: Event | Ended) -> None:
        """The answer is over once the library knows; on a full disk that may be later."""
        if not self._guarded(answer, partial(self._save, answer, event)):
            answer.end, answer.again = event, time.monotonic() + AGAIN_S
            return
        with self._lock:
            self._running.pop(answer.writer.message_id, None)
        self._watcher.ended(answer.writer.message_id)

    def _save(self, answer: Answer, event: Event | Ended) -> None:
        writer = answer.writer
        match event:
            case ToolCallStarted():
                self._watcher.calling(writer.message_id)
            case ToolCalled():
                if answer.calls is not None:
                    answer.filled = True
                    answer.calls.asked(answer, event.call)
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
                answer.silent = answer.silent and not event.text.strip()
                writer.text(event.text)
                self._watcher.words(writer.message_id, event.text)
            case ThinkingDelta():
                writer.thinking(event.text)
            case ThinkingDone():
                writer.thought(event.seconds, cut=event.cut)
            case SignalStarted():
                index = index_of(answer, event.index)
                if answer.only is None:
                    writer.begin_artifact(index, event.modality)
                    answer.artifacts = max(answer.artifacts, index + 1)
                # What is rendered again has its place already.
                answer.filled = True
            case RenderProgress():
                self._progress(answer, event)
            case ArtifactReady():
                answer.filled = True
                try:
                    save_artifact(answer, event)
                except LibraryError as error:
                    index = index_of(answer, event.index)
                    answer.unsaved[index] = event.modality, problem_of(error)
                    raise
            case ArtifactFailed():
                answer.filled = True
                index = index_of(answer, event.index)
                fail_artifact(answer, index, event.modality, event.problem)
            case TurnDone() | TurnFailed() | Ended():
                while answer.unsaved:
                    index, (modality, problem) = next(iter(answer.unsaved.items()))
                    fail_artifact(answer, index, modality, problem)
                    del answer.unsaved[index]
                if isinstance(event, TurnDone):
                    finish(answer, event)
                elif isinstance(event, TurnFailed):
                    fail(answer, event.problem, {"bundle": answer.bundle, **answer.more})
                else:
                    conclude(answer, event)

    def _progress(self, answer: Answer, event: RenderProgress) -> None:
        pace = answer.paces.setdefault(index_of(answer, event.index), Pace())
        eta_s = pace.eta_s(event.step, event.of, time.monotonic())
        index = index_of(answer, event.index) if answer.only is None else answer.only
        self._watcher.progress(
            Progress(answer.writer.message_id, index, event.step, event.of, eta_s, event.preview)
        )
