"""Settings, bundles, and what the engine's pill tells."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible

from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.filling import fill_models
from tests.desktop.window.qml.made import put
from tests.desktop.window.qml.states import broken, down, empty, first_start, with_bundles
from tests.desktop.window.qml.view import View, spoken

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def settings(show: Show) -> View:
    """The settings are open."""
    medley = empty()
    fill_models(medley)
    view = show(medley)
    view.press(Qt.Key.Key_Comma, CONTROL)
    view.settle(100)
    return view


def test_a_choice_takes_effect_at_once(settings: View) -> None:
    settings.find("themeBox").forceActiveFocus()
    settings.press(Qt.Key.Key_Down)
    settings.press(Qt.Key.Key_Down)
    settings.find("languageBox").forceActiveFocus()
    settings.press(Qt.Key.Key_Down)
    settings.press(Qt.Key.Key_Down)

    values = settings.part("settings").values
    assert (values["theme"], values["language"]) == ("dark", "zh_CN")


def test_a_switch_follows_the_setting_and_changes_it(settings: View) -> None:
    toggle = settings.named("High contrast")
    settings.click(toggle)
    assert settings.part("settings").values["highContrast"] is True

    put(settings.part("settings"), highContrast=False)

    assert toggle.property("checked") is False


def test_the_size_changes_with_arrow_keys(settings: View) -> None:
    settings.named("Size").forceActiveFocus()

    for _ in range(3):
        settings.press(Qt.Key.Key_Right)

    assert settings.part("settings").values["scale"] == pytest.approx(1.3)


SUBJECTS = ["Answers", "Engine", "Models", "Privacy", "Speech", "Tools and memory", "About"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_subject_is_a_key_away(subject: str, settings: View) -> None:
    for _ in range(SUBJECTS.index(subject) + 1):
        settings.press(Qt.Key.Key_Down)
    settings.settle(60)

    marks = {"Answers": "Steps of a clip", "Engine": "Memory budget",
             "Models": "Remove Whisper base", "Privacy": "Search by meaning",
             "Speech": "Keep the sound of what you say",
             "Tools and memory": "Tools in new conversations",
             "About": "Set all settings back"}  # fmt: skip
    assert settings.named(marks[subject]).isVisible()


def test_bundles_are_verified_and_chosen(show: Show) -> None:
    view = show(with_bundles())
    view.click("engineChip")
    view.settle(60)
    view.click(view.named("Bundles …"))
    view.settle(100)

    view.click(view.named("Verify My own"))
    view.click(view.named("Use My own"))

    assert view.calls("bundles") == [("refresh",), ("verify", "own"), ("choose", "own")]


def test_the_pill_tells_the_state_and_why(show: Show) -> None:
    view = show(down())

    chip = view.find("engineChip")
    assert spoken(chip) == "Engine: Pocket, down"
    why = "Out of memory. Close other programs."
    interface = QAccessible.queryAccessibleInterface(chip)
    assert interface.text(QAccessible.Text.Description) == why
    view.click(chip)
    panel = view.window.findChild(QObject, "enginePanel")
    view.until(lambda: panel.property("opened"))
    assert why in [spoken(item) for item in view.items(panel.property("contentItem"))]


def test_the_first_page_can_be_left(show: Show) -> None:
    view = show(first_start())

    view.click(view.named("Go on without this page"))

    assert ("dismissFirstStart",) in view.medley.calls


def test_the_first_page_speaks_of_pocket_only_while_pocket_answers(show: Show) -> None:
    view = show(first_start())
    assert view.named("You are talking to Pocket").isVisible()

    put(view.part("picker"), pocket=False)
    view.settle()

    assert not [i for i in view.items() if spoken(i) == "You are talking to Pocket"]


def test_a_library_that_does_not_open_says_why_and_is_tried_again(show: Show) -> None:
    view = show(broken())

    assert view.named("The library is from a newer Medley.").isVisible()
    view.click(view.named("Try again"))

    assert ("retryLibrary",) in view.medley.calls


def test_esc_closes_a_file_dialog_and_no_shortcut_acts_behind_it(show: Show) -> None:
    view = show(empty())
    dialogs = view.window.findChild(QObject, "dialogs")
    assert dialogs is not None
    view.press(Qt.Key.Key_O, CONTROL)
    view.until(lambda: dialogs.property("choosing"))
    before = view.window.property("sidebarWanted")

    view.press(Qt.Key.Key_B, CONTROL)
    view.press(Qt.Key.Key_N, CONTROL)

    assert view.window.property("sidebarWanted") == before
    assert view.calls("conversations") == []
    view.press(Qt.Key.Key_Escape)
    view.until(lambda: not dialogs.property("choosing"))
    view.press(Qt.Key.Key_O, CONTROL)
    view.until(lambda: dialogs.property("choosing"))
    view.press(Qt.Key.Key_Escape)
    view.until(lambda: not dialogs.property("choosing"))
