"""The bundles and added models on this machine: what each takes, whether it is whole, removing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.assistant.own_models.protocol import Add, Added, Failed, Last, Report
from desktop.window.listmodel import RowsModel
from desktop.window.own_models import reading
from desktop.window.own_models.jobs import Jobs
from desktop.window.own_models.reading import Known, Weight
from desktop.window.own_models.removing import remove
from desktop.window.own_models.testing import described
from desktop.window.sentences import told
from desktop.window.session import Session
from desktop.window.settings.proof_run import ProofRun
from runtime.bundle.bundle import AUTOMATIC


@dataclass(frozen=True)
class OwnRow:
    """One bundle or model; its fields are roles."""

    name: str
    title: str
    path: str
    purpose: str
    isBundle: bool  # noqa: N815  (roles are named as QML names things)
    removable: bool
    bytes: float
    modalities: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    problem: str = ""
    test: dict[str, Any] = field(default_factory=dict)
    needs: float = 0.0
    free: float = 0.0
    context: int = -1
    """Positions that fit; 0 where it does not fit at all, -1 while nobody knows."""
    verifyState: str = ""  # noqa: N815
    verifyText: str = ""  # noqa: N815
    verifyShare: float = -1.0  # noqa: N815


class Listing(RowsModel[OwnRow]):
    """All of them."""

    stateChanged = Signal()  # noqa: N815  (Qt names signals so)
    gone = Signal(str, str, arguments=["name", "path"])
    """One was taken out of the list."""
    returned = Signal(str, str, arguments=["name", "path"])
    """One was put back."""
    roles = tuple(OwnRow.__dataclass_fields__)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: dict[str, Known] = {}
        self._weights: dict[str, Weight | None] = {}
        self._proofs = ProofRun(session, self)
        self._proofs.moved.connect(self._on_move)
        self._proofs.ended.connect(self._on_proof)
        self._jobs = Jobs(self._on_report, self._on_end, self)
        self._removed = self._problem = ""
        self._again: Add | None = None

    def value(self, row: int, role: str) -> object:
        """Lists for QML in place of tuples."""
        found = getattr(self.rows[row], role)
        return list(found) if isinstance(found, tuple) else found

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        folders = self._session.preferences.bundle_folders
        self._session.ask(lambda _: reading.read(folders), self._take, queue="models")

    @Slot(str)
    def weigh(self, name: str) -> None:
        """Find out what a bundle takes of the memory, of one that is looked at."""
        known = self._known.get(name)
        if known is None or not known.is_bundle or known.problem or name in self._weights:
            return
        self._weights[name] = None

        def show(found: Weight | None) -> None:
            self._weights[name] = found
            at = self._at(name)
            if at is not None:
                self.replace(at, _weighed(self.rows[at], found))

        self._session.ask(lambda _: reading.weigh(known.folder), show, queue="models")

    @Slot(str)
    def verify(self, name: str) -> None:
        """Prove that one is complete and unchanged."""
        known = self._known.get(name)
        if known is not None:
            self._proofs.start(name, known.folder)

    @Slot()
    def stopVerifying(self) -> None:  # noqa: N802  (QML names slots so)
        """End the proof that is under way."""
        self._proofs.cancel()

    @Slot(str)
    def remove(self, name: str) -> None:
        """Take one out of the list; files of the person stay where they are."""
        known = self._known.get(name)
        if known is None or not known.removable:
            return
        self._removed, self._again, self._problem = "", None, ""

        def done(again: Add | None) -> None:
            self._removed, self._again = name, again
            if self._session.default_bundle == name:
                self._session.prefer(bundle=AUTOMATIC, last_bundle="")
                self._session.use_engine()
            self.stateChanged.emit()
            self.gone.emit(name, known.path)
            self.refresh()

        self._session.ask(lambda _: remove(name), done, self._fail, queue="models")

    @Slot()
    def undo(self) -> None:
        """Put back what was removed last."""
        if self._again is not None and not self._jobs.running:
            self._problem = ""
            self._jobs.start(self._again)
            self.stateChanged.emit()

    @Slot()
    def dismiss(self) -> None:
        """Say no more about what was removed."""
        self._removed, self._again, self._problem = "", None, ""
        self.stateChanged.emit()

    def close(self) -> None:
        """Stop what is under way."""
        self._proofs.close()
        self._jobs.close()

    def _take(self, found: list[Known]) -> None:
        self._known = {one.name: one for one in found}
        before = {row.name: row for row in self.rows}
        self.update([self._row(one, before.get(one.name)) for one in found], lambda row: row.name)
        self.stateChanged.emit()

    def _row(self, one: Known, before: OwnRow | None) -> OwnRow:
        row = OwnRow(
            one.name, one.title, one.path, one.purpose, one.is_bundle, one.removable,
            float(one.bytes), one.modalities, one.licences, one.problem, described(one.test),
        )  # fmt: skip
        if before is not None and before.path == row.path:
            proof = (before.verifyState, before.verifyText, before.verifyShare)
            row = replace(row, verifyState=proof[0], verifyText=proof[1], verifyShare=proof[2])
        return _weighed(row, self._weights.get(one.name))

    def _on_move(self, name: str, share: float) -> None:
        at = self._at(name)
        if at is not None:
            moved = replace(self.rows[at], verifyState="running", verifyText="", verifyShare=share)
            self.replace(at, moved, ("verifyState", "verifyText", "verifyShare"))

    def _on_proof(self, name: str, whole: bool, text: str) -> None:
        at = self._at(name)
        if at is not None:
            state = "ok" if whole else "failed" if text else ""
            self.replace(at, replace(self.rows[at], verifyState=state, verifyText=text))

    def _on_report(self, report: Report) -> None:
        if isinstance(report, Added) and self._again is not None:
            again, self._again, self._removed = self._again, None, ""
            self.returned.emit(again.name, again.path)

    def _on_end(self, last: Last) -> None:
        if isinstance(last, Failed):
            self._problem = told(last.problem)
        self.stateChanged.emit()
        self.refresh()

    def _fail(self, error: Exception) -> None:
        self._problem = told(error)
        self.stateChanged.emit()
        self.refresh()

    def _at(self, name: str) -> int | None:
        return next((at for at, row in enumerate(self.rows) if row.name == name), None)

    removed = Property(str, lambda self: self._removed, notify=stateChanged)
    """Name of what was removed last."""
    undoable = Property(bool, lambda self: self._again is not None, notify=stateChanged)
    returning = Property(bool, lambda self: self._jobs.running, notify=stateChanged)
    problem = Property(str, lambda self: self._problem, notify=stateChanged)


def _weighed(row: OwnRow, weight: Weight | None) -> OwnRow:
    if weight is None:
        return row
    return replace(row, needs=float(weight.needs), free=float(weight.free), context=weight.n_ctx)
