"""The bundle chooser: which bundles there are, whether one is whole, and taking one into use.

A bundle is proven by Medley's own command in a process of its own, because that reads its tensors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot

from desktop.window.listmodel import RowsModel
from desktop.window.paths import local_path
from desktop.window.session import Session
from desktop.window.settings.bundle_facts import BundleFacts, read_bundles
from desktop.window.settings.proof_run import ProofRun
from runtime.bundle.bundle import AUTOMATIC, STARTER


@dataclass(frozen=True)
class BundleRow:
    """One bundle; its fields are roles."""

    name: str
    """By which it is chosen: a name, or its folder."""
    title: str
    path: str
    description: str = ""
    bytes: float = 0.0
    modalities: tuple[str, ...] = ()
    routing: str = ""
    licences: tuple[str, ...] = ()
    current: bool = False
    verifyState: str = ""  # noqa: N815  (roles are named as QML names things)
    verifyText: str = ""  # noqa: N815
    verifyShare: float = -1.0  # noqa: N815
    """How much of it is proven, 0 to 1; -1 while nobody knows."""
    problem: str = ""


class Bundles(RowsModel[BundleRow]):
    """All bundles that can be chosen."""

    verified = Signal(str)
    """Name of a bundle that is whole, where nobody looks at the bundles any more."""
    chosen = Signal()
    watchedChanged = Signal()  # noqa: N815  (Qt names signals so)

    roles = tuple(BundleRow.__dataclass_fields__)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._watched = False
        self._proofs = ProofRun(session, self)
        self._proofs.moved.connect(self._on_move)
        self._proofs.ended.connect(self._on_proof)
        session.preferencesChanged.connect(self._mark_current)

    def value(self, row: int, role: str) -> object:
        """Lists for QML in place of tuples."""
        found = getattr(self.rows[row], role)
        return list(found) if isinstance(found, tuple) else found

    @Slot()
    def refresh(self) -> None:
        """Look for bundles again."""
        folders = self._session.preferences.bundle_folders
        default = self._session.default_bundle
        self._session.ask(
            lambda _: described(folders, default),
            self.reset,
            queue="files",
        )

    @Slot(str)
    def choose(self, name: str) -> None:
        """Be answered by another bundle from now on: the open conversation, new ones, and those
        that have no choice of their own. The starter is what there is to be without a choice, so
        that another answers where it is taken away."""
        name = AUTOMATIC if name == STARTER else name
        self.chosen.emit()
        other = name != self._session.default_bundle
        self._session.prefer(bundle=name, last_bundle="")
        if other:
            self._session.use_engine()

    @Slot(str)
    def verify(self, name: str) -> None:
        """Prove that a bundle is complete and unchanged."""
        at = self._at(name)
        if at is not None:
            self._proofs.start(name, Path(self.rows[at].path))

    @Slot(QUrl)
    def addFolder(self, url: QUrl) -> None:  # noqa: N802  (QML names slots so)
        """Add a bundle that lies somewhere else."""
        folder = local_path(url)

        def check(_: object) -> None:
            from runtime.bundle.bundle import read_manifest

            read_manifest(folder)

        def done(_: None) -> None:
            known = self._session.preferences.bundle_folders
            if str(folder) not in known:
                self._session.prefer(bundle_folders=(*known, str(folder)))
            self.refresh()

        self._session.ask(check, done, queue="files")

    def close(self) -> None:
        """End a proof that is under way; none begins any more."""
        self._proofs.close()

    def _on_move(self, name: str, share: float) -> None:
        at = self._at(name)
        if at is not None:
            moved = replace(self.rows[at], verifyState="running", verifyText="", verifyShare=share)
            self.replace(at, moved, ("verifyState", "verifyText", "verifyShare"))

    def _on_proof(self, name: str, whole: bool, text: str) -> None:
        at = self._at(name)
        if at is not None:
            state = "ok" if whole else "failed"
            self.replace(at, replace(self.rows[at], verifyState=state, verifyText=text))
        if whole and not self._watched:
            self.verified.emit(name)

    def _at(self, name: str) -> int | None:
        return next((at for at, row in enumerate(self.rows) if row.name == name), None)

    def _set_watched(self, watched: bool) -> None:
        if watched != self._watched:
            self._watched = watched
            self.watchedChanged.emit()

    def _mark_current(self) -> None:
        from runtime.bundle.bundle import chosen_name

        chosen = chosen_name(self._session.default_bundle)
        for at, row in enumerate(self.rows):
            if row.current != (row.name == chosen):
                self.replace(at, replace(row, current=row.name == chosen), ("current",))

    watched = Property(bool, lambda self: self._watched, _set_watched, notify=watchedChanged)


def described(folders: Iterable[str], chosen: str) -> list[BundleRow]:
    """Every bundle that can be chosen, with what its manifest says."""
    from runtime.bundle.bundle import chosen_name

    return [_row(facts, facts.name == chosen_name(chosen)) for facts in read_bundles(folders)]


def _row(facts: BundleFacts, current: bool) -> BundleRow:
    return BundleRow(
        facts.name,
        f"{facts.title} {facts.version}".strip(),
        str(facts.folder),
        facts.description,
        float(facts.bytes),
        facts.modalities,
        facts.routing,
        facts.licences,
        current,
        problem=facts.problem,
    )
