"""The models that can be fetched: which are here, the offer of the starter, and a download.

Nothing is fetched before a person says so. The download is a process of its own, which ends with
the window and goes on where it was at another time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Property, QObject, Qt, Signal, Slot

from desktop.window.listmodel import RowsModel
from desktop.window.sentences import told
from desktop.window.session import OpenLibrary, Session
from desktop.window.settings.fetching import Fetching, why_failed
from plugins.errors import KnownError
from runtime.bundle.bundle import AUTOMATIC, EMBEDDED, STARTER, chosen_name
from runtime.catalogue import starter_hook, store
from runtime.catalogue.client import Download, Outcome, absent, wanted
from runtime.catalogue.entry import Entry, entries, named
from runtime.catalogue.errors import FetchError
from runtime.catalogue.offline import refuse_if_forbidden
from runtime.catalogue.protocol import Report
from runtime.worker.client import EngineState

GROUP = "starter"
"""What is offered."""
_TALK = "talk"


@dataclass(frozen=True)
class ModelRow:
    """One model of the catalogue; its fields are roles."""

    name: str
    title: str
    purpose: str
    bytes: float
    memoryBytes: float  # noqa: N815  (roles are named as QML names things)
    languages: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    installed: bool = False
    packaged: bool = False
    """Whether a package that Medley depends on brings it, so that it cannot be removed."""
    fetching: bool = False


@dataclass(frozen=True)
class _Found:
    """What is here."""

    rows: tuple[ModelRow, ...]
    offered: bool
    """Whether there is no model to talk with, and the starter would bring one."""
    missing: float
    """Bytes of the starter that are not here."""


class Models(RowsModel[ModelRow]):
    """All models of the catalogue, by what they are for, and at most one download of some."""

    stateChanged = Signal()  # noqa: N815  (Qt names signals so)
    """Of the properties; rows have signals of their own."""
    arrived = Signal()
    """A model to talk with has come."""
    fellBack = Signal()  # noqa: N815
    """The model that answered is gone, and the embedded bundle answers in its place."""

    _reported = Signal(object)
    _ended = Signal(object)

    roles = tuple(ModelRow.__dataclass_fields__)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._offered, self._missing = False, 0.0
        self._state, self._reason, self._problem = "rest", "", ""
        self._wish: tuple[str, ...] = ()
        self._fetching = Fetching(())
        self._download: Download | None = None
        self._engine = EngineState()
        self._stale = self._closed = False
        queued = Qt.ConnectionType.QueuedConnection
        self._reported.connect(self._on_report, queued)
        self._ended.connect(self._on_end, queued)
        session.opened.connect(self.refresh)
        session.engineChanged.connect(self._on_engine)

    def value(self, row: int, role: str) -> Any:
        """Lists for QML in place of tuples."""
        found = getattr(self.rows[row], role)
        return list(found) if isinstance(found, tuple) else found

    @Slot()
    def refresh(self) -> None:
        """Look which models are here."""
        self._session.ask(lambda _: _look(), self._show, queue="models")

    @Slot()
    def getStarter(self) -> None:  # noqa: N802  (QML names slots so)
        """Fetch what is not here of the starter."""
        self._get((GROUP,))

    @Slot(str)
    def get(self, name: str) -> None:
        """Fetch one model."""
        self._get((name,))

    @Slot()
    def retry(self) -> None:
        """Go on with the download that failed or was cancelled."""
        self._get(self._wish or (GROUP,))

    @Slot()
    def cancel(self) -> None:
        """Stop the download; what came is kept."""
        if self._download is not None:
            self._download.cancel()

    @Slot()
    def dismiss(self) -> None:
        """Say no more about the last download."""
        if self._state != "fetching":
            self._set("rest")

    @Slot(str)
    def remove(self, name: str) -> None:
        """Take a model off the disk."""

        def work(_: OpenLibrary) -> None:
            store.remove(name)
            starter_hook.after_change(named(name))

        def done(_: None) -> None:
            if named(name).purpose == _TALK:
                self._follow()
                if self._follows and chosen_name(AUTOMATIC) == EMBEDDED:
                    self.fellBack.emit()
            self.refresh()

        self._session.ask(work, done, queue="models")

    def close(self) -> None:
        """End the download, and its process."""
        self._closed = True
        if self._download is not None:
            self._download.cancel()
            self._download.wait()

    # A download.

    def _get(self, names: tuple[str, ...]) -> None:
        if self._state == "fetching" or self._closed:
            return
        self._wish = names
        self._fetching = Fetching(())
        self._set("fetching")

        def look(_: OpenLibrary) -> tuple[Entry, ...]:
            found = tuple(absent(wanted(names)))
            if found:
                refuse_if_forbidden()
            return found

        self._session.ask(look, self._start, self._refuse, queue="models")

    def _start(self, missing: tuple[Entry, ...]) -> None:
        if self._closed:
            return
        self._fetching = Fetching(missing)
        if not missing:
            self._set("done")
            self.refresh()
            return
        self._set("fetching")
        self._download = Download(self._reported.emit, self._ended.emit)
        try:
            self._download.start(tuple(entry.name for entry in missing))
        except KnownError as error:
            self._refuse(error)

    def _refuse(self, error: Exception) -> None:
        self._download = None
        self._reason = error.reason if isinstance(error, FetchError) else ""
        self._problem = told(error)
        self._set("failed")

    def _on_report(self, report: Report) -> None:
        self._fetching = self._fetching.after(report)
        self._mark()
        self.stateChanged.emit()

    def _on_end(self, outcome: Outcome) -> None:
        self._download = None
        if self._closed:
            return
        names = [entry.name for entry in self._fetching.entries]
        reason, self._problem = why_failed(outcome, names)
        self._reason = reason or ""
        state = "cancelled" if outcome.cancelled else "failed" if self._problem else "done"
        self._set(state)
        if any(named(had.name).purpose == _TALK for had in outcome.had.values() if had.fetched):
            self._follow()
            self.arrived.emit()
        self.refresh()

    def _follow(self) -> None:
        """Be answered by the best bundle there is now, unless the person chose one; not before what
        is being answered is answered."""
        self._stale = self._follows
        self._on_engine(self._engine)

    @property
    def _follows(self) -> bool:
        return self._session.default_bundle in (AUTOMATIC, STARTER)

    def _on_engine(self, state: EngineState) -> None:
        self._engine = state
        if not self._stale or state.phase == "busy" or state.waiting:
            return
        self._stale = False
        if state.phase == "not_started":
            self._session.start_engine()
        else:
            self._session.ask(lambda now: now.assistant.restart(), queue="asking")

    # What is shown.

    def _show(self, found: _Found) -> None:
        self._offered, self._missing = found.offered, found.missing
        self.update(list(found.rows), key=lambda row: row.name)
        self._mark()
        self.stateChanged.emit()

    def _mark(self) -> None:
        """Show which models are fetched now."""
        waiting: set[str] = set()
        if self._state == "fetching":
            over = self._fetching.over
            waiting = {e.name for e in self._fetching.entries if e.name not in over}
        for at, row in enumerate(self.rows):
            if row.fetching != (row.name in waiting):
                self.replace(at, replace(row, fetching=row.name in waiting), ("fetching",))

    def _set(self, state: str) -> None:
        self._state = state
        if state in ("rest", "fetching"):
            self._reason = self._problem = ""
        self._mark()
        self.stateChanged.emit()

    def _part(self) -> str:
        entry = self._fetching.entry
        return "" if entry is None else entry.title

    offered = Property(bool, lambda self: self._offered, notify=stateChanged)
    missingBytes = Property(float, lambda self: self._missing, notify=stateChanged)  # noqa: N815
    state = Property(str, lambda self: self._state, notify=stateChanged)
    reason = Property(str, lambda self: self._reason, notify=stateChanged)
    problem = Property(str, lambda self: self._problem, notify=stateChanged)
    bytesDone = Property(float, lambda self: float(self._fetching.done), notify=stateChanged)  # noqa: N815
    bytesTotal = Property(float, lambda self: float(self._fetching.total), notify=stateChanged)  # noqa: N815
    secondsLeft = Property(float, lambda self: self._fetching.seconds_left, notify=stateChanged)  # noqa: N815
    purpose = Property(str, lambda self: self._fetching.purpose or "", notify=stateChanged)
    part = Property(str, _part, notify=stateChanged)
    perSecond = Property(  # noqa: N815
        float,
        lambda self: 0.0 if self._fetching.now is None else self._fetching.now.per_second,
        notify=stateChanged,
    )
    source = Property(
        str,
        lambda self: "" if self._fetching.now is None else self._fetching.now.source,
        notify=stateChanged,
    )
    proving = Property(
        bool,
        lambda self: self._fetching.now is not None and self._fetching.now.stage == "proving",
        notify=stateChanged,
    )


def _look() -> _Found:
    """What is here, and what is offered."""
    rows = tuple(_row(entry) for entry in entries().values())
    try:
        missing = absent(wanted((GROUP,)))
    except KnownError:
        missing = []  # A catalogue of one's own need not have it.
    talks = any(row.installed for row in rows if row.purpose == _TALK)
    offered = not talks and any(entry.purpose == _TALK for entry in missing)
    return _Found(rows, offered, float(sum(entry.disk_bytes for entry in missing)))


def _row(entry: Entry) -> ModelRow:
    here = store.look(entry)
    return ModelRow(
        entry.name,
        entry.title,
        entry.purpose,
        float(entry.disk_bytes),
        float(entry.memory_bytes),
        entry.languages,
        tuple(sorted({licence.spdx for licence in entry.licences})),
        here is not None,
        here is not None and here.packaged,
    )
