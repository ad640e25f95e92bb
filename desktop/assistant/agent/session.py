"""The calls of one answer in the window: kept in the library before they are shown, asked for on
cards, made on a thread of the answer's own, and told to the engine, which goes on.

Thread contract: as `Calls` and `Surface` say; the loop runs on this module's thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.assistant.agent import history
from desktop.assistant.agent.arguments import canonical
from desktop.assistant.agent.briefing import Briefing
from desktop.assistant.agent.calling import SessionCaller
from desktop.assistant.agent.consent import Choice, Question
from desktop.assistant.agent.halt import Halt, settle
from desktop.assistant.agent.loop import CallLoop, Made
from desktop.assistant.agent.offers import Offers
from desktop.assistant.agent.services import Services
from desktop.assistant.agent.toolbox import Toolbox
from desktop.assistant.answer import Answer, Ended
from desktop.assistant.answer_saving import NOTE
from desktop.assistant.answers import Answers
from desktop.assistant.problems import kept
from desktop.assistant.progress import CallProgress
from desktop.assistant.turns import TurnTools
from desktop.tools.protocol import (
    BUILT_IN,
    Called,
    Context,
    ElicitAsked,
    Elicited,
)
from plugins.errors import Cancelled, KnownError, phrase, problem_of
from runtime.messages import ToolCallPart
from storage.agent.records import Allowed
from storage.answers import AnswerWriter
from storage.errors import LibraryError
from storage.library import Library
from storage.records import Changed, Medium, Message, ToolPart, ToolState

_log = logging.getLogger(__name__)
CLOSE_S = 10.0
"""Seconds in which what an answer does has ended, at most."""
_LOGGED: Mapping[str, Allowed] = {
    "free": "unasked", "once": "once", "always": "always", "refuse": "refused", "never": "never"
}  # fmt: skip


@dataclass(frozen=True)
class Elicitation:
    """A server asks the person something in the middle of a call."""

    message_id: int
    call_id: str
    asked: ElicitAsked


@dataclass(frozen=True)
class Surroundings:
    """What sessions share."""

    library: Library
    answers: Answers
    toolbox: Toolbox
    consent: Callable[[int], None]
    """Told that the calls of a message wait for the person, or no longer do."""
    take: Callable[[Path], Medium]
    """Takes a file into the library. Raises KnownError where it is none that can be shown."""
    go_on: Callable[[Session], None]
    """Asks the engine for the next step of a session's answer."""
    progressed: Callable[[CallProgress], None]
    """Told how far a call is."""
    services: Callable[[Session, str], Services]
    """For a call of a session's answer."""


class Session:
    """One answer that may ask for tools."""

    def __init__(
        self,
        around: Surroundings,
        offers: Offers,
        briefing: Briefing,
        message_id: int,
        conversation_id: int,
        context: Callable[[], Context],
    ) -> None:
        self.offers, self.briefing = offers, briefing
        self.message_id, self.conversation_id = message_id, conversation_id
        self.halt = Halt()
        self.closing = False
        """Whether the program ends: nothing more is written, so that the answer is interrupted."""
        self.answer: Answer | None = None
        self._around = around
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asked: list[ToolCallPart] = []
        self._again: set[str] = set()
        """Calls of an answer that was interrupted, which are asked for again."""
        self._logged: dict[str, int] = {}
        self._questions: dict[str, tuple[Question, Future[Choice]]] = {}
        self._elicitations: dict[int, tuple[Elicitation, Callable[[Elicited], None]]] = {}
        caller, decisions = SessionCaller(around.toolbox, self), around.library.tools
        self.loop = CallLoop(offers, caller, self, decisions, context, self.halt, message_id)

    # What `Answers` asks of it.

    def asked(self, answer: Answer, call: ToolCallPart) -> None:
        """Keep a call."""
        self.answer = answer
        self._keep(answer.writer, call)
        self._asked.append(call)

    def step(self, answer: Answer) -> None:
        """Make the calls of a step, on a thread."""
        self.answer = answer
        calls, self._asked = self._asked, []
        self.begin(lambda: self._work(calls))

    def stop(self) -> None:
        """Stop whatever is being done or waited for."""
        self.halt.set()

    def begin(self, work: Callable[[], None]) -> None:
        """Do something of the answer on a thread of its own."""
        name = f"medley-agent-{self.message_id}"
        thread = threading.Thread(target=self._guarded, args=[work], name=name, daemon=True)
        self._thread = thread
        thread.start()

    @property
    def turn_tools(self) -> TurnTools:
        """What the next turn says of tools."""
        return TurnTools(self.offers.specs, self.briefing.text, self.loop.tool_choice)

    def recall(self, message: Message) -> None:
        """Count the calls that an answer made before it was interrupted."""
        for part in message.parts:
            if isinstance(part, ToolPart) and "decision" in part.details:
                self.loop.limits.recall(part.server, part.tool, canonical(part.arguments))
                self.loop.foreign |= bool(part.details.get(history.FOREIGN))
            if isinstance(part, ToolPart):
                step = part.details.get(history.STEP)
                self.loop.limits.steps = max(
                    self.loop.limits.steps, step if isinstance(step, int) else 0
                )

    def resume(self, answer: Answer, calls: list[ToolCallPart]) -> None:
        """Go on with an answer that was interrupted: with the calls that were not decided."""
        self.answer = answer
        self._again |= {call.id for call in calls}
        self.begin(lambda: self._work(calls, again=True))

    def close(self) -> None:
        """End without a word: the answer is interrupted."""
        self.closing = True
        self.halt.set()

    def join(self) -> None:
        """Wait until its thread has ended, which `close` or `stop` has it do."""
        if self._thread is not None:
            self._thread.join(CLOSE_S)

    # What the loop asks of it.

    def asking(self, made: Made) -> None:
        """A call waits to be decided on, which is in the library already."""
        if made.call.id in self._again:
            self._write(lambda writer: writer.tool_state(made.call.id, "asking"))

    def running(self, made: Made, decision: str) -> None:
        """A call is being made: first that is kept, then it is done."""
        self._log(made, decision, "running")
        details = {**made.details, "decision": decision}
        self._write(lambda writer: writer.tool_state(made.call.id, "running", details=details))

    def over(self, made: Made, called: Called | None) -> None:
        """Keep what became of a call, with the files that it gave."""
        for file in called.files if called is not None else ():
            made.text += self._keep_file(made, Path(file.path), file.name)
        if made.call.id not in self._logged and made.state == "refused":
            self._log(made, "never" if made.details.get("never") else "refuse", made.state)
        state, text, details = made.state, made.text, made.details
        self._write(lambda writer: writer.tool_state(made.call.id, state, text, details))
        logged = self._logged.get(made.call.id)
        if logged is not None:
            self._around.library.tools.ended(logged, state, made.details.get("seconds"))

    def ask(self, question: Question, halt: Halt) -> Choice:
        """Put a question on the call's card and wait for its answer."""
        future: Future[Choice] = Future()
        with self._lock:
            self._questions[question.call_id] = question, future
        self._around.consent(self.message_id)
        try:
            return halt.wait(future)
        finally:
            with self._lock:
                self._questions.pop(question.call_id, None)
            if not self.closing:
                self._around.consent(self.message_id)

    def decide(self, question: Question, choice: Choice) -> None:
        """Keep an answer for later calls: `never` is for the tool wherever it would reach."""
        tool = question.tool
        folders = question.folders if choice == "always" else ()
        for folder in folders or ("",):
            self._around.library.tools.decide(
                tool.server, tool.name, tool.definition, folder,
                "never" if choice == "never" else "always",
            )  # fmt: skip

    # What the person answers.

    @property
    def questions(self) -> list[Question]:
        """Those that wait."""
        with self._lock:
            return [question for question, _ in self._questions.values()]

    @property
    def elicitations(self) -> list[Elicitation]:
        """Questions of servers that wait."""
        with self._lock:
            return [asked for asked, _ in self._elicitations.values()]

    def answer_consent(self, call_id: str, choice: Choice) -> bool:
        """Answer a question; False where it does not wait any more."""
        with self._lock:
            found = self._questions.get(call_id)
        if found is None or choice not in found[0].choices:
            return False
        return settle(found[1], choice)

    def elicit(self, call_id: str, asked: ElicitAsked, answer: Callable[[Elicited], None]) -> None:
        """A server asks the person."""
        with self._lock:
            self._elicitations[asked.id] = Elicitation(self.message_id, call_id, asked), answer
        self._around.consent(self.message_id)

    def answer_elicit(self, id_: int, elicited: Elicited) -> bool:
        """Answer a server's question; False where it does not wait any more."""
        with self._lock:
            found = self._elicitations.pop(id_, None)
        if found is None:
            return False
        found[1](elicited)
        self._around.consent(self.message_id)
        return True

    def forget_elicitations(self, call_id: str) -> None:
        """A call is over: nobody waits for its questions."""
        with self._lock:
            over = [id_ for id_, (one, _) in self._elicitations.items() if one.call_id == call_id]
            for id_ in over:
                del self._elicitations[id_]
        if over and not self.closing:
            self._around.consent(self.message_id)

    def progressed(self, call_id: str, step: int, of: int) -> None:
        """A call is so far."""
        self._around.progressed(CallProgress(self.message_id, call_id, step, of))

    def services(self, call_id: str) -> Services:
        """What Medley does for a call."""
        return self._around.services(self, call_id)

    def _work(self, calls: list[ToolCallPart], again: bool = False) -> None:
        if not calls and not again:
            self._conclude(Ended("complete"))  # Nothing to go on with.
            return
        if calls:
            self.loop.run(calls, again)
        if self.loop.ends:
            self._conclude(Ended("complete", self.loop.note))
            return
        if self.loop.note is not None and self.answer is not None:
            self.answer.more[NOTE] = kept(self.loop.note)
        self._around.go_on(self)

    def _guarded(self, work: Callable[[], None]) -> None:
        """Whatever happens, the answer ends; unless the program does."""
        try:
            work()
        except Cancelled:
            if not self.closing:
                self._conclude(Ended("stopped"))
        except (KnownError, LibraryError) as error:
            self._conclude(Ended("failed", problem_of(error)))
        except Exception as error:  # noqa: BLE001  (a fault of ours ends this answer alone)
            _log.exception("an answer's calls failed")
            told = "A fault of Medley's ended the answer ({error_type})."
            self._conclude(Ended("failed", phrase(told, error_type=type(error).__name__)))

    def _conclude(self, end: Ended) -> None:
        if self.answer is not None and not self.closing:
            self._around.answers.conclude(self.answer, end)

    def _keep(self, writer: AnswerWriter, call: ToolCallPart) -> None:
        meant = self.loop.meant(call)
        tool = meant.tool
        details: dict[str, Any] = {
            history.STEP: self.loop.limits.steps + 1, history.NAME: meant.called
        }  # fmt: skip
        if meant.called != meant.name:
            details[history.SENT] = call.arguments
        if tool is not None:
            details["title"] = tool.title
            details["touches"] = list(tool.touches)
        server, name = (tool.server, tool.name) if tool else (BUILT_IN, meant.name)
        writer.tool_call(call.id, server, name, meant.arguments, "asking", details)

    def _keep_file(self, made: Made, path: Path, name: str) -> str:
        """Take a file that a call gave into the answer; what the model is told where it cannot
        be."""
        answer = self.answer
        try:
            medium = self._around.take(path)
        except KnownError as error:
            return f"\n[{name}: {error}]"
        finally:
            path.unlink(missing_ok=True)
        if answer is None:
            return ""
        data = self._around.library.media.read(medium.sha256)
        index, answer.artifacts = answer.artifacts, answer.artifacts + 1
        self._write(
            lambda writer: writer.artifact(
                index,
                data,
                mime=medium.mime,
                modality=medium.modality,
                width=medium.width,
                height=medium.height,
                duration_s=medium.duration_s,
                name=name,
                details={history.CALL: made.call.id},
            )
        )
        return ""

    def _write(self, work: Callable[[AnswerWriter], Changed]) -> None:
        if self.closing:
            raise Cancelled
        if self.answer is not None:
            self._around.answers.write(self.answer, work)

    def _log(self, made: Made, decision: str, state: ToolState) -> None:
        meant, tool = made.meant, made.meant.tool
        if tool is None:
            return
        self._logged[made.call.id] = self._around.library.tools.log(
            self.message_id, made.call.id, tool.server, tool.name, meant.arguments,
            _LOGGED[decision], state,
        ).id  # fmt: skip
