"""Where answers are made, as QML sees it: this computer, or another one of the person's.

Other computers are added by `medley remote add`; here one is chosen and tried.
"""

from __future__ import annotations

from contextlib import closing

from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.window.sentences import told
from desktop.window.session import Session


class Remotes(QObject):
    """The choice, and what a try of it brought."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._hosts: dict[str, str] = {}
        self._state = self._problem = ""
        self._bundles: list[str] = []
        session.preferencesChanged.connect(self.changed)

    @Slot()
    def refresh(self) -> None:
        """Look which computers there are."""

        def look(_: object) -> dict[str, str]:
            from desktop.assistant.remotes.kept import remotes

            return {one.name: one.host for one in remotes()}

        def show(hosts: dict[str, str]) -> None:
            self._hosts = hosts
            self.changed.emit()

        self._session.ask(look, show, queue="files")

    @Slot(str)
    def choose(self, name: str) -> None:
        """Have answers made there from now on; empty is this computer. What is being answered
        fails."""
        if name == self._session.remote:
            return
        self._set("")
        self._session.prefer(remote=name)
        self._session.use_engine()

    @Slot()
    def test(self) -> None:
        """Connect to the chosen computer, and find out what it has."""
        name = self._session.remote
        if not name or self._state == "testing":
            return
        self._set("testing")

        def look(_: object) -> list[str]:
            from desktop.assistant.remotes.kept import find_remote
            from desktop.assistant.remotes.link import connect

            with closing(connect(find_remote(name))) as link:
                return [one.title for one in link.offered.bundles if one.modalities]

        def show(titles: list[str]) -> None:
            if self._session.remote == name:
                self._bundles = titles
                self._set("answers")

        def failed(error: Exception) -> None:
            if self._session.remote == name:
                self._set("failed", told(error))

        self._session.ask(look, show, failed, queue="models")

    def _set(self, state: str, problem: str = "") -> None:
        self._state, self._problem = state, problem
        self.changed.emit()

    def _names(self) -> list[str]:
        """With the chosen one, also where it was removed."""
        chosen = self._session.remote
        return [*self._hosts, *([chosen] if chosen and chosen not in self._hosts else [])]

    names = Property(list, _names, notify=changed)
    chosen = Property(str, lambda self: self._session.remote, notify=changed)
    host = Property(str, lambda self: self._hosts.get(self._session.remote, ""), notify=changed)
    """The address of the chosen one."""
    state = Property(str, lambda self: self._state, notify=changed)
    """Of the last try: empty, `testing`, `answers` or `failed`."""
    problem = Property(str, lambda self: self._problem, notify=changed)
    bundles = Property(list, lambda self: list(self._bundles), notify=changed)
    """Titles of those that the chosen one has, once it was tried."""
