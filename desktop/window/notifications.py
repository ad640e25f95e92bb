"""Notes outside the window, for a person who looks elsewhere: a long answer is done, something
waits for a word, a reminder is due.

On Linux the desktop shows them; where it has none the window asks for attention and `unshown` is
told, so that a toast can say it. Nothing is shown twice under one key: the newer note takes the
place of the older one. Whoever shows a note chooses a key of its own kind, as `answer/12`,
`consent/12` or `reminder/3`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow

from desktop.window.desktop_bus import DEFAULT, DesktopBus, Note

LONGEST = 240
"""Characters of a note."""


class Notifications(QObject):
    """The window's notes on the desktop."""

    opened = Signal(str, arguments=["key"])
    """A person clicked on a note: the window comes to the front, and what it is about is shown."""
    acted = Signal(str, str, arguments=["key", "action"])
    """A person pressed a button of a note."""
    unshown = Signal(str, str, str, arguments=["key", "title", "text"])
    """The desktop shows no notes."""

    _heard = Signal(str, str)
    _failed = Signal(object)

    def __init__(self, parent: QObject | None = None, bus: str = "SESSION") -> None:
        """`bus` is `SESSION`, or the address of another bus of notes."""
        super().__init__(parent)
        self._window: QWindow | None = None
        self._bus = DesktopBus(self._heard.emit, self._failed.emit, bus)
        self._has_bus = sys.platform == "linux"
        queued = Qt.ConnectionType.QueuedConnection
        self._heard.connect(self._on_action, queued)
        self._failed.connect(self._on_failure, queued)

    def watch(self, window: QWindow) -> None:
        """Notes are those of this window."""
        self._window = window

    @property
    def away(self) -> bool:
        """Whether the person looks elsewhere: no window of Medley's has the keyboard."""
        return QGuiApplication.applicationState() != Qt.ApplicationState.ApplicationActive

    def show(
        self,
        key: str,
        title: str,
        text: str = "",
        actions: Mapping[str, str] | None = None,
        lasting: bool = False,
    ) -> None:
        """Show a note on the desktop, whether the person is away or not.

        Args:
            key: names it; a later note with the same key takes its place.
            title: one line.
            text: plain words; cut where they are long.
            actions: buttons, their words by their names; `acted` tells the name.
            lasting: it stays until somebody has seen to it.
        """
        short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
        note = Note(key, title, short, tuple((actions or {}).items()), lasting)
        if self._window is not None and self.away:
            self._window.alert(0)
        if self._has_bus:
            self._bus.show(note)
        else:
            self.unshown.emit(key, title, short)

    def withdraw(self, key: str) -> None:
        """Take a note away: it has been seen to."""
        self._bus.withdraw(key)

    def close(self) -> None:
        """Take all notes away."""
        self._bus.close()

    @Slot(str, str)
    def _on_action(self, key: str, action: str) -> None:
        if action == DEFAULT:
            self.opened.emit(key)
        else:
            self.acted.emit(key, action)

    @Slot(object)
    def _on_failure(self, note: Note) -> None:
        self.unshown.emit(note.key, note.title, note.text)
