"""Reminders that ring: on time while the window is open, and at the next start where it was not.

One that has rung stays until the person says that it is done, or puts it off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from desktop.window.listmodel import RowsModel
from desktop.window.session import OpenLibrary, Session
from storage.agent.records import Reminder
from storage.clock import now_ms
from storage.records import Changed

KEY = "reminder"
LONGEST_WAIT_MS = 20_000
"""Until the clock is looked at again: a machine that slept, or whose clock was set, is not late by
more."""
SNOOZE_MS = 600_000
LATE_MS = 90_000
"""After its time a reminder says when it was for."""


@dataclass(frozen=True)
class ReminderRow:
    """One reminder; its fields are roles."""

    reminderId: int  # noqa: N815  (roles are named as QML names things)
    text: str
    due: float
    late: bool = False
    """Whether its time was some while ago when it rang."""


class Ringing(RowsModel[ReminderRow]):
    """Reminders that ring now, or that are still to come."""

    roles = ("reminderId", "text", "due", "late")


class Reminders(QObject):
    """Looks at the clock for the library's reminders."""

    rang = Signal(object)
    """`ReminderRow`s that ring as of now."""
    silenced = Signal(int)
    """One that rang was seen to."""

    def __init__(
        self,
        session: Session,
        parent: QObject | None = None,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        """`clock` tells milliseconds since 1970."""
        super().__init__(parent)
        self._session, self._clock = session, clock
        self.ringing = Ringing(self)
        self.pending = Ringing(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        session.opened.connect(self.refresh)
        session.changed.connect(self._on_change)

    @Slot()
    def refresh(self) -> None:
        """See whether one is due."""
        self._session.ask(lambda now: now.library.reminders.pending(), self._take)

    @Slot(int)
    def done(self, reminder_id: int) -> None:
        """The person has seen it."""
        self._session.ask(lambda now: now.library.reminders.done(reminder_id))

    @Slot(int)
    def snooze(self, reminder_id: int) -> None:
        """Ring again in ten minutes."""
        row = next((row for row in self.ringing.rows if row.reminderId == reminder_id), None)
        if row is None:
            return
        due = self._clock() + SNOOZE_MS

        def work(now: OpenLibrary) -> None:
            known = {one.id: one for one in now.library.reminders.pending()}
            if reminder_id in known:
                now.library.reminders.add(row.text, due, known[reminder_id].conversation_id)
                now.library.reminders.done(reminder_id)

        self._session.ask(work)

    @Slot(int)
    def remove(self, reminder_id: int) -> None:
        """Remind of it no more."""
        self._session.ask(lambda now: now.library.reminders.remove(reminder_id))

    def _on_change(self, change: Changed) -> None:
        if "reminders" in change.kinds:
            self.refresh()

    def _take(self, pending: list[Reminder]) -> None:
        time = self._clock()
        due = [one for one in pending if one.due_ms <= time]
        before = {row.reminderId: row for row in self.ringing.rows}
        rows = [before.get(one.id) or _row(one, time) for one in due]
        self.ringing.update(rows, key=lambda row: row.reminderId)
        later = [_row(one, time) for one in pending if one.due_ms > time]
        self.pending.update(later, key=lambda row: row.reminderId)
        for reminder_id in before.keys() - {row.reminderId for row in rows}:
            self.silenced.emit(reminder_id)
        fresh = [row for row in rows if row.reminderId not in before]
        if fresh:
            self.rang.emit(fresh)
        if later:
            self._timer.start(min(LONGEST_WAIT_MS, max(1, int(later[0].due) - time)))
        else:
            self._timer.stop()

    due = Property(QObject, lambda self: self.ringing, constant=True)
    coming = Property(QObject, lambda self: self.pending, constant=True)


def _row(one: Reminder, time: int) -> ReminderRow:
    return ReminderRow(one.id, one.text, float(one.due_ms), time - one.due_ms > LATE_MS)
