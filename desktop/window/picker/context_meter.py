"""How much of the model's context the open conversation fills."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal

from desktop.window.picker.picker import Picker
from desktop.window.transcript.overview import Overview

NEAR = 0.8
"""The share from which on the context counts as nearly full."""


class ContextMeter(QObject):
    """What the meter beside the picker shows."""

    changed = Signal()

    def __init__(self, picker: Picker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picker = picker
        self._now = Overview()
        picker.choiceChanged.connect(self.changed)

    def show(self, found: Overview) -> None:
        """Show what the answers of the open conversation say."""
        if found != self._now:
            self._now = found
            self.changed.emit()

    def _other(self) -> bool:
        """Whether another model than that of the last answer is to answer next."""
        facts = self._picker.facts
        return facts is not None and facts.n_ctx > 0 and facts.bundle != self._now.bundle

    def _size(self) -> int:
        facts = self._picker.facts
        return facts.n_ctx if facts is not None and self._other() else self._now.size

    def _share(self) -> float:
        size = self._size()
        return min(1.0, self._now.used / size) if size else 0.0

    known = Property(bool, lambda self: self._now.used > 0, notify=changed)
    used = Property(int, lambda self: self._now.used, notify=changed)
    size = Property(int, _size, notify=changed)
    share = Property(float, _share, notify=changed)
    """0 to 1."""
    near = Property(bool, lambda self: self._share() >= NEAR, notify=changed)
    estimated = Property(bool, _other, notify=changed)
    """Whether the figures are those of another model: this one counts a little differently."""
    dropped = Property(int, lambda self: self._now.dropped, notify=changed)
