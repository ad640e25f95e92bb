"""The transcript on a real library: pages, branches, media, errors, and what a reader is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication

from storage.library import Library
from storage.records import Text
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import ANSWER_LIMIT_MS, Driver
from tests.desktop.window.seeds import answer, exchange, picture


def show(driver: Driver, conversation: int, rows: int) -> None:
    """Open a conversation and wait for it."""
    driver.medley.conversations_model.open(str(conversation))
    driver.until(lambda: driver.medley.transcript_model.rowCount() == rows)


@pytest.fixture
def long(library_path: Path) -> int:
    """A conversation of 1,200 messages."""
    with Library.open(library_path) as library:
        conversation = library.conversations.new("long").id
        for number in range(600):
            exchange(library, conversation, f"question {number}", f"answer **{number}**")
    return conversation


def test_a_long_conversation_is_whole_at_once_and_read_where_it_is_looked_at(
    long: int, open_window: Open
) -> None:
    driver = open_window()
    driver.medley.dismissFirstStart()

    show(driver, long, 1200)
    model = driver.medley.transcript_model
    driver.until(lambda: driver.blocks()[0].plain == "answer **599**")
    driver.settle()
    assert sum(row.message is not None for row in model.rows) < 400
    assert model.rows[0].message is None

    model.value(0, "loaded")
    driver.until(lambda: model.rows[0].message is not None)

    assert [row.message.depth for row in model.rows if row.message] == list(range(1200))
    assert model.value(0, "plain") == "question 0"


def test_another_long_conversation_is_read_at_its_end_too(long: int, open_window: Open) -> None:
    driver = open_window()
    driver.medley.dismissFirstStart()
    other = driver.library.conversations.new("short").id
    exchange(driver.library, other, "question", "answer")
    show(driver, other, 2)
    driver.settle()

    show(driver, long, 1200)
    driver.until(lambda: driver.blocks()[0].plain == "answer **599**")
    driver.settle()

    model = driver.medley.transcript_model
    assert sum(row.message is not None for row in model.rows) < 400
    assert driver.item("regenerateButton").isVisible()


def test_a_hit_deep_in_a_conversation_is_brought_into_view(long: int, open_window: Open) -> None:
    driver = open_window()
    driver.medley.dismissFirstStart()
    hit = next(
        message for message in driver.library.messages.path(long) if message.text == "question 77"
    )

    with driver.qtbot.waitSignal(driver.medley.transcript_model.scrollTo, timeout=60_000) as sent:
        driver.medley.conversations_model.openHit(str(long), str(hit.id))

    assert sent.args == [154]
    model = driver.medley.transcript_model
    assert model.value(154, "plain") == "question 77"
    driver.settle()
    assert all(row.message is not None for row in model.rows[154 - 30 :])


def test_branches_can_be_switched(library_path: Path, open_window: Open) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new("branches").id
        asked, _ = exchange(library, conversation, "draw a boat", "first")
        answer(library, asked, "second")
        exchange(library, conversation, "and then?", "third")
    driver = open_window()
    driver.medley.dismissFirstStart()
    show(driver, conversation, 4)
    model = driver.medley.transcript_model
    assert (model.value(1, "branchIndex"), model.value(1, "branchCount")) == (1, 2)

    driver.click("branchPrevious")
    driver.until(lambda: model.rowCount() == 2)
    assert driver.blocks()[0].plain == "first"
    driver.click("branchNext")

    driver.until(lambda: model.rowCount() == 4)
    assert driver.blocks()[0].plain == "third"


def test_what_another_part_writes_is_shown(opened: Driver) -> None:
    conversation = opened.library.conversations.new("shared").id
    opened.until(lambda: opened.titles() == ["shared"])
    opened.medley.conversations_model.open(str(conversation))

    asked = opened.library.messages.add(conversation, [Text("hello")]).id
    writer = opened.library.messages.begin_answer(asked)
    opened.until(lambda: opened.status() == "waiting")
    assert opened.medley.transcript_model.property("busy")
    writer.text("Good ")
    writer.text("day. And")
    writer.flush()
    opened.until(lambda: opened.blocks() and opened.blocks()[-1].plain == "Good day. And")
    assert opened.status() == "streaming"
    writer.begin_artifact(0, "image")
    opened.until(lambda: "image" in opened.kinds())
    writer.artifact_failed(0, "image", "The picture could not be made: no memory.")
    writer.finish()

    opened.until(lambda: opened.status() == "complete")
    assert opened.blocks()[-1].text == "The picture could not be made: no memory."
    assert not opened.medley.transcript_model.property("busy")


def test_a_listener_is_told_whole_sentences_once(opened: Driver) -> None:
    said: list[str] = []
    model = opened.medley.transcript_model
    model.announcementChanged.connect(lambda: said.append(model.announcement_text))
    conversation = opened.library.conversations.new().id
    opened.medley.conversations_model.open(str(conversation))
    asked = opened.library.messages.add(conversation, [Text("hello")]).id
    writer = opened.library.messages.begin_answer(asked)

    for words in ("A boat. It", " sails. The e"):
        writer.text(words)
        writer.flush()
        opened.settle()
        opened.qtbot.wait(60)
        opened.settle()
    writer.text("nd")
    writer.finish()
    opened.until(lambda: opened.status() == "complete")

    assert " ".join(said) == "A boat. It sails. The end"
    assert said[0] == "A boat."


def test_code_stands_alone_and_follows_the_theme(library_path: Path, open_window: Open) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new("code").id
        exchange(library, conversation, "code?", "So:\n\n```python\nx = 'a'\n```\n\nDone.")
    driver = open_window()
    driver.medley.dismissFirstStart()
    driver.medley.settings_model.setProperty("theme", "light")
    show(driver, conversation, 2)
    assert driver.kinds() == ["text", "code", "text"]

    def shown() -> str:
        return str(driver.item("codeBlock").property("text"))

    driver.until(lambda: "color:" in shown())
    light = shown()

    driver.medley.settings_model.setProperty("theme", "dark")

    driver.until(lambda: "color:" in shown() and shown() != light)
    assert driver.blocks()[1].plain == "x = 'a'"


def test_an_artifact_tells_how_it_was_made(library_path: Path, open_window: Open) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new("art").id
        exchange(library, conversation, "draw", "Here.", [picture()])
    driver = open_window()
    driver.medley.dismissFirstStart()
    show(driver, conversation, 2)
    model = driver.medley.transcript_model

    with driver.qtbot.waitSignal(model.detailsReady, timeout=60_000) as sent:
        model.details(driver.message_id(), 0)

    details = sent.args[0]
    assert details["seed"] == 42
    assert details["steps"] == 16
    assert details["renderer"] == "medley.image"
    assert details["licence"]
    assert "duration" not in details


def test_a_medium_is_saved_copied_and_named(
    library_path: Path, open_window: Open, tmp_path: Path
) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new("art").id
        exchange(library, conversation, "draw", "Here is a red boat.", [picture()])
    driver = open_window()
    driver.medley.dismissFirstStart()
    show(driver, conversation, 2)
    model, media_id = driver.medley.transcript_model, driver.blocks()[-1].mediaId
    driver.item("pictureCard")

    name = model.suggestedName(media_id)
    assert name == "here-is-a-red-boat.png"
    with driver.qtbot.waitSignal(model.saved, timeout=60_000):
        model.saveAs(media_id, QUrl.fromLocalFile(str(tmp_path / name)))
    assert (tmp_path / name).read_bytes() == picture()
    with driver.qtbot.waitSignal(model.copied, timeout=60_000):
        model.copyMedia(media_id)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert Path(data.urls()[0].toLocalFile()).read_bytes() == picture()
    QGuiApplication.clipboard().clear()


def test_a_question_that_a_crash_left_unanswered_offers_to_be_answered(
    library_path: Path, open_window: Open
) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new("cut").id
        library.messages.add(conversation, [Text("hello?")])
    driver = open_window()
    driver.medley.dismissFirstStart()

    show(driver, conversation, 1)

    assert [(b.kind, b.action) for b in driver.blocks()] == [("text", ""), ("note", "retry")]


def test_an_answer_that_a_crash_cut_off_keeps_what_came(
    library_path: Path, open_window: Open
) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new("cut").id
        asked = library.messages.add(conversation, [Text("hello?")]).id
        writer = library.messages.begin_answer(asked)
        writer.text("Half an ans")
        writer.begin_artifact(0, "image")
    driver = open_window()
    driver.medley.dismissFirstStart()

    show(driver, conversation, 2)

    assert driver.status() == "stopped"
    assert driver.blocks()[0].plain == "Half an ans"
    assert [b.text for b in driver.blocks() if b.kind == "note"] == ["interrupted"]


@pytest.mark.parametrize("words", ["a" * 100_000, "- item\n" * 10_000, "```\nx\n```\n" * 3_000])
def test_a_long_message_is_shown_in_part_and_all_of_it_when_that_is_asked_for(
    words: str, library_path: Path, open_window: Open
) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new().id
        exchange(library, conversation, words, words)
    driver = open_window()
    driver.medley.dismissFirstStart()
    show(driver, conversation, 2)
    driver.until(lambda: driver.blocks() and driver.blocks()[-1].kind == "more")
    at_first = len(driver.blocks())

    driver.click("showAllButton")

    driver.until(lambda: all(block.kind != "more" for block in driver.blocks()), ANSWER_LIMIT_MS)
    assert len(driver.blocks()) > at_first
    row = driver.medley.transcript_model.rows[-1]
    assert row.body is not None
    assert len(driver.blocks()) == sum(map(len, row.body.texts.values()))
    driver.medley.transcript_model.showLess(driver.message_id())
    assert len(driver.blocks()) == at_first


def test_a_list_of_ten_levels_does_not_hide_what_follows(
    library_path: Path, open_window: Open
) -> None:
    levels = "".join("  " * level + f"- item{level}\n" for level in range(10))
    with Library.open(library_path) as library:
        conversation = library.conversations.new().id
        exchange(library, conversation, "go on", f"{levels}\nThe end.\n\n```\ncode\n```\n\nafter")
    driver = open_window()
    driver.medley.dismissFirstStart()
    show(driver, conversation, 2)
    driver.until(lambda: len(driver.blocks()) == 3)

    words = " ".join(block.text for block in driver.blocks())
    assert all(f"item{level}" in words for level in range(10))
    assert "The end." in words
    assert "after" in words
