"""Tells on the desktop when an answer is done that took long, to a person who looks elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from desktop.window.notifications import Notifications
from desktop.window.sentences import told
from desktop.window.session import OpenLibrary, Session
from plugins.errors import phrase
from storage.clock import now_ms
from storage.records import Conversation, Message

LONG_MS = 10_000
"""From the question until an answer is over that is worth a note."""
KEY = "answer/"


class LongAnswers(QObject):
    """Notes about answers. They are taken away once the person is back."""

    opening = Signal(str, str)
    """Conversation and message that a person clicked on."""

    def __init__(
        self, session: Session, notes: Notifications, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._notes = session, notes
        self.long_ms = LONG_MS
        self._shown: dict[str, tuple[int, int]] = {}
        """Conversation and message by the keys of notes."""
        session.answerEnded.connect(self._on_ended)
        notes.opened.connect(self._on_opened)
        QGuiApplication.instance().applicationStateChanged.connect(self._on_state)  # type: ignore[union-attr]

    def _on_ended(self, message_id: int) -> None:
        ended_ms = now_ms()
        if not self._notes.away or not self._session.preferences.notify_answers:
            return

        def read(now: OpenLibrary) -> tuple[Message, Conversation]:
            answer = now.library.messages.get(message_id)
            return answer, now.library.conversations.get(answer.conversation_id)

        def show(found: tuple[Message, Conversation]) -> None:
            answer, conversation = found
            if self._notes.away and ended_ms - answer.created_ms >= self.long_ms:
                self._show(answer, conversation)

        self._session.ask(read, show, lambda _: None)

    def _show(self, answer: Message, conversation: Conversation) -> None:
        if answer.state not in ("complete", "failed"):
            return
        ready = phrase("Medley has answered.")
        failed = phrase("Medley could not answer. Open the conversation to see why.")
        words = " ".join(answer.text.split()) if answer.state == "complete" else ""
        key = f"{KEY}{answer.id}"
        self._shown[key] = (conversation.id, answer.id)
        title = conversation.title or conversation.opening or "Medley"
        text = words or told(ready if answer.state == "complete" else failed)
        self._notes.show(key, " ".join(title.split()), text)

    def _on_opened(self, key: str) -> None:
        place = self._shown.pop(key, None)
        if place is not None:
            self.opening.emit(*map(str, place))

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            for key in self._shown:
                self._notes.withdraw(key)
            self._shown = {}
