"""Conversations in the window: the list, search, delete and undo, on a real library."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl

from storage.library import Library
from storage.records import Text
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.storage.exchange.foreign import exports


def talk(library: Library, asked: str, answered: str) -> int:
    """A conversation of one exchange; its id."""
    conversation = library.conversations.new().id
    message = library.messages.add(conversation, [Text(asked)]).id
    writer = library.messages.begin_answer(message)
    writer.text(answered)
    writer.finish()
    return conversation


def filled(path: Path) -> None:
    """A library of three conversations."""
    with Library.open(path) as library:
        talk(library, "draw a red boat", "Here is a boat.")
        talk(library, "what rhymes with sea?", "Tea & bee.")
        talk(library, "画一只红色小狗", "这是一只小狗。")


def listing(path: Path, open_window: Open) -> Driver:
    """A window that lists these three, past its first start."""
    filled(path)
    driver = open_window()
    driver.medley.dismissFirstStart()
    driver.until(lambda: driver.medley.conversations_model.rowCount() == 3)
    return driver


def test_what_another_day_left_is_listed_newest_first(
    library_path: Path, open_window: Open
) -> None:
    filled(library_path)

    driver = open_window()

    driver.until(lambda: driver.titles())
    assert driver.titles() == ["画一只红色小狗", "what rhymes with sea?", "draw a red boat"]
    assert {row.day for row in driver.medley.conversations_model.rows} == {"today"}
    assert driver.medley.conversations_model.rows[2].snippet == "Here is a boat."


def test_a_conversation_with_a_time_that_is_none_is_listed_beside_all_others(
    library_path: Path, open_window: Open
) -> None:
    filled(library_path)
    with Library.open(library_path) as library:
        with library._database.maintenance() as connection:
            connection.execute(
                "UPDATE conversations SET updated_ms = 1700000000000000 WHERE id = 1"
            )

    driver = open_window()

    driver.until(lambda: len(driver.titles()) == 3)
    assert driver.titles()[0] == "draw a red boat"
    assert driver.medley.conversations_model.rows[0].day.startswith("2023-11-1")


def test_a_title_is_found_before_what_was_said(library_path: Path, open_window: Open) -> None:
    filled(library_path)
    with Library.open(library_path) as library:
        named = library.conversations.new("红色的假期").id
    driver = open_window()
    driver.medley.dismissFirstStart()
    conversations = driver.medley.conversations

    conversations.query = "红色"

    driver.until(lambda: len(driver.medley.conversations_model.rows) == 2)
    first, second = driver.medley.conversations_model.rows
    assert (first.conversationId, first.title, first.hitMessageId) == (str(named), "红色的假期", "")
    assert second.hit == "画一只<b>红色</b>小狗"


def test_a_search_shows_its_hits_in_context_and_opens_them(
    library_path: Path, open_window: Open
) -> None:
    filled(library_path)
    driver = open_window()
    driver.medley.dismissFirstStart()
    model = driver.medley.conversations_model

    driver.type("searchField", "bee")
    driver.until(lambda: model.rowCount() == 1 and model.rows[0].hit)
    row = model.rows[0]
    assert row.hit == "Tea &amp; <b>bee</b>."
    assert row.day == ""
    model.openHit(row.conversationId, row.hitMessageId)

    driver.until(lambda: driver.medley.transcript_model.rowCount() == 2)
    assert driver.blocks()[0].plain == "Tea & bee."


def test_chinese_words_of_two_characters_are_found(library_path: Path, open_window: Open) -> None:
    filled(library_path)
    driver = open_window()

    driver.medley.conversations_model.setProperty("query", "小狗")

    driver.until(lambda: driver.medley.conversations_model.rowCount() == 2)
    assert all("<b>小狗</b>" in row.hit for row in driver.medley.conversations_model.rows)


def test_an_emptied_search_lists_everything_again(library_path: Path, open_window: Open) -> None:
    driver = listing(library_path, open_window)
    model = driver.medley.conversations_model

    model.setProperty("query", "boat")
    driver.until(lambda: model.rowCount() < 3)
    model.setProperty("query", "")

    driver.until(lambda: model.rowCount() == 3)
    assert not any(row.hit for row in model.rows)


def test_the_list_stands_searches_that_come_and_go_quickly(
    library_path: Path, open_window: Open
) -> None:
    driver = listing(library_path, open_window)
    model = driver.medley.conversations_model

    for query in ("boat", "bee", "nothing like this", "小狗") * 8:
        model.setProperty("query", query)
        driver.until(lambda: model.rowCount() < 3)
        model.setProperty("query", "")
        driver.until(lambda: model.rowCount() == 3)

    assert [row.day for row in model.rows] == ["today"] * 3


def test_a_deleted_conversation_comes_back(library_path: Path, open_window: Open) -> None:
    driver = listing(library_path, open_window)
    model = driver.medley.conversations_model
    model.open(model.rows[0].conversationId)
    driver.until(lambda: driver.medley.transcript_model.rowCount() == 2)

    driver.click("conversationDelete")
    driver.until(lambda: model.rowCount() == 2)
    assert driver.medley.transcript_model.rowCount() == 0
    driver.click("undoButton")

    driver.until(lambda: model.rowCount() == 3)
    driver.until(lambda: driver.medley.transcript_model.rowCount() == 2)
    assert driver.blocks(0)[0].plain == "画一只红色小狗"


def test_a_title_and_a_pin_are_kept(library_path: Path, open_window: Open) -> None:
    driver = listing(library_path, open_window)
    model = driver.medley.conversations_model
    oldest = model.rows[2].conversationId

    model.rename(oldest, "  My   boat ")
    model.setPinned(oldest, True)

    driver.until(lambda: driver.titles()[0] == "My boat")
    assert model.rows[0].day == "pinned"
    kept = driver.library.conversations.get(int(oldest))
    assert (kept.title, kept.pinned) == ("My boat", True)


def test_a_conversation_goes_out_into_a_folder_and_comes_back_in(
    library_path: Path, open_window: Open, tmp_path: Path
) -> None:
    driver = listing(library_path, open_window)
    model = driver.medley.conversations_model
    folder = tmp_path / "out"
    folder.mkdir()

    with driver.qtbot.waitSignal(model.exported, timeout=60_000) as sent:
        model.exportTo(model.rows[2].conversationId, QUrl.fromLocalFile(str(folder)))
    model.importFrom(QUrl.fromLocalFile(sent.args[0]))

    driver.until(lambda: model.rowCount() == 4)
    assert [path.suffix for path in folder.iterdir()] == [".zip"]
    assert driver.titles().count("draw a red boat") == 2


def test_many_conversations_are_read_page_by_page(library_path: Path, open_window: Open) -> None:
    with Library.open(library_path) as library:
        for number in range(70):
            talk(library, f"question {number}", "answer")
    driver = open_window()
    model = driver.medley.conversations_model

    driver.until(lambda: model.rowCount() == 50)
    assert model.canFetchMore()
    model.fetchMore()

    driver.until(lambda: model.rowCount() == 70)
    assert not model.canFetchMore()


def test_a_library_that_cannot_be_opened_says_why_and_can_be_tried_again(
    library_path: Path, open_window: Open
) -> None:
    library_path.parent.mkdir(parents=True)
    library_path.write_bytes(b"this is no library" * 100)

    driver: Driver = open_window()
    assert driver.medley.property("libraryState") == "broken"
    assert "library" in driver.medley.property("libraryProblem")
    assert library_path.read_bytes().startswith(b"this is no library")
    library_path.unlink()
    driver.medley.retryLibrary()

    driver.until(lambda: driver.medley.property("libraryState") == "ready")


def test_what_chatgpt_exported_is_imported_and_the_window_says_what_came(
    library_path: Path, open_window: Open, tmp_path: Path
) -> None:
    driver = listing(library_path, open_window)
    model = driver.medley.conversations_model
    export = exports.chatgpt_zip(tmp_path / "export.zip", exports.boats())

    with driver.qtbot.waitSignal(model.imported, timeout=60_000) as came:
        model.importFrom(QUrl.fromLocalFile(str(export)))
    driver.until(lambda: "Boats" in driver.titles())
    with driver.qtbot.waitSignal(model.imported, timeout=60_000) as again:
        model.importFrom(QUrl.fromLocalFile(str(export)))

    assert (came.args, again.args) == ([1, 0, 0], [0, 1, 0])
    assert [row.text for row in driver.medley.notices_model.rows] == ["1 0 0", "0 1 0"]
