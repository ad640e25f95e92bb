"""The calls of answers as cards show them: the question to the person, what a call was given and
gave, stopping it, taking it back, and forms that a server asks to be filled in.

Knows the agent's questions and the transcript's messages; knows no card.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.assistant.agent.consent import Choice, Question
from desktop.assistant.problems import KEY, problem_from
from desktop.tools.protocol import ElicitAsked
from desktop.window.sentences import told
from desktop.window.session import OpenLibrary, Session
from desktop.window.tools import forms, words
from desktop.window.tools.switch import folder_row
from desktop.window.transcript.links import is_safe_link
from plugins.errors import KnownError, phrase
from storage.records import Message, ToolPart

NOT_WEB = phrase("expected a web address, found another one. It is not opened.")
CHOICES: tuple[Choice, ...] = get_args(Choice)
Find = Callable[[str], Message | None]
"""The open conversation's message of an id, where it was read."""


class Waiting:
    """What waits for the person, in all conversations."""

    def __init__(self) -> None:
        self.conversations: dict[int, int] = {}
        self.tools: dict[int, str] = {}
        self.questions: list[Question] = []
        self.elicited: dict[str, ElicitAsked] = {}


class Calls(QObject):
    """What cards ask for and tell."""

    questionReady = Signal(str, str, dict)  # noqa: N815  (Qt names signals so)
    """Message, call, and the question."""
    progressed = Signal(str, str, int, int, arguments=["messageId", "callId", "step", "of"])
    askedChanged = Signal()  # noqa: N815
    waitingChanged = Signal()  # noqa: N815
    copied = Signal()
    began = Signal(int, str)
    """A call of a message began to wait for the person: conversation and the tool's name."""
    ended = Signal(int)
    """Nothing of a message waits any more."""

    def __init__(self, session: Session, find: Find, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._find = session, find
        self._elicited: dict[str, ElicitAsked] = {}
        """Questions of servers, by message and call."""
        self._waiting: dict[int, int] = {}
        """Conversation by message that waits."""
        session.consentChanged.connect(self._look)
        session.callProgressed.connect(
            lambda found: self.progressed.emit(
                str(found.message_id), found.call_id, found.step, found.of
            )
        )
        session.opened.connect(lambda: self._look(0))

    # What QML calls.

    @Slot(str, str, result="QVariantMap")
    def question(self, message_id: str, call_id: str) -> dict[str, Any]:
        """What is known of a question now: its arguments. `questionReady` follows with the rest."""
        number = int(message_id)

        def show(question: Question | None) -> None:
            if question is not None:
                self.questionReady.emit(message_id, call_id, question_map(question))

        self._session.ask(lambda now: now.agent.question(number, call_id), show)
        part = self._part(message_id, call_id)
        arguments = "" if part is None else words.pretty(part.arguments)
        return {"ready": False, "arguments": words.plain(arguments)}

    @Slot(str, str, str)
    def answer(self, message_id: str, call_id: str, choice: str) -> None:
        """The person's answer to a question."""
        number = int(message_id)
        chosen = next((one for one in CHOICES if one == choice), None)
        if chosen is not None:
            self._session.ask(lambda now: now.agent.answer_consent(number, call_id, chosen))

    @Slot(str, str, str, result="QVariantMap")
    def details(self, message_id: str, call_id: str, state: str) -> dict[str, Any]:
        """What a call was given and gave, in pieces."""
        part = self._part(message_id, call_id)
        return {} if part is None else details_map(part)

    @Slot(str, str)
    def copyResult(self, message_id: str, call_id: str) -> None:  # noqa: N802
        """Put what a call gave on the clipboard, all of it."""
        part = self._part(message_id, call_id)
        if part is not None:
            QGuiApplication.clipboard().setText(part.result)
            self.copied.emit()

    @Slot(str, str)
    def undo(self, message_id: str, call_id: str) -> None:
        """Take back what a call did."""
        number = int(message_id)
        self._session.ask(lambda now: now.agent.undo(number, call_id), queue="tools")

    # Forms.

    @Slot(str, str, result="QVariantMap")
    def elicitation(self, message_id: str, call_id: str) -> dict[str, Any]:
        """What a server asks the person within a call."""
        asked = self._elicited.get(_key(message_id, call_id))
        if asked is None:
            return {}
        return {
            "server": words.visible(asked.server),
            "message": words.plain(words.visible(asked.message)),
            "url": words.visible(asked.url),
            "fields": [field.shown() for field in forms.fields(asked.schema)],
        }

    @Slot(str, str, "QVariantMap", result=str)
    def submit(self, message_id: str, call_id: str, values: dict[str, Any]) -> str:
        """Answer a form, or open the address that is asked for; why that cannot be, else empty."""
        asked = self._elicited.get(_key(message_id, call_id))
        if asked is None:
            return ""
        try:
            content = "{}" if asked.url else forms.content(forms.fields(asked.schema), values)
            if asked.url:
                _open(asked.url)
        except KnownError as error:
            return told(error)
        self._answer(message_id, call_id, "accept", content)
        return ""

    @Slot(str, str, str)
    def refuse(self, message_id: str, call_id: str, action: str) -> None:
        """Do not answer a server."""
        self._answer(message_id, call_id, "cancel" if action == "cancel" else "decline", "")

    def _answer(
        self,
        message_id: str,
        call_id: str,
        action: Literal["accept", "decline", "cancel"],
        content: str,
    ) -> None:
        asked = self._elicited.pop(_key(message_id, call_id), None)
        self.askedChanged.emit()
        if asked is not None:
            self._session.ask(lambda now: now.agent.answer_elicit(asked.id, action, content))

    # What happens.

    def _look(self, message_id: int) -> None:
        """Something began to wait for the person, or no longer does."""
        self._session.ask(_waiting, self._take)

    def _take(self, found: Waiting) -> None:
        before, self._waiting = self._waiting, found.conversations
        self._elicited = found.elicited
        self.askedChanged.emit()
        self.waitingChanged.emit()
        # A card may have been there before its question was.
        for one in found.questions:
            self.questionReady.emit(str(one.message_id), one.call_id, question_map(one))
        for message_id in found.conversations.keys() - before.keys():
            self.began.emit(message_id, found.tools.get(message_id, ""))
        for message_id in before.keys() - found.conversations.keys():
            self.ended.emit(message_id)

    @property
    def conversations(self) -> frozenset[int]:
        """Where something waits for the person."""
        return frozenset(self._waiting.values())

    def conversation_of(self, message_id: int) -> int | None:
        """The conversation of a message that waits."""
        return self._waiting.get(message_id)

    def _part(self, message_id: str, call_id: str) -> ToolPart | None:
        message = self._find(message_id)
        parts = () if message is None else message.parts
        calls = [part for part in parts if isinstance(part, ToolPart)]
        return next((part for part in reversed(calls) if part.call_id == call_id), None)

    asked = Property(list, lambda self: list(self._elicited), notify=askedChanged)
    """Calls in which a server asks: message and call."""
    waitingCount = Property(  # noqa: N815
        int, lambda self: len(self.conversations), notify=waitingChanged
    )


def question_map(question: Question) -> dict[str, Any]:
    """A question as a card shows it."""
    tool, preview = question.tool, question.preview
    shown = [folder_row(0, path, False, everywhere=True).shown for path in question.folders]
    return {
        "ready": True,
        "touches": list(tool.touches),
        "description": words.visible(tool.description),
        "arguments": words.plain(words.pretty(question.arguments)),
        "folder": ", ".join(shown),
        "always": "always" in question.choices,
        "changed": question.changed,
        "foreign": question.foreign,
        "notice": "" if tool.notice is None else told(tool.notice),
        "preview": [] if preview is None else words.previewed(preview.text, preview.kind),
        "previewKind": "" if preview is None else preview.kind,
    }


def details_map(part: ToolPart) -> dict[str, Any]:
    """What a call was given and gave, as a card shows it when it is opened."""
    reason = ""
    if part.state == "failed" and KEY in part.details:
        reason = told(problem_from(part.details[KEY], part.result))
    # What a refused call gave is said to the model alone.
    is_told = part.state in ("done", "failed") and not reason
    return {
        "arguments": words.plain(words.pretty(part.arguments)) if part.arguments != "{}" else [],
        "result": words.result(part.result) if is_told else [],
        "leftOut": max(0, len(part.result) - words.LONGEST_RESULT) if is_told else 0,
        "reason": reason,
    }


def _waiting(now: OpenLibrary) -> Waiting:
    found = Waiting()
    for one in now.agent.pending():
        message = now.library.messages.get(one.message_id)
        found.conversations[message.id] = message.conversation_id
        if isinstance(one, Question):
            found.tools[message.id] = one.tool.title or one.tool.name
            found.questions.append(one)
        else:
            found.tools.setdefault(message.id, one.asked.server)
            found.elicited.setdefault(_key(str(message.id), one.call_id), one.asked)
    return found


def _open(url: str) -> None:
    if not is_safe_link(url) or not url.lower().startswith(("http://", "https://")):
        raise KnownError(NOT_WEB)
    QDesktopServices.openUrl(QUrl(url))


def _key(message_id: str, call_id: str) -> str:
    return f"{message_id}/{call_id}"
