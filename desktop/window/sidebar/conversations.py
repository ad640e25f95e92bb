"""The sidebar's models: conversations, or what a search found, and the media it found.

Follows the library: every change of a conversation is read again, at most some times a second.
"""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Property, QModelIndex, QObject, QTimer, QUrl, Signal, Slot

from desktop.file_names import readable, slug
from desktop.window.listmodel import Index, RowsModel
from desktop.window.paths import local_path
from desktop.window.session import OpenLibrary, Session
from desktop.window.sidebar import sidebar
from desktop.window.sidebar.meaning_search import MeaningSearch
from desktop.window.sidebar.media_hits import MediaHits
from desktop.window.sidebar.sidebar import Entry, Looks, MediaHit
from storage.records import Changed, Conversation

if TYPE_CHECKING:
    from storage.exchange.foreign.importing import Taken

PAGE = 50
MOST_READ = 1000
"""Conversations that are read to find the open one among them."""
MINUTE_MS = 60_000
READ_MS = 120
"""Between two readings of the list."""
TYPING_MS = 150
"""After the last letter before a search begins."""
_ROOT = QModelIndex()


class Conversations(RowsModel[Entry]):
    """Conversations, pinned ones first, or the hits of a search."""

    queryChanged = Signal()  # noqa: N815  (Qt names signals so)
    searchingChanged = Signal()  # noqa: N815
    currentChanged = Signal()  # noqa: N815
    filterChanged = Signal()  # noqa: N815
    similarChanged = Signal()  # noqa: N815
    removed = Signal(str, str, arguments=["id", "title"])
    exported = Signal(str, arguments=["path"])
    imported = Signal(int, int, int, arguments=["came", "skipped", "leftOut"])
    revealed = Signal(int, arguments=["row"])
    """Where the open conversation is, once it is listed."""
    opening = Signal(object, object)
    """Conversation and message to be shown, ids or None."""

    roles = (
        "conversationId", "title", "day", "pinned", "snippet", "thumbnail", "time", "busy",
        "waiting", "hit", "hitMessageId",
    )  # fmt: skip

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.media_hits = MediaHits(self)
        self._meaning = MeaningSearch(session, self)
        self._meaning.found.connect(self._on_meant)
        self._meaning.over.connect(self._on_meant_all)
        self._limit = PAGE
        self._waiting: frozenset[int] = frozenset()
        self._known: dict[int, Looks] = {}
        self._query = self._filter = ""
        self._similar = ("", "")
        """A medium to which others are looked for, and what it is called."""
        self._worded: list[MediaHit] = []
        """Media that were found by words."""
        self._searching = False
        self._cancel = threading.Event()
        self._current: int | None = None
        self._title = ""
        self._reveal = False
        """Whether the open conversation is to be brought into sight."""
        self._day = date.today()
        self._midnight = QTimer(self)
        self._midnight.setInterval(MINUTE_MS)
        self._midnight.timeout.connect(self._look_at_day)
        self._midnight.start()
        self._reading = _timer(self, READ_MS, self._read)
        self._typing = _timer(self, TYPING_MS, self._search)
        session.opened.connect(self._read)
        session.changed.connect(self._on_change)
        session.answerEnded.connect(lambda _: self._read_soon())

    # What is shown.

    def canFetchMore(self, parent: Index = _ROOT) -> bool:  # noqa: N802  (Qt's name)
        """Whether there may be older conversations."""
        return not parent.isValid() and not self._is_search and len(self._rows) >= self._limit

    def fetchMore(self, parent: Index = _ROOT) -> None:  # noqa: N802  (Qt's name)
        """Read older conversations."""
        self._limit += PAGE
        self._read()

    @Slot()
    def newConversation(self) -> None:  # noqa: N802
        """Begin a conversation; it exists from its first message on."""
        self._open(None, None)

    @Slot(str)
    def open(self, id: str) -> None:
        """Show a conversation."""
        self._open(int(id), None)

    @Slot(str, str)
    def openHit(self, id: str, message_id: str) -> None:  # noqa: N802
        """Show a message, on whichever branch it is."""
        self._open(int(id), int(message_id))

    def select(self, conversation: int | None) -> None:
        """Mark a conversation as the open one."""
        if conversation != self._current:
            self._current = conversation
            self._title = ""
            self.currentChanged.emit()
            self._read_title()
            self._reveal = conversation is not None
            self._show_current()

    # What a person does to a conversation.

    @Slot(str, str)
    def rename(self, id: str, title: str) -> None:
        """Give it a title; an empty one takes it away."""
        number, words = int(id), " ".join(title.split())
        self._session.ask(lambda now: now.library.conversations.rename(number, words))

    @Slot(str, bool)
    def setPinned(self, id: str, pinned: bool) -> None:  # noqa: N802
        """Keep it at the top, or no longer."""
        number = int(id)
        self._session.ask(lambda now: now.library.conversations.pin(number, pinned))

    @Slot(str)
    def remove(self, id: str) -> None:
        """Delete it; `undoRemove` brings it back."""
        number = int(id)

        def work(now: OpenLibrary) -> Conversation:
            now.assistant.stop(number)
            conversation = now.library.conversations.get(number)
            now.library.conversations.delete(number)
            return conversation

        def done(conversation: Conversation) -> None:
            if self._current == number:
                self._open(None, None)
            self.removed.emit(id, conversation.title or conversation.opening)

        self._session.ask(work, done)

    @Slot(str)
    def undoRemove(self, id: str) -> None:  # noqa: N802
        """Bring a deleted conversation back, and show it."""
        number = int(id)
        self._session.ask(
            lambda now: now.library.conversations.restore(number),
            lambda _: self._open(number, None),
        )

    @Slot(str, QUrl)
    def exportTo(self, id: str, url: QUrl) -> None:  # noqa: N802
        """Write it into a new folder or zip file, or as a zip file into one that is there."""
        number, target = int(id), local_path(url)

        def export(now: OpenLibrary) -> Path:
            place = target
            if target.is_dir():
                conversation = now.library.conversations.get(number)
                place = free_name(target, slug(conversation.title or conversation.opening), ".zip")
            return now.library.exchange.export(number, place)

        self._session.ask(export, lambda path: self.exported.emit(readable(path)), queue="exchange")

    @Slot(QUrl)
    def importFrom(self, url: QUrl) -> None:  # noqa: N802
        """Read the conversations that Medley or another program exported, and show the last."""
        path = local_path(url)

        def done(taken: Taken) -> None:
            if taken.imported:
                self._open(taken.imported[-1], None)
            self.imported.emit(len(taken.imported), taken.skipped, taken.lost)

        ask = self._session.ask
        ask(lambda now: now.library.exchange.import_file(path), done, queue="exchange")

    def mark_waiting(self, waiting: frozenset[int]) -> None:
        """Mark the conversations of which a tool waits for the person."""
        self._waiting = waiting
        self._read_soon()

    def close(self) -> None:
        """Search no more."""
        self._cancel.set()
        self._meaning.forget()

    # Reading.

    def _open(self, conversation: int | None, message: int | None) -> None:
        self.select(conversation)
        self.opening.emit(conversation, message)

    def _on_change(self, change: Changed) -> None:
        if "conversations" in change.kinds:
            self._read_soon()

    def _read_soon(self) -> None:
        if not self._reading.isActive():
            self._reading.start()

    def _read(self) -> None:
        self._read_title()
        if self._is_search:
            return
        limit, known, waiting = self._limit, self._known, self._waiting

        def read(now: OpenLibrary) -> list[Entry]:
            busy = now.assistant.answers.conversations
            return sidebar.entries(now.library, limit, known, busy, waiting)

        self._session.ask(read, self._show)

    def _show(self, rows: list[Entry]) -> None:
        if not self._is_search:
            self.update(rows, key=lambda row: (row.conversationId, row.hitMessageId))
            self._show_current()

    def _show_current(self) -> None:
        """Bring the open conversation into sight; older ones are read until it is listed."""
        if not self._reveal or self._is_search or not self._rows:
            return
        ids = [row.conversationId for row in self._rows]
        if str(self._current) in ids:
            self._reveal = False
            self.revealed.emit(ids.index(str(self._current)))
        elif self.canFetchMore() and self._limit < MOST_READ:
            self.fetchMore()

    def _look_at_day(self) -> None:
        """What was today is yesterday after midnight."""
        if self._day != date.today():
            self._day = date.today()
            self._read()

    def _read_title(self) -> None:
        current = self._current
        if current is None:
            return

        def show(conversation: Conversation) -> None:
            title = conversation.title or conversation.opening
            if self._current == current and title != self._title:
                self._title = title
                self.currentChanged.emit()

        self._session.ask(lambda now: now.library.conversations.get(current), show)

    # Searching.

    @Slot(str, str)
    def findSimilar(self, media_id: str, name: str) -> None:  # noqa: N802
        """Look for media that are similar to one; `name` is what the sidebar calls it."""
        self._query = ""
        self.queryChanged.emit()
        self._set_similar(media_id, name)
        self._search_soon()

    @Slot()
    def endSearch(self) -> None:  # noqa: N802
        """List all conversations again."""
        self._set_similar("", "")
        self._set_filter("")
        self._set_query("")
        self._search_soon()

    @property
    def _is_search(self) -> bool:
        return bool(self._query.strip() or self._filter or self._similar[0])

    def _set_similar(self, media_id: str, name: str) -> None:
        if (media_id, name) != self._similar:
            self._similar = (media_id, name)
            self.similarChanged.emit()

    def _set_query(self, query: str) -> None:
        if query != self._query:
            self._query = query
            self._set_similar("", "")
            self.queryChanged.emit()
            self._search_soon()

    def _set_filter(self, modality: str) -> None:
        if modality != self._filter:
            self._filter = modality
            self.filterChanged.emit()
            self._search_soon()

    def _search_soon(self) -> None:
        self._cancel.set()
        if self._is_search:
            self._set_searching(True)
            self._typing.start()
            return
        self._typing.stop()
        self._set_searching(False)
        self._meaning.forget()
        self._worded = []
        self.media_hits.reset([])
        self._reveal = self._current is not None
        self._read()

    def _search(self) -> None:
        text, modality = self._query.strip(), self._filter
        cancel = self._cancel = threading.Event()
        now = self._session.now
        if now is None:
            return
        if self._similar[0]:
            self._show_found([], [])
            self._meaning.look_like(self._similar[0], modality)
            return

        def work() -> tuple[list[Entry], list[MediaHit]]:
            found = sidebar.hits(now.library, text, modality, cancel.is_set)
            media = [] if cancel.is_set() else sidebar.media_hits(now.library, text, modality)
            return found, media

        def show(found: tuple[list[Entry], list[MediaHit]]) -> None:
            if not cancel.is_set():
                self._show_found(*found)
                self._set_searching(False)
                self._meaning.look_for(text, modality)

        def failed(error: Exception) -> None:
            if not cancel.is_set():
                self._set_searching(False)
            self._session.announce(error)

        self._session.jobs.run("search", work, show, failed)

    def _show_found(self, messages: list[Entry], media: list[MediaHit]) -> None:
        self.update(messages, key=lambda row: (row.conversationId, row.hitMessageId))
        self._worded = media
        self.media_hits.update(media, key=lambda row: row.mediaId)

    def _on_meant(self, found: list[MediaHit]) -> None:
        known = {row.mediaId for row in self._worded}
        more = [row for row in found if row.mediaId not in known]
        self.media_hits.update([*self._worded, *more], key=lambda row: row.mediaId)

    def _on_meant_all(self) -> None:
        if self._similar[0]:
            self._set_searching(False)

    def _set_searching(self, searching: bool) -> None:
        if searching != self._searching:
            self._searching = searching
            self.searchingChanged.emit()

    query = Property(str, lambda self: self._query, _set_query, notify=queryChanged)
    modalityFilter = Property(  # noqa: N815
        str, lambda self: self._filter, _set_filter, notify=filterChanged
    )
    similarTo = Property(  # noqa: N815
        str, lambda self: self._similar[1], notify=similarChanged
    )
    searching = Property(bool, lambda self: self._searching, notify=searchingChanged)
    current = Property(
        str, lambda self: "" if self._current is None else str(self._current), notify=currentChanged
    )
    currentTitle = Property(str, lambda self: self._title, notify=currentChanged)  # noqa: N815


def free_name(folder: Path, stem: str, extension: str) -> Path:
    """A name in a folder that nothing has yet."""
    number = 1
    while (path := folder / f"{stem}-{number}{extension}").exists():
        number += 1
    return path


def _timer(parent: QObject, milliseconds: int, call: object) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(call)
    return timer
