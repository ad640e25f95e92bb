"""The local API as QML sees it: a `medley serve` of the window's own, and who uses the engine.

While the library is open its engine is shared with Medley's other processes, also where the API is
off: a `medley serve` in a terminal uses it too.
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Property, QObject, QProcess, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.assistant.sharing.place import socket_path
from desktop.assistant.sharing.relay import Relay, Visit
from desktop.program import own_command
from desktop.window.session import OpenLibrary, Session

END_MS = 5_000
"""How long the server has to end."""
_ADDRESS = re.compile(rb"http://127\.0\.0\.1:\d+")
_ERROR = "medley: error: "


class LocalApi(QObject):
    """Off, starting, running or failed."""

    changed = Signal()
    visited = Signal()
    copied = Signal()

    _visit = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._relay: Relay | None = None
        self._now = Visit()
        self._server: QProcess | None = None
        self._address = self._problem = ""
        self._visit.connect(self._on_visit, Qt.ConnectionType.QueuedConnection)
        session.opened.connect(self._share)
        session.preferencesChanged.connect(self._follow)

    def close(self) -> None:
        """End the server, and share the engine no more."""
        self._end()
        relay, self._relay = self._relay, None
        if relay is not None:
            relay.close()

    @Slot()
    def copyToken(self) -> None:  # noqa: N802  (QML names slots so)
        """Put the token on the clipboard."""
        from desktop.serve.settings import token
        from plugins.errors import KnownError

        try:
            QGuiApplication.clipboard().setText(token().text)
        except KnownError as error:
            self.session.announce(error)
        else:
            self.copied.emit()

    @Slot()
    def openPage(self) -> None:  # noqa: N802
        """Show what runs, and examples, in the browser."""
        if self._address:
            QDesktopServices.openUrl(QUrl(self._address))

    def _share(self) -> None:
        now = self.session.now
        if now is None or self._relay is not None:
            return
        self._relay = relay = Relay(now.assistant.engines, self._visit.emit)

        def opened(library: OpenLibrary) -> None:
            relay.open(socket_path(library.library.path))

        self.session.ask(opened, lambda _: self._follow())

    def _follow(self) -> None:
        """Start or end the server as the preferences say."""
        wanted = self.session.preferences.local_api and self._relay is not None
        if wanted and self._server is None:
            self._start()
        elif not wanted and self._server is not None:
            self._end()
        elif not wanted and self._problem:
            self._problem = ""
            self.changed.emit()

    def _start(self) -> None:
        now = self.session.now
        if now is None:
            return
        self._address = self._problem = ""
        self._server = server = QProcess(self)
        program, *words = own_command(
            "serve", "--end-with-input", "--library", str(now.library.path)
        )
        server.readyReadStandardOutput.connect(self._read)
        server.finished.connect(self._ended)
        server.errorOccurred.connect(self._ended)
        server.start(program, words)
        self.changed.emit()

    def _end(self) -> None:
        server, self._server = self._server, None
        self._address = ""
        if server is None:
            return
        server.closeWriteChannel()
        if not server.waitForFinished(END_MS):
            server.kill()
            server.waitForFinished(END_MS)
        server.deleteLater()
        self.changed.emit()

    def _read(self) -> None:
        if self._server is None:
            return
        found = _ADDRESS.search(bytes(self._server.readAllStandardOutput().data()))
        if found and not self._address:
            self._address = found[0].decode()
            self.changed.emit()

    def _ended(self) -> None:
        """The server is over though nobody ended it."""
        server, self._server = self._server, None
        if server is None:
            return
        said = bytes(server.readAllStandardError().data()).decode("utf-8", "replace")
        lines = [line for line in said.splitlines() if line.strip()]
        self._problem = lines[-1].removeprefix(_ERROR) if lines else server.errorString()
        self._address = ""
        server.deleteLater()
        self.changed.emit()

    def _on_visit(self, visit: Visit) -> None:
        self._now = visit
        self.visited.emit()

    def _state(self) -> str:
        if self._problem:
            return "failed"
        if self._server is None:
            return "off"
        return "running" if self._address else "starting"

    def _token_file(self) -> str:
        from desktop.serve.settings import TOKEN_FILE, folder

        path: Path = folder() / TOKEN_FILE
        return str(path)

    state = Property(str, _state, notify=changed)
    """`off`, `starting`, `running` or `failed`."""
    address = Property(
        str, lambda self: f"{self._address}/v1" if self._address else "", notify=changed
    )
    problem = Property(str, lambda self: self._problem, notify=changed)
    tokenFile = Property(str, _token_file, constant=True)  # noqa: N815
    programs = Property(int, lambda self: self._now.guests, notify=visited)
    waiting = Property(int, lambda self: self._now.waiting, notify=visited)
    answering = Property(bool, lambda self: self._now.running, notify=visited)
