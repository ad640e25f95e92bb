"""The quick switcher: one field over conversations, commands, presets and models.

What can be done is said by QML, which knows the words for it; everything else is known here. Titles
are looked through at once, what was said in messages a moment after the last letter.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from desktop.window.listmodel import RowsModel
from desktop.window.picker.picker import Picker
from desktop.window.presets.presets import Presets
from desktop.window.session import Session
from desktop.window.sidebar.conversations import Conversations
from desktop.window.sidebar.sidebar import marked
from desktop.window.switcher import rows
from desktop.window.switcher.matching import Wanted
from desktop.window.switcher.rows import Offer, Row, Scored
from desktop.window.switcher.titles import Titles
from storage.clock import now_ms
from storage.records import Hit, Query

TYPING_MS = 150
"""After the last letter before messages are looked through."""
SHORTEST = 2
"""Characters for which messages are looked through."""
HITS = 8
RECENT = 6
"""Conversations, and commands, that are shown before anything is typed."""
FEW = 4
"""Presets, and models, that are."""
KEY, MOST_USED = "switcher_used", 30
"""Where the library keeps what was chosen last, and how much of it."""


class Switcher(RowsModel[Row]):
    """What fits the words that were typed, best first."""

    queryChanged = Signal()  # noqa: N815  (Qt names signals so)
    listed = Signal()
    """Other rows are shown."""
    commanded = Signal(str, arguments=["key"])
    """A command was chosen."""
    went = Signal()
    """Another conversation is shown, or the open one is answered otherwise."""

    roles = tuple(Row.__dataclass_fields__)

    def __init__(
        self,
        session: Session,
        conversations: Conversations,
        picker: Picker,
        presets: Presets,
        send: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        """`send` asks something in the open conversation."""
        super().__init__(parent)
        self._session, self._conversations = session, conversations
        self._picker, self._presets, self._send = picker, presets, send
        self._titles = Titles(session, self)
        self._commands: list[Offer] = []
        self._query = ""
        self._open = False
        self._used: list[str] = []
        self._said: list[Row] = []
        """Messages that hold the words."""
        self._cancel = threading.Event()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._search)
        self._titles.changed.connect(self._list)
        for model in (picker, presets):
            model.modelReset.connect(self._list)
            model.countChanged.connect(self._list)
        session.opened.connect(self._read_used)

    # What QML calls.

    @Slot("QVariantList")
    def open(self, commands: list[dict[str, Any]]) -> None:
        """Begin anew. Each command has a `key`, a `title`, and may have `words`, a `glyph` and
        `keys`."""
        self._commands = [rows.command(one) for one in commands]
        self._open = True
        self._titles.read()
        self._picker.refresh()
        self._set_query("")
        self._list()

    @Slot()
    def close(self) -> None:
        """Look no more."""
        self._open = False
        self._forget_search()

    @Slot(int, bool)
    def take(self, at: int, second: bool) -> None:
        """Do what a row stands for; `second` is the other thing that it can do."""
        if not 0 <= at < len(self.rows):
            return
        row = self.rows[at]
        self._remember(row.id)
        does: dict[str, Callable[[], None]] = {
            "conversation": lambda: self._conversations.open(row.key),
            "message": lambda: self._conversations.openHit(row.key, row.messageId),
            "command": lambda: self.commanded.emit(row.key),
            "preset": lambda: self._presets.use(row.key, not second),
            "model": lambda: self._choose_model(row.key, second),
            "ask": lambda: self._ask(row.plain, not second),
        }
        does[row.kind]()
        if row.kind != "command":
            self.went.emit()

    def _ask(self, words: str, fresh: bool) -> None:
        if fresh:
            self._conversations.newConversation()
        self._send(words)

    def _choose_model(self, key: str, fresh: bool) -> None:
        if fresh:
            self._conversations.newConversation()
        self._picker.choose(key)

    # What is shown.

    def _list(self) -> None:
        if self._open:
            found = self._recent() if not self._query.strip() else self._found()
            self.update(found, key=lambda row: row.id)
            self.listed.emit()

    def _recent(self) -> list[Row]:
        """What is shown before anything is typed."""
        current = self._conversations.property("current")
        newest = [one for one in self._titles.newest(RECENT + 1) if str(one.id) != current]
        places = {id_: at for at, id_ in enumerate(self._used)}
        commands = sorted(
            (offer.row for offer in self._commands), key=lambda row: places.get(row.id, len(places))
        )
        presets = sorted(
            (offer.row for offer in self._preset_offers()),
            key=lambda row: places.get(row.id, len(places)),
        )
        models = [offer.row for offer in self._model_offers()]
        return [
            *map(rows.conversation, newest[:RECENT]),
            *commands[:RECENT],
            *presets[:FEW],
            *models[:FEW],
        ]

    def _found(self) -> list[Row]:
        text = self._query.strip()
        only = rows.SIGNS.get(text[0], "")
        wanted = Wanted(text[1:] if only else text)
        found = self._matching(wanted, only, mistyped=False)
        if not any(found) and not wanted.empty:
            found = self._matching(wanted, only, mistyped=True)
        if only:
            return rows.arranged(found, rows.MOST_ALONE)
        return [*rows.arranged(found), *self._said, rows.ask(text)]

    def _matching(self, wanted: Wanted, only: str, mistyped: bool) -> list[list[Scored]]:
        offers = {
            rows.COMMANDS: lambda: self._commands,
            rows.PRESETS: self._preset_offers,
            rows.MODELS: self._model_offers,
        }
        found = [
            rows.offered(make(), wanted, self._used, mistyped)
            for section, make in offers.items()
            if only in ("", section)
        ]
        if not only:
            titles = self._titles.known.values()
            found.append(rows.conversations(titles, wanted, now_ms(), mistyped))
        return found

    def _preset_offers(self) -> list[Offer]:
        return [rows.preset(row.presetId, row.name, row.system) for row in self._presets.rows]

    def _model_offers(self) -> list[Offer]:
        return [rows.model(row.name, row.title, row.chosen) for row in self._picker.usable()]

    # What was said in messages.

    def _search(self) -> None:
        text, now = self._query.strip(), self._session.now
        if now is None or len(text) < SHORTEST or text[0] in rows.SIGNS:
            return
        cancel = self._cancel = threading.Event()

        def work() -> list[Hit]:
            return now.library.search.newest(Query(text=text), limit=HITS, cancelled=cancel.is_set)

        def show(hits: list[Hit]) -> None:
            if not cancel.is_set():
                self._said = [_message(hit) for hit in hits]
                self._list()

        self._session.jobs.run("search", work, show, self._session.announce)

    def _forget_search(self) -> None:
        self._typing.stop()
        self._cancel.set()
        self._said = []

    def _set_query(self, query: str) -> None:
        if query != self._query:
            self._query = query
            self._forget_search()
            self._typing.start()
            self.queryChanged.emit()
            self._list()

    # What was chosen last.

    def _read_used(self) -> None:
        def show(used: list[str]) -> None:
            self._used = used

        self._session.ask(lambda now: now.library.settings.get(KEY, [], list[str]), show)

    def _remember(self, id_: str) -> None:
        self._used = [id_, *(one for one in self._used if one != id_)][:MOST_USED]
        used = list(self._used)
        self._session.ask(lambda now: now.library.settings.put(KEY, used))

    query = Property(str, lambda self: self._query, _set_query, notify=queryChanged)


def _message(hit: Hit) -> Row:
    return Row(
        rows.MESSAGES, "message", str(hit.conversation_id), marked(hit.snippet, hit.spans),
        hit.snippet, marked(hit.title, ()), "search", time=float(hit.created_ms),
        messageId=str(hit.message_id), id=f"message:{hit.message_id}:{hit.part_id}",
    )  # fmt: skip
