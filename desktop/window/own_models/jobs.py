"""Jobs of the process that works on a person's own models, with their reports on Qt's thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from desktop.assistant.own_models.client import Job
from desktop.assistant.own_models.protocol import Last, Report, Wish


class Jobs(QObject):
    """One job at a time. Nothing is told of one that another took the place of."""

    _reported = Signal(int, object)
    _ended = Signal(int, object)

    def __init__(
        self,
        on_report: Callable[[Report], None],
        on_end: Callable[[Last], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_report, self._on_end = on_report, on_end
        self._job: Job | None = None
        self._number = 0
        self._closed = False
        queued = Qt.ConnectionType.QueuedConnection
        self._reported.connect(self._take_report, queued)
        self._ended.connect(self._take_end, queued)

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self._job is not None

    def start(self, wish: Wish) -> None:
        """Begin a job; one that is under way is stopped, and forgotten."""
        self.cancel()
        if self._closed:
            return
        self._number += 1
        number = self._number
        self._job = Job(
            lambda report: self._reported.emit(number, report),
            lambda last: self._ended.emit(number, last),
        )
        self._job.start(wish)

    def cancel(self) -> None:
        """Stop what is under way; its end is told when it comes."""
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        """Stop what is under way and wait for its end; nothing begins any more."""
        self._closed = True
        if self._job is not None:
            self._job.close()
            self._job = None

    def _take_report(self, number: int, report: Report) -> None:
        if number == self._number and not self._closed:
            self._on_report(report)

    def _take_end(self, number: int, last: Last) -> None:
        if number != self._number or self._closed:
            return
        self._job = None
        self._on_end(last)
