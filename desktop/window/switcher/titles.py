"""The titles of all conversations, kept ready to be looked through while a person types.

They are read when the switcher is first opened, the newest first, and follow the library from then
on. Knows no row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.window.session import OpenLibrary, Session
from desktop.window.switcher.matching import Name, name
from storage.errors import NotFoundError
from storage.records import Changed, Conversation

FIRST, PAGE = 20, 1000
"""Conversations that are read at once: to have some to show, and then all others."""
READ_MS = 120
"""Between two readings of conversations that changed."""


@dataclass(frozen=True)
class Title:
    """One conversation."""

    id: int
    words: str
    """Its title, or its first words; empty where it has neither."""
    name: Name
    updated_ms: int
    pinned: bool


class Titles(QObject):
    """What all conversations are called, by their ids."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.known: dict[int, Title] = {}
        self._begun = False
        self._stale: set[int] = set()
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(READ_MS)
        self._reading.timeout.connect(self._read_stale)
        session.changed.connect(self._on_change)

    def read(self) -> None:
        """Read them, the first time that they are needed."""
        if not self._begun and self._session.now is not None:
            self._begun = True
            self._read(None, FIRST)

    def newest(self, count: int) -> list[Title]:
        """Those in which something was said last."""
        return sorted(self.known.values(), key=lambda title: -title.updated_ms)[:count]

    def _read(self, after: Conversation | None, limit: int) -> None:
        def show(found: list[Conversation]) -> None:
            self._take(found)
            if len(found) == limit:
                self._read(found[-1], PAGE)

        self._session.ask(
            lambda now: now.library.conversations.list(limit=limit, after=after),
            show,
            queue="search",
        )

    def _on_change(self, change: Changed) -> None:
        if self._begun and "conversations" in change.kinds:
            self._stale |= change.conversations
            if not self._reading.isActive():
                self._reading.start()

    def _read_stale(self) -> None:
        stale, self._stale = self._stale, set()

        def show(found: tuple[list[Conversation], set[int]]) -> None:
            there, gone = found
            for id_ in gone:
                self.known.pop(id_, None)
            self._take(there)

        self._session.ask(lambda now: _look(now, stale), show, queue="search")

    def _take(self, found: Iterable[Conversation]) -> None:
        for one in found:
            words = one.title or one.opening
            self.known[one.id] = Title(one.id, words, name(words), one.updated_ms, one.pinned)
        self.changed.emit()


def _look(now: OpenLibrary, ids: Iterable[int]) -> tuple[list[Conversation], set[int]]:
    """Conversations as they are, and the ids of those that are gone."""
    there, gone = [], set[int]()
    for id_ in ids:
        try:
            found = now.library.conversations.get(id_)
        except NotFoundError:
            gone.add(id_)
            continue
        if found.deleted_ms is None:
            there.append(found)
        else:
            gone.add(id_)
    return there, gone
