"""The bundle chooser: which bundles there are, whether one is whole, and taking one into use.

A bundle is proven by Medley's own command in a process of its own, because that reads its tensors.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot

from desktop.program import own_command
from desktop.window.listmodel import RowsModel
from desktop.window.session import Session
from plugins.errors import KnownError
from runtime.bundle.bundle import AUTOMATIC, STARTER
from runtime.process.reap import Command

_PREFIX = "medley: error: "


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
    problem: str = ""


class Bundles(RowsModel[BundleRow]):
    """All bundles that can be chosen."""

    verified = Signal(str)
    """Name of a bundle that is whole, where nobody looks at the bundles any more."""
    watchedChanged = Signal()  # noqa: N815  (Qt names signals so)

    roles = tuple(BundleRow.__dataclass_fields__)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._watched = False
        self._proving = False
        self._lock = threading.Lock()
        self._checking: Command | None = None
        self._closed = False
        session.preferencesChanged.connect(self._mark_current)

    def value(self, row: int, role: str) -> object:
        """Lists for QML in place of tuples."""
        found = getattr(self.rows[row], role)
        return list(found) if isinstance(found, tuple) else found

    @Slot()
    def refresh(self) -> None:
        """Look for bundles again."""
        preferences = self._session.preferences
        self._session.ask(
            lambda _: described(preferences.bundle_folders, preferences.bundle),
            self.reset,
            lane="files",
        )

    @Slot(str)
    def choose(self, name: str) -> None:
        """Be answered by another bundle from now on. The starter is what there is to be without
        a choice, so that another answers where it is taken away."""
        name = AUTOMATIC if name == STARTER else name
        if name != self._session.preferences.bundle:
            self._session.prefer(bundle=name)
            self._session.use_engine()

    @Slot(str)
    def verify(self, name: str) -> None:
        """Prove that a bundle is complete and unchanged."""
        at = self._at(name)
        if at is None or self._proving:
            return
        self._proving = True
        self.replace(at, replace(self.rows[at], verifyState="running", verifyText=""))

        def done(outcome: tuple[bool, str]) -> None:
            self._proving = False
            whole, text = outcome
            at = self._at(name)
            if at is not None:
                state = "ok" if whole else "failed"
                self.replace(at, replace(self.rows[at], verifyState=state, verifyText=text))
            if whole and not self._watched:
                self.verified.emit(name)

        def failed(error: Exception) -> None:
            done((False, str(error)))

        self._session.ask(lambda _: self._verify(name), done, failed, lane="proof")

    @Slot(QUrl)
    def addFolder(self, url: QUrl) -> None:  # noqa: N802  (QML names slots so)
        """Add a bundle that lies somewhere else."""
        folder = Path(url.toLocalFile())

        def check(_: object) -> None:
            from runtime.bundle.bundle import read_manifest

            read_manifest(folder)

        def done(_: None) -> None:
            known = self._session.preferences.bundle_folders
            if str(folder) not in known:
                self._session.prefer(bundle_folders=(*known, str(folder)))
            self.refresh()

        self._session.ask(check, done, lane="files")

    def close(self) -> None:
        """End a proof that is under way; none begins any more."""
        with self._lock:
            self._closed = True
            if self._checking is not None:
                self._checking.kill()

    def _verify(self, name: str) -> tuple[bool, str]:
        with self._lock:
            if self._closed:
                return False, ""
            self._checking = command = Command(own_command("models", "verify", name))
        code, out, err = command.wait()
        with self._lock:
            self._checking = None
        whole = code == 0
        lines = (out if whole else err).strip().splitlines()
        return whole, lines[-1].removeprefix(_PREFIX) if lines else ""

    def _at(self, name: str) -> int | None:
        return next((at for at, row in enumerate(self.rows) if row.name == name), None)

    def _set_watched(self, watched: bool) -> None:
        if watched != self._watched:
            self._watched = watched
            self.watchedChanged.emit()

    def _mark_current(self) -> None:
        from runtime.bundle.bundle import chosen_name

        chosen = chosen_name(self._session.preferences.bundle)
        for at, row in enumerate(self.rows):
            if row.current != (row.name == chosen):
                self.replace(at, replace(row, current=row.name == chosen), ("current",))

    watched = Property(bool, lambda self: self._watched, _set_watched, notify=watchedChanged)


def described(folders: Iterable[str], chosen: str) -> list[BundleRow]:
    """Every bundle that can be chosen, with what its manifest says."""
    from runtime.bundle.bundle import chosen_name, list_bundles

    chosen = chosen_name(chosen)
    found = {entry.name: entry.folder for entry in list_bundles()}
    found |= {folder: Path(folder) for folder in folders}
    return [_described(name, folder, name == chosen) for name, folder in found.items()]


def _described(name: str, folder: Path, current: bool) -> BundleRow:
    from runtime.bundle.bundle import read_manifest

    row = BundleRow(name, Path(name).name, str(folder), current=current)
    try:
        manifest = read_manifest(folder)
    except KnownError as error:
        return replace(row, problem=str(error))
    return replace(
        row,
        title=f"{manifest.title} {manifest.version}".strip(),
        description=" ".join(filter(None, [manifest.description, manifest.limits])),
        bytes=float(sum(file.size for file in manifest.files.values())),
        modalities=("text", *manifest.signals),
        routing=manifest.routing,
        licences=tuple(sorted({licence.spdx for licence in manifest.licences})),
    )
