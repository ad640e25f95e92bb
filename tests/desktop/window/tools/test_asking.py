"""A person is asked in the real window: the tools process, the library and the assistant are real,
the model does what the test wrote down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.assistant import engines
from desktop.assistant.agent import agent
from storage.records import ToolPart
from tests.desktop.assistant.agent.scripted import ScriptedClient, Step, call, say
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver

pytestmark = pytest.mark.slow
CONTEXT = 32_768


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model follows a script."""
    monkeypatch.setattr(engines, "EngineClient", ScriptedClient)
    monkeypatch.setattr(agent, "context_of", lambda bundle: CONTEXT)
    ScriptedClient.script, ScriptedClient.turns = [], []
    ScriptedClient.folder = tmp_path / "media"


@pytest.fixture
def driver(scripted: None, open_window: Open, tmp_path: Path) -> Iterator[Driver]:
    """A window with tools on and a folder granted to every conversation."""
    made = open_window()
    made.medley.dismissFirstStart()
    made.window.session.prefer(tools=True)
    (tmp_path / "granted").mkdir()
    made.library.tools.grant(str(tmp_path / "granted"), True)
    made.settle()
    yield made


def _ask(driver: Driver, words: str, *script: Step) -> None:
    ScriptedClient.script.extend(script)
    driver.ask(words)


def _calls(driver: Driver) -> list[ToolPart]:
    message = driver.library.messages.get(int(driver.message_id()))
    return [part for part in message.parts if isinstance(part, ToolPart)]


def test_a_file_is_written_once_that_was_allowed_by_the_keyboard_and_taken_back(
    driver: Driver, tmp_path: Path
) -> None:
    target = tmp_path / "granted" / "list.md"
    target.write_text("# List\n- milk\n")
    _ask(
        driver, "Add apples",
        call("edit_file", path="list.md", old="- milk\n", new="- milk\n- apples\n"),
        say("Apples are on the list."),
    )  # fmt: skip

    driver.until(lambda: driver.items("allowOnce") and driver.item("allowOnce").isEnabled())
    assert driver.items("consentPreview")
    assert driver.focused is not None
    assert driver.focused.objectName() == "composerInput"
    assert "- apples" not in target.read_text()
    driver.until(lambda: "Waits for you" in driver.window.window.title())
    driver.until(lambda: driver.items("waitingMark"))
    driver.tab_to(lambda item: item.objectName() == "allowOnce")
    driver.press(Qt.Key.Key_Return)

    driver.answered()
    assert target.read_text() == "# List\n- milk\n- apples\n"
    assert [(part.tool, part.state) for part in _calls(driver)] == [("edit_file", "done")]
    driver.until(lambda: not driver.items("waitingMark"))
    assert "Waits" not in driver.window.window.title()
    assert driver.kinds() == ["tool", "text"]

    driver.click("toolLine")
    driver.click("toolUndo")
    driver.until(lambda: target.read_text() == "# List\n- milk\n")
    driver.until(lambda: driver.item("toolState").property("text") == "taken back")
    assert not driver.items("toolUndo")


def test_what_is_refused_is_not_done_and_the_answer_goes_on(driver: Driver, tmp_path: Path) -> None:
    _ask(driver, "Write", call("write_file", path="a.txt", text="a"), say("Then not."))
    driver.until(lambda: driver.items("refuseOnce") and driver.item("refuseOnce").isEnabled())

    driver.click("refuseOnce")

    driver.answered()
    assert driver.item("toolState").property("text") == "not allowed"
    assert not list((tmp_path / "granted").iterdir())
    assert driver.blocks()[-1].plain == "Then not."
    driver.click("toolLine")
    driver.until(lambda: driver.item("toolReason").property("text").startswith("You did not"))


def test_always_is_kept_listed_and_asked_again_once_revoked(driver: Driver) -> None:
    _ask(driver, "Write", call("write_file", path="a.txt", text="a"), say("Done."))
    driver.until(lambda: driver.items("allowAlways") and driver.item("allowAlways").isEnabled())
    driver.click("allowAlways")
    driver.answered()
    _ask(driver, "Write", call("write_file", path="b.txt", text="b"), say("Done."))
    driver.answered()
    permissions = driver.medley.tools_view.permissions_model
    permissions.refresh()
    driver.until(lambda: permissions.rowCount() == 1)

    permissions.revoke(permissions.rows[0].permissionId)
    driver.settle()
    _ask(driver, "Write", call("write_file", path="c.txt", text="c"), say("Done."))

    driver.until(lambda: driver.items("refuseOnce") and driver.item("refuseOnce").isEnabled())
    driver.click("refuseOnce")
    driver.answered()
    history = driver.medley.tools_view.history_model
    history.refresh()
    driver.until(lambda: [row.decision for row in history.rows] == ["refused", "always", "always"])


def test_a_question_in_another_conversation_is_told_and_marked(driver: Driver) -> None:
    _ask(driver, "Write", call("write_file", path="a.txt", text="a"), say("Done."))
    driver.until(lambda: driver.items("allowOnce"))
    asked = driver.medley.transcript_model.conversation
    driver.medley.conversations_model.newConversation()

    driver.until(lambda: not driver.items("allowOnce"))
    driver.until(lambda: driver.items("waitingMark"))
    driver.medley.conversations_model.open(str(asked))
    driver.until(lambda: driver.items("allowOnce") and driver.item("allowOnce").isEnabled())
    driver.click("allowOnce")
    driver.answered()


def test_stopping_ends_a_question(driver: Driver, tmp_path: Path) -> None:
    _ask(driver, "Write", call("write_file", path="a.txt", text="a"), say("Done."))
    driver.until(lambda: driver.items("allowOnce"))

    driver.press(Qt.Key.Key_Escape)

    driver.answered()
    assert driver.status() == "stopped"
    driver.until(lambda: not driver.items("allowOnce"))
    driver.until(lambda: not driver.items("waitingMark"))
    assert not list((tmp_path / "granted").iterdir())


def test_a_reminder_is_set_by_a_model_and_rings(driver: Driver) -> None:
    _ask(driver, "Timer", call("set_timer", minutes=0.02, text="Tea is ready"), say("It runs."))
    driver.until(
        lambda: (
            driver.status() == "complete"
            or (driver.items("allowOnce") and driver.item("allowOnce").isEnabled())
        )
    )
    if driver.items("allowOnce"):
        driver.click("allowOnce")
    driver.answered()

    driver.until(lambda: driver.items("reminderToast"))
    driver.click("reminderDone")
    driver.until(lambda: driver.library.reminders.pending() == [])


def test_a_memory_is_kept_only_after_a_yes_and_used_in_the_next_answer(driver: Driver) -> None:
    _ask(driver, "I like tea", call("remember", fact="likes tea"), say("I remember."))
    driver.until(lambda: driver.items("allowOnce") and driver.item("allowOnce").isEnabled())
    assert not driver.items("allowAlways")
    assert driver.library.memories.all() == []
    driver.click("allowOnce")
    driver.answered()
    memories = driver.medley.tools_view.memories_model
    driver.until(lambda: [row.text for row in memories.rows] == ["likes tea"])

    _ask(driver, "What do I like?", say("Tea."))
    driver.answered()

    driver.until(lambda: driver.items("showMemory"))
    driver.click("showMemory")
    driver.until(lambda: driver.items("memoryPage"))
