"""The switcher in the real window: what it lists, finds and does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop.window.switcher.switcher import KEY
from storage.records import Text
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.desktop.window.seeds import exchange

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def filled(opened: Driver) -> Driver:
    """A window on some conversations."""
    library = opened.library
    for title, asked in (
        ("Settlement of a quarrel", "What is fair?"),
        ("Boats", "Why do boats float?"),
        ("", "Tell me of a lighthouse"),
        ("Cooking", "A soup with a red lentil base"),
    ):
        exchange(library, library.conversations.new(title).id, asked, "An answer about a kestrel.")
    opened.until(lambda: opened.medley.conversations_model.rowCount() == 4)
    return opened


def summon(driver: Driver, text: str = "") -> None:
    """Open the switcher and type."""
    driver.press(Qt.Key.Key_K, CONTROL)
    driver.item("switcherField")
    driver.until(lambda: len(driver.medley.switcher_model._titles.known) >= 4)
    if text:
        driver.type("switcherField", text)


def plain(driver: Driver, section: str) -> list[str]:
    """What is listed of a kind."""
    return [row.plain for row in driver.medley.switcher_model.rows if row.section == section]


def test_it_begins_with_the_newest_conversations_and_what_can_be_done(filled: Driver) -> None:
    summon(filled)

    assert plain(filled, "conversations") == [
        "Cooking", "Tell me of a lighthouse", "Boats", "Settlement of a quarrel",
    ]  # fmt: skip
    assert plain(filled, "commands")[0] == "New conversation"
    assert plain(filled, "presets") == [
        "Translator", "Explain simply", "Code helper", "Proof-reader",
    ]  # fmt: skip
    filled.until(lambda: "Pocket" in plain(filled, "models"))


def test_a_conversation_is_gone_to_with_a_few_letters_and_enter(filled: Driver) -> None:
    summon(filled, "bo")
    assert plain(filled, "conversations")[0] == "Boats"

    filled.press(Qt.Key.Key_Return)

    filled.until(lambda: filled.medley.conversations_model.property("currentTitle") == "Boats")
    filled.until(lambda: filled.focused and filled.focused.objectName() == "composerInput")
    filled.until(lambda: filled.medley.transcript_model.rowCount() == 2)


def test_the_better_name_wins_over_the_newer_conversation(filled: Driver) -> None:
    summon(filled, "settings")

    assert filled.medley.switcher_model.rows[0].plain == "Settings"
    filled.press(Qt.Key.Key_Return)
    filled.item("themeBox")


def test_what_was_said_is_found_and_gone_to(filled: Driver) -> None:
    summon(filled, "lentil")
    filled.until(lambda: plain(filled, "messages"))

    rows = filled.medley.switcher_model.rows
    at = next(at for at, row in enumerate(rows) if row.kind == "message")
    for _ in range(at):
        filled.press(Qt.Key.Key_Down)
    filled.press(Qt.Key.Key_Return)

    filled.until(lambda: filled.medley.conversations_model.property("currentTitle") == "Cooking")


def test_signs_narrow_to_one_kind(filled: Driver) -> None:
    summon(filled, ">")
    assert {row.kind for row in filled.medley.switcher_model.rows} == {"command"}
    assert len(filled.medley.switcher_model.rows) > 20

    filled.medley.switcher_model.setProperty("query", "/code")
    assert plain(filled, "presets") == ["Code helper"]
    filled.medley.switcher_model.setProperty("query", "@nothing-of-this-name")
    assert not filled.medley.switcher_model.rows


def test_a_mistyped_name_is_found_and_words_can_always_be_asked(filled: Driver) -> None:
    summon(filled, "cokoing")
    assert plain(filled, "conversations") == ["Cooking"]

    filled.medley.switcher_model.setProperty("query", "why is the sky <b>blue</b>?")
    [row] = filled.medley.switcher_model.rows
    assert (row.kind, row.title) == ("ask", "why is the sky &lt;b&gt;blue&lt;/b&gt;?")


def test_what_changes_meanwhile_is_listed_so(filled: Driver) -> None:
    summon(filled)
    library = filled.library
    gone, renamed = filled.medley.conversations_model.rows[:2]

    library.conversations.delete(int(gone.conversationId))
    library.conversations.rename(int(renamed.conversationId), "Harbours")
    fresh = library.conversations.new().id
    library.messages.add(fresh, [Text("What is new?")])

    filled.until(
        lambda: (
            plain(filled, "conversations")[:2] == ["What is new?", "Harbours"]
            and "Cooking" not in plain(filled, "conversations")
        )
    )


def test_a_preset_begins_a_conversation_and_control_enter_uses_it_here(filled: Driver) -> None:
    medley = filled.medley
    medley.conversations_model.open(medley.conversations_model.rows[0].conversationId)
    filled.until(lambda: medley.transcript_model.rowCount() == 2)

    summon(filled, "explain")
    filled.press(Qt.Key.Key_Return, CONTROL)
    filled.settle()
    assert medley.conversations_model.property("current") != ""
    assert "first time" in medley.manner_view.property("system")

    summon(filled, "transl")
    filled.press(Qt.Key.Key_Return)
    filled.settle()
    assert medley.conversations_model.property("current") == ""
    assert "translator" in medley.manner_view.property("system")


def test_what_was_used_comes_first_also_the_next_time(filled: Driver, open_window: Open) -> None:
    summon(filled, "larger let")
    filled.press(Qt.Key.Key_Return)
    filled.settle()
    assert filled.medley.property("scale") == pytest.approx(1.1)

    summon(filled)
    assert plain(filled, "commands")[0] == "Larger letters"
    assert filled.library.settings.get(KEY, [], list[str])[0] == "command:bigger"
    filled.window.close()

    again = open_window()
    again.settle()
    summon(again)
    assert plain(again, "commands")[0] == "Larger letters"
