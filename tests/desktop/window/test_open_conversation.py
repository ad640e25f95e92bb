"""The conversation that is open: in sight in the list, never shown as an empty page, under the
right day, and its media called what they are."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtQuick import QQuickItem

from desktop.window.sidebar.conversations import PAGE
from storage.library import Library
from storage.records import Attachment
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.desktop.window.seeds import exchange, picture


@pytest.fixture
def many(library_path: Path) -> list[int]:
    """More conversations than are read at first, oldest first."""
    with Library.open(library_path) as library:
        found = []
        for number in range(PAGE + 30):
            found.append(library.conversations.new(f"conversation {number}").id)
            exchange(library, found[-1], "asked", "answered")
    return found


def _row(driver: Driver, conversation: int) -> QQuickItem | None:
    """The row of a conversation where it can be seen."""
    view = driver.item("conversationList")
    for item in driver.everything():
        if item.property("conversationId") == str(conversation):
            top = item.mapToItem(view, QPointF(0, 0)).y()
            if 0 <= top and top + item.height() <= view.height():
                return item
    return None


def test_the_list_scrolls_to_the_open_conversation(many: list[int], open_window: Open) -> None:
    driver = open_window()
    driver.until(lambda: _row(driver, many[-1]))

    driver.medley.conversations_model.open(str(many[40]))
    driver.until(lambda: _row(driver, many[40]))
    assert _row(driver, many[-1]) is None

    # One that was not read yet, too.
    driver.medley.conversations_model.open(str(many[0]))
    driver.until(lambda: _row(driver, many[0]))


def test_after_a_search_the_open_conversation_is_in_sight_again(
    many: list[int], open_window: Open
) -> None:
    driver = open_window()
    conversations = driver.medley.conversations_model
    conversations.open(str(many[50]))
    driver.until(lambda: _row(driver, many[50]))

    conversations.setProperty("query", "conversation 79")
    driver.until(lambda: driver.titles() == ["conversation 79"])
    conversations.endSearch()

    driver.until(lambda: len(driver.titles()) >= PAGE)
    driver.until(lambda: _row(driver, many[50]))


def test_a_long_conversation_is_never_shown_as_an_empty_page(
    library_path: Path, open_window: Open
) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new("long").id
        for number in range(300):
            exchange(library, conversation, f"question {number}", "answer " * 400)
    driver = open_window()
    driver.medley.dismissFirstStart()
    transcript = driver.medley.transcript_model
    empty: list[bool] = []
    transcript.emptyChanged.connect(lambda: empty.append(bool(transcript.property("empty"))))

    driver.medley.conversations_model.open(str(conversation))
    assert not transcript.property("empty")
    driver.until(lambda: transcript.rowCount() == 600)

    assert not any(empty)
    driver.medley.conversations_model.newConversation()
    assert transcript.property("empty")


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The time zone is set back afterwards."""
    monkeypatch.setenv("TZ", "UTC0")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def _zones(then: datetime, now: datetime) -> tuple[str, str]:
    """Two zones: in the first both times are of one day, in the second of two."""

    def same(hours: int) -> bool:
        zone = timezone(timedelta(hours=hours))
        return then.astimezone(zone).date() == now.astimezone(zone).date()

    hours = range(-12, 15)
    one = next(hour for hour in hours if same(hour))
    two = next(hour for hour in hours if not same(hour))
    return _zone(one), _zone(two)


def _zone(hours: int) -> str:
    """The TZ variable for so many hours east of Greenwich, as POSIX has it."""
    return f"ZONE{-hours:+d}"


def test_today_becomes_yesterday_at_midnight(
    library_path: Path, open_window: Open, moved: None
) -> None:
    """A person cannot wait for midnight, but can travel: what was today is yesterday there."""
    now = datetime.now(UTC)
    then = now - timedelta(hours=6)
    with Library.open(library_path) as library:
        conversation = library.conversations.new("old").id
        exchange(library, conversation, "asked", "answered")
        with library._database.maintenance() as connection:
            connection.execute(
                "UPDATE conversations SET updated_ms = ?", (round(1000 * then.timestamp()),)
            )
    today, yesterday = _zones(then, now)
    os.environ["TZ"] = today
    time.tzset()
    driver = open_window()
    conversations = driver.medley.conversations_model
    driver.until(lambda: [row.day for row in conversations.rows] == ["today"])

    os.environ["TZ"] = yesterday
    time.tzset()
    conversations._midnight.setInterval(1)

    driver.until(lambda: [row.day for row in conversations.rows] == ["yesterday"])


def test_media_are_called_what_they_are(
    library_path: Path, open_window: Open, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    with Library.open(library_path) as library:
        conversation = library.conversations.new("media").id
        given = library.media.add_file(tmp_path / "a.png", mime="image/png", modality="image")
        library.messages.add(conversation, [Attachment(given.sha256, "holiday.png")])
        last = library.messages.path(conversation)[-1].id
        writer = library.messages.begin_answer(last)
        writer.text("Here it is.")
        for index, details in enumerate(({"caption": "a red boat at night"}, {})):
            data = picture(30 + index)
            writer.begin_artifact(index, "image")
            writer.artifact(index, data, mime="image/png", modality="image", details=details)
        writer.finish()
    driver = open_window()
    driver.medley.dismissFirstStart()
    driver.medley.conversations_model.open(str(conversation))
    driver.until(lambda: len(driver.items("mediaTitle")) == 3)

    titles = [str(item.property("text")) for item in driver.items("mediaTitle")]
    assert titles == ["holiday.png", "Picture: a red boat at night", "Picture: Here it is."]


def test_documents_are_found_among_the_media(
    library_path: Path, open_window: Open, tmp_path: Path
) -> None:
    paper = tmp_path / "frogs.txt"
    paper.write_text("All about frogs.", "utf-8")
    driver = open_window()
    medium = driver.now.intake.file(paper)
    conversation = driver.library.conversations.new("paper").id
    driver.library.messages.add(conversation, [Attachment(medium.sha256, "frogs.txt")])
    exchange(driver.library, conversation, "what do frogs eat?", "Flies.")

    driver.medley.conversations_model.setProperty("modalityFilter", "document")
    hits = driver.medley.conversations_model.media_hits
    driver.until(lambda: hits.rowCount() == 1)

    assert hits.rows[0].modality == "document"
    driver.medley.conversations_model.openHit(hits.rows[0].conversationId, hits.rows[0].messageId)
    driver.until(lambda: driver.medley.transcript_model.conversation == conversation)
