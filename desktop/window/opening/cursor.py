"""`CursorRest`: the text cursor stops blinking once nobody has typed or clicked for a while.

Each blink draws a frame: a window that waits for its person would draw for ever. Knows Qt's hints.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication

REST_MS = 10_000
"""After the last key or click; desktops stop it after as long."""
_STILL = 0
_WAKING = (
    QEvent.Type.KeyPress, QEvent.Type.InputMethod, QEvent.Type.MouseButtonPress,
    QEvent.Type.FocusIn, QEvent.Type.TouchBegin,
)  # fmt: skip


class CursorRest(QObject):
    """An event filter for a window."""

    def __init__(self, parent: QObject | None = None, rest_ms: int = REST_MS) -> None:
        super().__init__(parent)
        self._hints = QGuiApplication.styleHints()
        self._flash_ms = self._hints.cursorFlashTime()
        """What the desktop says; 0 where it wants no blinking at all."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(rest_ms)
        self._rest.timeout.connect(self._stop)
        if self._flash_ms:
            self._rest.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Notices what a person does; takes nothing away."""
        if self._flash_ms and event.type() in _WAKING:
            if not self._rest.isActive():
                self._hints.setCursorFlashTime(self._flash_ms)
            self._rest.start()
        return super().eventFilter(watched, event)

    def close(self) -> None:
        """Leave the hints as they were."""
        self._rest.stop()
        if self._flash_ms:
            self._hints.setCursorFlashTime(self._flash_ms)

    def _stop(self) -> None:
        self._hints.setCursorFlashTime(_STILL)
