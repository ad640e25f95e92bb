"""Reminders are kept until the person was told."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.agent import reminders
from storage.agent.records import Reminder
from storage.clock import DAY_MS, LATEST_MS, now_ms
from storage.errors import LibraryError, NotFoundError
from storage.library import Library
from storage.records import Changed


def texts(found: list[Reminder]) -> list[str]:
    """What they say."""
    return [one.text for one in found]


def test_reminders_come_in_the_order_of_their_times(
    library: Library, library_path: Path, conversation: int, heard: list[Changed]
) -> None:
    library.reminders.add("second", 2000)
    first = library.reminders.add("the\nfirst", 1000, conversation).id
    assert heard[-1].kinds == {"reminders"}

    assert texts(library.reminders.pending()) == ["the first", "second"]
    assert library.reminders.due(999) == []
    assert texts(library.reminders.due(1000)) == ["the first"]
    assert library.reminders.due(1000)[0].conversation_id == conversation
    library.reminders.done(first)
    library.reminders.done(first)
    assert texts(library.reminders.due(5000)) == ["second"]
    with Library.open(library_path, read_only=True) as later:
        assert texts(later.reminders.pending()) == ["second"]


def test_a_reminder_outlives_its_conversation_and_can_be_removed(
    library: Library, conversation: int
) -> None:
    made = library.reminders.add("paint the boat", 1000, conversation).id
    library.conversations.delete(conversation)
    library.conversations.purge(0)

    (reminder,) = library.reminders.pending()
    assert (reminder.id, reminder.conversation_id) == (made, None)
    library.reminders.remove(made)
    library.reminders.remove(made)
    assert library.reminders.pending() == []


def test_reminders_that_were_told_a_month_ago_are_forgotten(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = library.reminders.add("told", 1000).id
    library.reminders.add("to come", 1000)
    library.reminders.done(told)
    library.purge_expired()
    assert _count(library) == 2

    later = now_ms() + 31 * DAY_MS
    monkeypatch.setattr(reminders, "now_ms", lambda: later)
    assert "reminders" in library.purge_expired().kinds
    assert _count(library) == 1 and texts(library.reminders.pending()) == ["to come"]


def _count(library: Library) -> int:
    with library._database.read() as connection:
        (count,) = connection.execute("SELECT count(*) FROM reminders").fetchone()
    return int(count)


def test_what_cannot_be_reminded_of_is_refused(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in (" ", "x" * (reminders.LONGEST + 1)):
        with pytest.raises(LibraryError, match="a reminder of 1 to 2000 characters"):
            library.reminders.add(text, 1000)
    for due in (-1, LATEST_MS + 1):
        with pytest.raises(LibraryError, match="a time up to the year 2200"):
            library.reminders.add("x", due)
    with pytest.raises(NotFoundError, match="no conversation 7"):
        library.reminders.add("x", 1000, 7)
    monkeypatch.setattr(reminders, "MOST", 1)
    library.reminders.add("one", 1000)
    with pytest.raises(LibraryError, match="at most 1 reminders, found as many already"):
        library.reminders.add("two", 1000)
    assert texts(library.reminders.pending()) == ["one"]
