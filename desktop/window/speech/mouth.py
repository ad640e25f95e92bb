"""The shape of the mouth at every moment of what is really played."""

from __future__ import annotations

import time
from collections import deque

from PySide6.QtCore import Property, QObject, QTimer, Signal

from desktop.speech.protocol import Clause, Interrupted, Mouth, Played, Spoken

FRAME_MS = 33
REST = "sil"
STALE_S = 0.5
"""Seconds after which a clock that nobody set goes on no more."""


class MouthView(QObject):
    """Follows the clock of the loudspeaker."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shape = REST
        self._clauses: deque[Clause] = deque()
        self._clock_s = self._set_at = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)

    def take(self, report: Clause | Played | Spoken | Interrupted) -> None:
        """A clause that will be heard, how far the loudspeaker is, or its end."""
        match report:
            case Clause():
                self._clauses.append(report)
            case Played():
                self._clock_s, self._set_at = report.clock_s, report.at
                if not self._timer.isActive():
                    self._timer.start()
            case Spoken() | Interrupted():
                self._clauses = deque(
                    one for one in self._clauses if one.utterance != report.utterance
                )
                self._rest()

    def at(self, clock_s: float) -> str:
        """The shape at a moment of the playing clock."""
        while self._clauses and _end_s(self._clauses[0]) < clock_s:
            self._clauses.popleft()
        if not self._clauses:
            return REST
        clause = self._clauses[0]
        return _shape(clause.mouths, clock_s - clause.start_s)

    def _tick(self) -> None:
        passed_s = time.monotonic() - self._set_at
        if passed_s > STALE_S:
            self._rest()
            return
        self._set(self.at(self._clock_s + passed_s))

    def _rest(self) -> None:
        self._timer.stop()
        self._set(REST)

    def _set(self, shape: str) -> None:
        if shape != self._shape:
            self._shape = shape
            self.changed.emit()

    shape = Property(str, lambda self: self._shape, notify=changed)
    """One of the fifteen Oculus visemes."""


def _end_s(clause: Clause) -> float:
    return clause.start_s + clause.duration_s


def _shape(mouths: tuple[Mouth, ...], passed_s: float) -> str:
    return next((one.shape for one in mouths if one.start_s <= passed_s < one.end_s), REST)
