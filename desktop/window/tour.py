"""The tour of the window: a few marks beside what they speak of, shown once, on the first start."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.window.session import Session


class Tour(QObject):
    """Whether the tour is on. Where the marks are is QML's matter."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._on = session, False

    def welcome(self) -> None:
        """Begin by itself for a person who has never used Medley."""
        preferences = self._session.preferences
        if not (preferences.toured or preferences.welcomed):
            self.begin()

    @Slot()
    def begin(self) -> None:
        """Show the first mark."""
        self._set(True)

    @Slot()
    def end(self) -> None:
        """Show no mark any more; it does not begin by itself again."""
        if self._on:
            self._set(False)
            self._session.prefer(toured=True)

    def _set(self, on: bool) -> None:
        if on != self._on:
            self._on = on
            self.changed.emit()

    on = Property(bool, lambda self: self._on, notify=changed)
