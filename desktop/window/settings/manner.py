"""How the open conversation is answered: system text and temperature of its own.

A conversation that does not exist yet keeps them here until its first message is sent.
"""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.window.session import OpenLibrary, Session
from storage.errors import LibraryError
from storage.manner import LONGEST_SYSTEM, WARMEST, check_manner
from storage.records import Changed, Manner

OWN = Manner()
"""As the bundle has it."""


class MannerView(QObject):
    """What the dialog of a conversation's settings shows."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._conversation: int | None = None
        self.now = OWN
        """Of the open conversation."""
        self._usual = ""
        session.changed.connect(self._on_change)

    def open(self, conversation: int | None) -> None:
        """Another conversation is shown."""
        if conversation != self._conversation:
            self._conversation = conversation
            self._set(OWN)
            self._read()

    def adopt(self, conversation: int) -> None:
        """The conversation that did not exist yet does now; it was begun in this manner."""
        self._conversation = conversation

    @Slot()
    def look(self) -> None:
        """Find out what the bundle that answers says by itself."""
        bundle = self._session.preferences.bundle
        self._session.ask(lambda _: usual_system(bundle), self._take_usual, queue="models")

    @Slot(str, float)
    def save(self, system: str, temperature: float) -> None:
        """Have the conversation answered so from now on; an empty text and a temperature below 0
        are the bundle's own."""
        manner = Manner(system.strip() or None, None if temperature < 0 else temperature)
        try:
            check_manner(manner)
        except LibraryError as error:
            self._session.announce(error)
            return
        conversation = self._conversation
        self._set(manner)
        if conversation is None:
            return

        def work(now: OpenLibrary) -> None:
            now.library.conversations.set_settings(conversation, manner)

        self._session.ask(work)

    def _read(self) -> None:
        conversation = self._conversation
        if conversation is None:
            return

        def show(manner: Manner) -> None:
            if conversation == self._conversation:
                self._set(manner)

        self._session.ask(lambda now: now.library.conversations.settings(conversation), show)

    def _on_change(self, change: Changed) -> None:
        if self._conversation in change.conversations and "conversations" in change.kinds:
            self._read()

    def _take_usual(self, text: str) -> None:
        self._usual = text
        self.changed.emit()

    def _set(self, manner: Manner) -> None:
        if manner != self.now:
            self.now = manner
            self.changed.emit()

    system = Property(str, lambda self: self.now.system or "", notify=changed)
    temperature = Property(
        float,
        lambda self: -1.0 if self.now.temperature is None else self.now.temperature,
        notify=changed,
    )
    custom = Property(bool, lambda self: self.now != OWN, notify=changed)
    usual = Property(str, lambda self: self._usual, notify=changed)
    longest = Property(int, lambda self: LONGEST_SYSTEM, constant=True)
    warmest = Property(float, lambda self: WARMEST, constant=True)


def usual_system(bundle: str) -> str:
    """What a bundle tells its language model by itself; empty where it has no such words.

    Raises:
        KnownError: there is no such bundle, or it is broken.
    """
    from runtime.bundle.bundle import find_bundle, read_manifest

    return read_manifest(find_bundle(bundle)).template.system.strip()
