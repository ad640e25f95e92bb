"""One key for the conversation: held it is push-to-talk, tapped it begins or ends hands-free."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

KEY = Qt.Key.Key_F8
NAME = "F8"


class TalkKey(QObject):
    """Watches the key in a window that it is installed on as an event filter."""

    pressed = Signal()
    released = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._down = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Take the key's events; all others go their way. A window that loses the keyboard does
        not hear the key go up."""
        kind = event.type()
        if kind == QEvent.Type.FocusOut and self._down:
            self._up()
        if isinstance(event, QKeyEvent) and event.key() == KEY:
            if kind == QEvent.Type.KeyPress:
                if not event.isAutoRepeat() and not self._down:
                    self._down = True
                    self.pressed.emit()
                return True
            if kind == QEvent.Type.KeyRelease:
                if not event.isAutoRepeat() and self._down:
                    self._up()
                return True
        return super().eventFilter(watched, event)

    def _up(self) -> None:
        self._down = False
        self.released.emit()
