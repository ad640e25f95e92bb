"""Reminders and timers; the desktop shows them when they are due."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from plugins.api import Tool, ToolOutput, ToolStage
from plugins.errors import KnownError
from plugins.printable import one_line
from plugins.tools import services

MOST_MINUTES = 60 * 24 * 366
_CLOCK = re.compile(
    r"(?:(today|tomorrow|今天|明天)[ ,]*)?(?:at )?(\d{1,2})[:：](\d{2})", re.IGNORECASE
)


class SetReminder(Tool):
    """Reminds at a time."""

    name = "set_reminder"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """The time is the person's own."""
        due = due_time(str(arguments["at"]), datetime.now())
        added = services.add_reminder(
            stage, str(arguments["text"]), at=due.isoformat(timespec="seconds")
        )
        return ToolOutput(f"Reminder {added.id} is set for {added.at[:16].replace('T', ' ')}.")


class SetTimer(Tool):
    """Reminds after some minutes."""

    name = "set_timer"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """Parts of minutes count."""
        minutes = float(arguments["minutes"])
        if not 0 < minutes <= MOST_MINUTES:
            raise KnownError(
                "{minutes} minutes: expected more than none and at most a year. Give another "
                "number.",
                "request",
                minutes=minutes,
            )
        text = str(arguments.get("text") or "Timer")
        added = services.add_reminder(stage, text, seconds=round(minutes * 60))
        return ToolOutput(f"Timer {added.id} ends at {added.at[11:19]}.")


class ListReminders(Tool):
    """Reminders and timers that are to come."""

    name = "list_reminders"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """One line each."""
        lines = [
            f"{one.id}: {one.at[:16].replace('T', ' ')} {one_line(one.text)}"
            for one in services.list_reminders(stage)
        ]
        return ToolOutput("\n".join(lines) or "There are no reminders.")


class CancelReminder(Tool):
    """Removes a reminder or a timer."""

    name = "cancel_reminder"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """By its number."""
        services.remove_reminder(stage, int(arguments["id"]))
        return ToolOutput("It was removed.")


def due_time(text: str, now: datetime) -> datetime:
    """The local time that is meant: `2026-11-30 09:00`, `09:00` or `tomorrow 09:00`.

    Raises:
        KnownError: it is none of these, or has passed.
    """
    due = _of_clock(text.strip(), now) or _of_iso(text.strip())
    if due is None:
        raise KnownError(
            "{text}: expected a time such as 2026-11-30 09:00. Write it so.",
            "request",
            text=text[:80],
        )
    if due <= now:
        raise KnownError(
            "{text}: expected a time to come, it is {now} now. Give a later one.",
            "request",
            text=text[:80],
            now=now.isoformat(" ", "minutes"),
        )
    return due


def _of_iso(text: str) -> datetime | None:
    try:
        due = datetime.fromisoformat(text)
    except ValueError:
        return None
    return due if due.tzinfo is None else due.astimezone().replace(tzinfo=None)


def _of_clock(text: str, now: datetime) -> datetime | None:
    """A time of the day: the next one, unless the day is said."""
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        return None
    day: date = now.date()
    due = datetime.combine(day, time(int(found[2]), int(found[3])))
    tomorrow = (found[1] or "").lower() in ("tomorrow", "明天")
    if tomorrow or (not found[1] and due <= now):
        due += timedelta(days=1)
    return due
