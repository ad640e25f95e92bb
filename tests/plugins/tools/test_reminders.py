"""Reminders for a time and timers."""

from __future__ import annotations

from datetime import datetime

import pytest

from plugins.errors import KnownError
from plugins.tools.reminders import due_time
from tests.desktop.tools.calling import Calls

NOW = datetime(2026, 11, 29, 12, 0)


@pytest.mark.parametrize(
    "text, due",
    [
        ("2026-11-30 09:00", datetime(2026, 11, 30, 9, 0)),
        ("2026-11-30T09:00:30", datetime(2026, 11, 30, 9, 0, 30)),
        ("13:30", datetime(2026, 11, 29, 13, 30)),
        ("9:00", datetime(2026, 11, 30, 9, 0)),
        ("tomorrow at 18:15", datetime(2026, 11, 30, 18, 15)),
        ("明天 8:00", datetime(2026, 11, 30, 8, 0)),
    ],
)
def test_times_are_understood(text: str, due: datetime) -> None:
    assert due_time(text, NOW) == due


@pytest.mark.parametrize("text", ["soon", "25:00", "today 9:00", "2020-01-01", "", "9"])
def test_what_is_no_time_to_come_is_refused(text: str) -> None:
    with pytest.raises(KnownError, match="expected a time"):
        due_time(text, NOW)


def test_a_reminder_and_a_timer_are_handed_to_medley(calls: Calls) -> None:
    asked: list[dict[str, object]] = []

    def add(given: dict[str, object]) -> dict[str, object]:
        asked.append(given)
        return {"id": len(asked), "at": given.get("at", "2099-01-01T10:10:00")}

    calls.services["reminders.add"] = add

    reminder = calls.text("set_reminder", text="call Ada", at="2099-05-01 09:00")
    timer = calls.text("set_timer", minutes=0.5)

    assert asked == [
        {"text": "call Ada", "at": "2099-05-01T09:00:00"},
        {"text": "Timer", "seconds": 30},
    ]
    assert reminder == "Reminder 1 is set for 2099-05-01 09:00."
    assert timer == "Timer 2 ends at 10:10:00."
    assert "expected more than none" in calls.problem("set_timer", minutes=-1)


def test_reminders_are_listed_and_removed(calls: Calls) -> None:
    waiting = [{"id": 7, "text": "call\nAda", "at": "2099-05-01T09:00:00"}]
    removed: list[object] = []
    calls.services["reminders.list"] = lambda _: {"reminders": waiting}
    calls.services["reminders.remove"] = lambda given: removed.append(given["id"]) or {}

    assert calls.text("list_reminders") == "7: 2099-05-01 09:00 call Ada"
    assert calls.text("cancel_reminder", id=7) == "It was removed."
    assert removed == [7]
    waiting.clear()
    assert calls.text("list_reminders") == "There are no reminders."
