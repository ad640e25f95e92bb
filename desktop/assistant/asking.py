"""Makes questions ready for the engine and asks it, one after the other; knows what was stopped or
not taken before the engine heard of it.

Thread contract: any thread; questions are made ready where their owner said.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor

from desktop.assistant.answer import Answer
from desktop.assistant.answers import Answers
from desktop.assistant.engines import Engines
from desktop.assistant.problems import KEY, kept
from plugins.errors import KnownError, Problem, problem_of
from runtime.worker.client import EngineClient
from storage.answers import AnswerWriter
from storage.errors import LibraryError

Preparing = Callable[[EngineClient], Callable[[], Answer]]
"""Makes a question ready for the engine; what it returns asks."""


class Asking:
    """The questions of one assistant."""

    def __init__(
        self,
        engines: Engines,
        answers: Answers,
        problem: Callable[[Problem], None],
        executor: Executor | None,
    ) -> None:
        """`problem` is told what could not be saved; `executor` is where questions are made ready,
        None the thread that asks."""
        self._engines, self._answers, self._problem = engines, answers, problem
        self._executor = executor
        self._lock = threading.Lock()
        self._closed = False
        self._made_ready: dict[int, int] = {}
        """Answers whose question is being made ready: conversation by message."""

    def stop(self, conversation_id: int) -> None:
        """What is not asked yet finds that out before it is."""
        with self._lock:
            for message in [m for m, c in self._made_ready.items() if c == conversation_id]:
                del self._made_ready[message]

    def close(self) -> None:
        """What is not asked yet counts as interrupted from now on."""
        self._closed = True

    def begin(self, writer: AnswerWriter, bundle: str, prepare: Preparing) -> None:
        """Ask. An engine that does not take the question leaves an answer that says so.

        What takes long, as copying media for the engine, is the matter of `prepare`: other answers
        go on meanwhile.
        """
        with self._lock:
            self._made_ready[writer.message_id] = writer.conversation_id
        if self._executor is None:
            self._ask(writer, bundle, prepare)
            return
        try:
            self._executor.submit(self._ask, writer, bundle, prepare)
        except RuntimeError:
            return  # Everything is being closed: the answer is left as it is, interrupted.

    def _ask(self, writer: AnswerWriter, bundle: str, prepare: Preparing) -> None:
        details = {"bundle": self._engines.name_of(bundle)}
        try:
            self._engines.run(
                lambda client: self._answers.begin(
                    self._unless_stopped(writer, prepare(client), client.place)
                )
            )
        except _Stopped:
            self._end(lambda: writer.stop(details))
        except (KnownError, LibraryError) as error:
            problem = problem_of(error)
            self._end(lambda: writer.fail(str(problem), {**details, KEY: kept(problem)}))
        finally:
            with self._lock:
                self._made_ready.pop(writer.message_id, None)

    def _unless_stopped(
        self, writer: AnswerWriter, start: Callable[[], Answer], place: str
    ) -> Callable[[], Answer]:
        def start_it() -> Answer:
            with self._lock:
                if writer.message_id not in self._made_ready:
                    raise _Stopped
            answer = start()
            answer.place = place
            return answer

        return start_it

    def _end(self, write: Callable[[], object]) -> None:
        """End an answer that was never asked for, unless it is to count as interrupted."""
        if self._closed:
            return
        try:
            write()
        except LibraryError as error:
            self._problem(problem_of(error))


class _Stopped(Exception):  # noqa: N818  (nothing went wrong)
    """A question was stopped before the engine heard of it."""
