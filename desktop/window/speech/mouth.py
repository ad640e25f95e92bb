"""What the face follows: the clause that is really played, and how far it is."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from PySide6.QtCore import Property, QObject, Signal

from desktop.speech.protocol import Clause, Interrupted, Played, Spoken


class MouthView(QObject):
    """Follows the clock of the loudspeaker."""

    clauseChanged = Signal()  # noqa: N815  (Qt names signals so)
    positionChanged = Signal()  # noqa: N815

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clauses: deque[Clause] = deque()
        """Those that were not wholly heard yet."""
        self._clause: Clause | None = None
        """The one that is heard."""
        self._position_s = 0.0

    def take(self, report: Clause | Played | Spoken | Interrupted) -> None:
        """A clause that will be heard, how far the loudspeaker is, or its end."""
        match report:
            case Clause():
                self._clauses.append(report)
            case Played():
                self._show(report.clock_s + time.monotonic() - report.at)
            case Spoken() | Interrupted():
                over = report.utterance
                self._clauses = deque(one for one in self._clauses if one.utterance != over)
                self._set(None)

    def _show(self, clock_s: float) -> None:
        while self._clauses and _end_s(self._clauses[0]) < clock_s:
            self._clauses.popleft()
        first = self._clauses[0] if self._clauses else None
        self._set(first if first is not None and first.start_s <= clock_s else None)
        if self._clause is not None:
            self._position_s = clock_s - self._clause.start_s
            self.positionChanged.emit()

    def _set(self, clause: Clause | None) -> None:
        if clause is not self._clause:
            self._clause = clause
            self.clauseChanged.emit()

    def _visemes(self) -> list[dict[str, Any]]:
        mouths = () if self._clause is None else self._clause.mouths
        return [{"start_s": one.start_s, "end_s": one.end_s, "shape": one.shape} for one in mouths]

    visemes = Property(list, _visemes, notify=clauseChanged)
    """Of the clause that is heard: `start_s`, `end_s` and `shape` of each."""
    loudness = Property(
        list,
        lambda self: [] if self._clause is None else list(self._clause.loudness),
        notify=clauseChanged,
    )
    position = Property(float, lambda self: self._position_s, notify=positionChanged)
    """Seconds of the clause that were heard."""


def _end_s(clause: Clause) -> float:
    return clause.start_s + clause.duration_s
