"""The models that other programs on this machine have, as the sheet lists them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.assistant.own_models.protocol import (
    Candidate,
    Failed,
    Last,
    Looked,
    Looking,
    Report,
    Search,
)
from desktop.window.listmodel import RowsModel
from desktop.window.own_models.jobs import Jobs
from desktop.window.sentences import told


@dataclass(frozen=True)
class FoundRow:
    """One model of another program, or why one cannot be used; its fields are roles."""

    program: str
    title: str
    path: str = ""
    purpose: str = ""
    bytes: float = 0.0
    size: str = ""
    licence: str = ""
    known: str = ""
    """The name under which it was added already."""
    problem: str = ""


class Found(RowsModel[FoundRow]):
    """All of them, program by program; `state` is `rest`, `looking`, `done` or `failed`."""

    stateChanged = Signal()  # noqa: N815  (Qt names signals so)
    taken = Signal(object)
    """`Candidate`: a person wants this one."""
    roles = tuple(FoundRow.__dataclass_fields__)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Jobs(self._on_report, self._on_end, self)
        self._state, self._looking, self._problem = "rest", "", ""
        self._candidates: dict[str, Candidate] = {}
        self._seen: list[FoundRow] = []

    @property
    def talkers(self) -> list[Candidate]:
        """Those that talk."""
        return [one for one in self._candidates.values() if one.purpose == "talk"]

    @Slot()
    def search(self) -> None:
        """Look for them, once more where that was done."""
        if self._state != "looking":
            self._seen, self._candidates, self._problem = [], {}, ""
            self._set("looking")
            self._jobs.start(Search())

    @Slot()
    def cancel(self) -> None:
        """Stop looking; what was found stays."""
        self._jobs.cancel()

    @Slot(str)
    def take(self, path: str) -> None:
        """Add one."""
        if path in self._candidates:
            self.taken.emit(self._candidates[path])

    def mark_added(self, path: str, name: str) -> None:
        """One of them was added, or is not any more where `name` is empty."""
        for at, row in enumerate(self.rows):
            if row.path == path:
                self.replace(at, replace(row, known=name), ("known",))
        if path in self._candidates:
            known = msgspec.structs.replace(self._candidates[path], known=name)
            self._candidates[path] = known

    def close(self) -> None:
        """Stop what is under way."""
        self._jobs.close()

    def _on_report(self, report: Report) -> None:
        match report:
            case Looking():
                self._looking = report.program
            case Looked():
                self._candidates |= {one.path: one for one in report.candidates}
                rows = [_row(report.program, one) for one in report.candidates]
                wrong = [FoundRow(report.program, "", problem=told(p)) for p in report.problems]
                self._seen += [*rows, *wrong]
                self._show()
        self.stateChanged.emit()

    def _on_end(self, last: Last) -> None:
        if isinstance(last, Failed):
            self._problem = told(last.problem)
        self._show()
        self._set("failed" if self._problem else "done")

    def _show(self) -> None:
        self.update(self._seen, key=lambda row: (row.program, row.path, row.problem))

    def _set(self, state: str) -> None:
        self._state = state
        self.stateChanged.emit()

    state = Property(str, lambda self: self._state, notify=stateChanged)
    looking = Property(str, lambda self: self._looking, notify=stateChanged)
    problem = Property(str, lambda self: self._problem, notify=stateChanged)


def _row(program: str, one: Candidate) -> FoundRow:
    return FoundRow(
        program, one.title, one.path, one.purpose, float(one.bytes), one.size, one.licence,
        one.known,
    )  # fmt: skip
