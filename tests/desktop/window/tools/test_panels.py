"""What tools may do, and did, in the real window: the switch, folders, decisions, the list of
calls, memory and reminders."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl

from desktop.window.tools.reminders import LATE_MS, Reminders
from storage.clock import now_ms
from storage.library import Library
from storage.records import ToolPart
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.desktop.window.seeds import exchange


def _sheet(driver: Driver, page: str) -> None:
    """The sheet, opened by its button in the composer."""
    driver.press(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    driver.click(driver.item("allTools"))
    driver.click(driver.item(f"page/{page}"))


def test_a_folder_is_granted_before_the_first_message_and_holds_afterwards(
    opened: Driver, tmp_path: Path
) -> None:
    here = opened.medley.tools_view.here_view
    folder, other = tmp_path / "my files", tmp_path / "else"
    folder.mkdir()
    other.mkdir()

    here.grant(QUrl.fromLocalFile(str(folder)), False)
    here.grant(QUrl.fromLocalFile(str(other)), False)
    opened.until(lambda: here.folders_model.rowCount() == 2)
    number = here.folders_model.rows[0].folderId
    here.setWritable(number, True)
    opened.until(lambda: here.folders_model.rows[0].writable)
    here.withdraw(here.folders_model.rows[1].folderId)
    opened.until(lambda: here.folders_model.rowCount() == 1)
    assert here.property("told") == "my files"
    assert opened.library.tools.folders(None) == []

    conversation = opened.library.conversations.new().id
    here.adopt(conversation)
    opened.settle()
    kept = opened.library.tools.folders(conversation)
    assert [(one.path, one.writable, one.conversation_id) for one in kept] == [
        (str(folder.resolve()), True, conversation)
    ]
    here.setWritable(kept[0].id, False)
    opened.until(lambda: not opened.library.tools.folders(conversation)[0].writable)
    opened.until(lambda: not here.folders_model.rows[0].writable)
    here.withdraw(here.folders_model.rows[0].folderId)
    opened.until(lambda: opened.library.tools.folders(conversation) == [])


def test_a_folder_that_is_none_is_refused(opened: Driver, tmp_path: Path) -> None:
    here = opened.medley.tools_view.here_view

    here.grant(QUrl.fromLocalFile(str(tmp_path / "gone")), False)

    opened.until(lambda: opened.medley.notices_model.rowCount() == 1)
    assert here.folders_model.rowCount() == 0


def test_the_switch_is_the_conversations_own(open_window: Open, library_path: Path) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new().id
        exchange(library, conversation, "Hello", "Hi")
    driver = open_window()
    driver.medley.dismissFirstStart()
    driver.medley.conversations_model.open(str(conversation))
    driver.until(lambda: driver.medley.transcript_model.rowCount() == 2)
    here = driver.medley.tools_view.here_view
    usual = driver.window.session.preferences.tools
    assert here.property("on") is usual

    driver.press(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    driver.until(
        lambda: driver.focused is not None and driver.focused.objectName() == "toolsSwitch"
    )
    driver.press(Qt.Key.Key_Space)
    driver.until(lambda: driver.library.conversations.settings(conversation).tools is (not usual))
    driver.until(lambda: here.property("on") is (not usual))
    # As in the settings once more.
    driver.press(Qt.Key.Key_Space)
    driver.until(lambda: driver.library.conversations.settings(conversation).tools is None)


def test_memory_is_written_changed_forgotten_and_brought_back(
    opened: Driver, tmp_path: Path
) -> None:
    _sheet(opened, "memory")
    opened.type("newMemory", "I like tea")
    opened.press(Qt.Key.Key_Return)
    opened.until(lambda: [one.text for one in opened.library.memories.all()] == ["I like tea"])
    opened.click("editMemory")
    opened.until(lambda: opened.items("memoryField"))
    field = opened.item("memoryField")
    field.setProperty("text", "")
    opened.type("memoryField", "I like oolong")
    opened.press(Qt.Key.Key_Return)
    opened.until(lambda: [one.text for one in opened.library.memories.all()] == ["I like oolong"])
    model = opened.medley.tools_view.memories_model
    opened.until(lambda: model.rows[0].text == "I like oolong")

    target = tmp_path / "memory.md"
    model.exportTo(QUrl.fromLocalFile(str(target)))
    opened.until(target.exists)
    assert "I like oolong" in target.read_text("utf-8")

    opened.click("forgetMemory")
    opened.until(lambda: opened.library.memories.all() == [])
    opened.click("bringBack")
    opened.until(lambda: len(opened.library.memories.all()) == 1)
    opened.until(lambda: not opened.items("bringBack"))


def test_a_memory_leads_to_its_message(open_window: Open, library_path: Path) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new().id
        asked, _ = exchange(library, conversation, "I am called Lin", "Hello Lin")
        library.memories.add("The person is called Lin.", asked, "model")
    driver = open_window()
    driver.medley.dismissFirstStart()
    driver.settle()
    _sheet(driver, "memory")

    driver.click("memorySource")

    driver.until(lambda: driver.medley.transcript_model.conversation == conversation)
    sheet = driver.window.window.findChild(QObject, "toolsSheet")
    assert sheet is not None
    driver.until(lambda: not sheet.property("visible"))


def test_decisions_are_listed_and_revoked(opened: Driver) -> None:
    tools = opened.library.tools
    tools.decide("notes", "add", "abc", "", "always")
    tools.decide("medley", "write_file", "def", "/somewhere", "never")
    _sheet(opened, "permissions")
    model = opened.medley.tools_view.permissions_model
    opened.until(lambda: model.rowCount() == 2)
    assert [(row.tool, row.allowed, row.folder) for row in model.rows] == [
        ("write_file", False, "/somewhere"), ("add", True, ""),
    ]  # fmt: skip

    opened.click(opened.items("revoke")[0])

    opened.until(lambda: [one.tool for one in tools.decisions()] == ["add"])
    opened.until(lambda: model.rowCount() == 1)


def test_what_was_done_is_listed_page_by_page_and_found_by_words(opened: Driver) -> None:
    tools = opened.library.tools
    for number in range(200):
        given = f'{{"expression": "{number}"}}'
        logged = tools.log(None, f"c{number}", "medley", "calculate", given, "unasked").id
        tools.ended(logged, "done", 0.1)
    tools.log(None, "w", "notes", "add", '{"text": "Apples"}', "refused", "refused")
    history = opened.medley.tools_view.history_model
    _sheet(opened, "history")
    opened.until(lambda: history.rowCount() > 0)
    assert history.rows[0].main == "Apples"
    assert history.rowCount() < 201
    opened.until(lambda: not history.canFetchMore() or history.fetchMore() or False)
    assert history.rowCount() == 201

    opened.type("historySearch", "apples")

    opened.until(lambda: [row.tool for row in history.rows] == ["add"])
    assert history.rows[0].state == "refused"


def test_a_reminder_that_was_missed_rings_at_the_next_start(
    open_window: Open, library_path: Path
) -> None:
    with Library.open(library_path) as library:
        library.reminders.add("Call the dentist", now_ms() - 10 * LATE_MS)
        library.reminders.add("Water the plants", now_ms() + 3_600_000)
    driver = open_window()
    driver.medley.dismissFirstStart()
    reminders = driver.medley.tools_view.reminders_view
    driver.until(lambda: driver.items("reminderToast"))
    assert [(row.text, row.late) for row in reminders.ringing.rows] == [("Call the dentist", True)]
    assert [row.text for row in reminders.pending.rows] == ["Water the plants"]

    driver.click("snoozeReminder")
    driver.until(lambda: not driver.items("reminderToast"))
    texts = [one.text for one in driver.library.reminders.pending()]
    assert texts == ["Call the dentist", "Water the plants"]


def test_a_reminder_rings_on_time_and_once(open_window: Open) -> None:
    driver = open_window()
    driver.medley.dismissFirstStart()
    driver.settle()
    time = [now_ms()]
    reminders = Reminders(driver.window.session, clock=lambda: time[0])
    rang: list[str] = []
    reminders.rang.connect(lambda rows: rang.extend(row.text for row in rows))
    driver.library.reminders.add("Tea", time[0] + 60_000)
    driver.until(lambda: reminders.pending.rowCount() == 1)
    assert rang == []

    time[0] += 60_000
    reminders.refresh()
    driver.until(lambda: rang == ["Tea"])
    reminders.refresh()
    driver.settle()
    assert rang == ["Tea"]
    reminders.done(reminders.ringing.rows[0].reminderId)
    driver.until(lambda: reminders.ringing.rowCount() == 0)
    assert driver.library.reminders.pending() == []


def test_a_card_shows_what_a_call_gave_and_no_markup(open_window: Open, library_path: Path) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new().id
        asked, _ = exchange(library, conversation, "One", "Two")
        writer = library.messages.begin_answer(asked)
        writer.text("I look. ")
        writer.tool_call("c1", "medley", "search_library", '{"query": "boats"}', "running")
        text = "<b>bold</b> [a](https://example.org) " * 2_000
        writer.tool_state("c1", "done", text, {"seconds": 0.25})
        writer.text("Here it is.")
        writer.finish({})
    driver = open_window()
    driver.medley.dismissFirstStart()
    driver.medley.conversations_model.open(str(conversation))
    driver.until(lambda: driver.items("toolLine"))
    assert driver.kinds() == ["text", "tool", "text"]
    assert driver.item("toolState").property("text") == "0.3 s"
    assert not driver.items("toolResult")

    driver.click("toolLine")
    driver.until(lambda: driver.items("toolResult"))
    shown = driver.item("toolResult").property("pieces")
    told = shown.toVariant() if hasattr(shown, "toVariant") else shown
    assert told[0]["text"].startswith("<b>bold</b> [a](https://example.org)")
    assert driver.item("toolResult").height() < 260
    driver.click("toolCopy")
    driver.until(lambda: driver.medley.notices_model.rowCount() == 1)
    message = driver.medley.transcript_model.rows[-1].message
    assert message is not None
    assert [part.result for part in message.parts if isinstance(part, ToolPart)] == [text]


def test_cards_follow_an_answer_that_is_being_written(opened: Driver) -> None:
    library = opened.library
    conversation = library.conversations.new().id
    asked, _ = exchange(library, conversation, "One", "Two")
    opened.medley.conversations_model.open(str(conversation))
    opened.until(lambda: opened.medley.transcript_model.rowCount() == 2)
    writer = library.messages.begin_answer(asked)
    writer.text("Let me see. ")
    for number in range(4):
        writer.tool_call(
            f"c{number}", "medley", "calculate", f'{{"expression": "{number}"}}', "running"
        )
    opened.until(lambda: len(opened.items("toolCard")) == 4)
    opened.until(lambda: len(opened.items("toolStop")) == 4)
    writer.tool_state("c0", "done", "0")
    writer.tool_state("c1", "failed", "no number")
    writer.tool_state("c2", "refused")
    opened.until(lambda: len(opened.items("toolStop")) == 1)
    states = [item.property("text") for item in opened.items("toolState")]
    assert states == ["done", "failed", "not allowed", "running"]
    writer.finish({"memories": [1, 2]})
    opened.until(lambda: opened.items("showMemory"))
    opened.until(
        lambda: [block.text for block in opened.blocks() if block.kind == "note"] == ["memories"]
    )
    # What had not ended ended with its answer.
    opened.until(lambda: opened.items("toolState")[-1].property("text") == "interrupted")
