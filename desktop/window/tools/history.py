"""The list of what tools did: when, where, with what, and by whose leave."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Property, QModelIndex, QObject, Signal, Slot

from desktop.window.listmodel import Index, RowsModel
from desktop.window.session import OpenLibrary, Session
from desktop.window.tools import words
from storage.agent.records import LoggedCall
from storage.records import Changed

PAGE = 60
MOST_LOOKED_AT = 2_000
"""Calls that are looked through for a filter at a time."""
_ROOT = QModelIndex()


@dataclass(frozen=True)
class HistoryRow:
    """One call; its fields are roles."""

    logId: int  # noqa: N815  (roles are named as QML names things)
    server: str
    tool: str
    main: str
    arguments: str
    decision: str
    """`unasked`, `once`, `always`, `refused` or `never`."""
    state: str
    time: float
    seconds: float
    """-1 where nobody knows."""
    conversationId: str  # noqa: N815
    """Empty where its conversation was forgotten."""
    messageId: str  # noqa: N815
    title: str


class History(RowsModel[HistoryRow]):
    """Calls, the newest first; older ones are read as the list is scrolled."""

    queryChanged = Signal()  # noqa: N815  (Qt names signals so)
    roles = (
        "logId", "server", "tool", "main", "arguments", "decision", "state", "time", "seconds",
        "conversationId", "messageId", "title",
    )  # fmt: skip

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._query = ""
        self._whole = self._shown = self._reading = False
        """Whether all was read, whether somebody looks at it, whether it is being read."""
        self._generation = 0
        session.changed.connect(self._on_change)

    @Slot()
    def refresh(self) -> None:
        """Read the newest anew, as many as are shown."""
        self._shown = True
        self._generation += 1
        generation, query = self._generation, self._query.casefold().strip()
        limit = max(PAGE, len(self._rows))

        def show(found: tuple[list[HistoryRow], bool]) -> None:
            if generation == self._generation:
                rows, self._whole = found
                self.update(rows, key=lambda row: row.logId)

        self._session.ask(lambda now: _read(now, query, limit, None), show)

    @Slot()
    def rest(self) -> None:
        """Nobody looks at it any more."""
        self._shown = False

    def canFetchMore(self, parent: Index = _ROOT) -> bool:  # noqa: N802  (Qt's name)
        """Whether there are older calls."""
        return not parent.isValid() and self._shown and not self._whole and bool(self._rows)

    def fetchMore(self, parent: Index = _ROOT) -> None:  # noqa: N802  (Qt's name)
        """Read older calls."""
        if self._reading or not self._rows:
            return
        self._reading = True
        generation, query = self._generation, self._query.casefold().strip()
        before = self._rows[-1].logId

        def show(found: tuple[list[HistoryRow], bool]) -> None:
            self._reading = False
            if generation == self._generation:
                rows, self._whole = found
                self.append(rows)

        def failed(error: Exception) -> None:
            self._reading = False
            self._session.announce(error)

        self._session.ask(lambda now: _read(now, query, PAGE, before), show, failed)

    def _set_query(self, query: str) -> None:
        if query != self._query:
            self._query = query
            self.queryChanged.emit()
            self.refresh()

    def _on_change(self, change: Changed) -> None:
        if self._shown and "tools" in change.kinds:
            self.refresh()

    query = Property(str, lambda self: self._query, _set_query, notify=queryChanged)


def _read(
    now: OpenLibrary, query: str, limit: int, before: int | None
) -> tuple[list[HistoryRow], bool]:
    """Calls that fit the words, and whether there are no older ones."""
    found: list[HistoryRow] = []
    looked = 0
    while len(found) < limit and looked < MOST_LOOKED_AT:
        calls = now.library.tools.logged(max(limit, PAGE), before)
        looked += len(calls)
        found += [_row(call) for call in calls if _fits(call, query)]
        if len(calls) < max(limit, PAGE):
            return found, True
        before = calls[-1].id
    return found, False


def _fits(call: LoggedCall, query: str) -> bool:
    told = " ".join((call.server, call.tool, call.arguments, call.title, call.state, call.decision))
    return all(word in told.casefold() for word in query.split())


def _row(call: LoggedCall) -> HistoryRow:
    is_there = call.conversation_id is not None and call.message_id is not None
    return HistoryRow(
        call.id,
        words.visible(call.server),
        words.visible(call.tool),
        words.main_argument(call.arguments),
        words.pretty(call.arguments),
        call.decision,
        call.state,
        float(call.created_ms),
        -1.0 if call.seconds is None else call.seconds,
        str(call.conversation_id) if is_there else "",
        str(call.message_id) if is_there else "",
        call.title,
    )
