"""Everything can be reached with the keyboard alone and has a name that is read aloud."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.states import STATES, answering, talking, with_bundles
from tests.desktop.window.qml.view import View, role, spoken
from tests.desktop.window.type_names import type_name

PRESSED = (
    QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton,
    QAccessible.Role.ComboBox, QAccessible.Role.EditableText, QAccessible.Role.Slider,
    QAccessible.Role.ListItem, QAccessible.Role.PageTab, QAccessible.Role.List,
)  # fmt: skip
MOST_TABS = 150


def controls(view: View) -> list[QQuickItem]:
    """What can be used now: a screen reader takes it for something to be pressed or filled."""
    return [item for item in view.items() if role(item) in PRESSED and item.isEnabled()]


def stops(view: View) -> list[QQuickItem]:
    """Where the keyboard stops on one way round with Tab."""
    view.find("engineChip").forceActiveFocus()
    found = [view.focused]
    for _ in range(MOST_TABS):
        view.press(Qt.Key.Key_Tab)
        if view.focused == found[0]:
            return found
        found.append(view.focused)
    raise AssertionError("Tab does not come round")


@pytest.mark.parametrize("name", STATES)
def test_everything_that_can_be_used_has_a_name(name: str, show: Show) -> None:
    view = show(STATES[name]())

    nameless = [type_name(item) for item in controls(view) if not spoken(item)]

    assert len(controls(view)) > 4
    assert not nameless


@pytest.mark.parametrize("name", STATES)
def test_tab_comes_round_through_what_the_state_offers(name: str, show: Show) -> None:
    view = show(STATES[name]())

    names = [item.objectName() for item in stops(view)]

    reached = {
        "first_start": {"firstStartPrompt0", "firstStartPrompt3"},
        "empty": {"firstStartPrompt0", "firstStartPrompt3"},
        "talking": {"regenerateButton", "branchNext", "pictureCard"},
        "answering": {"stopButton"},
        "down": {"retryButton"},
        "writing": {"sendButton"},
    }
    always = {"newConversation", "searchField", "engineChip", "settingsButton"}
    writing = set() if name == "broken" else {"composerInput", "attachButton"}
    assert always | writing | reached.get(name, set()) <= set(names)


def test_every_button_of_a_message_is_a_stop_once_the_message_is_chosen(show: Show) -> None:
    view = show(talking())

    view.settle(100)
    view.press(Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert view.focused.property("index") == 1
    view.press(Qt.Key.Key_Up)
    assert view.focused.property("index") == 0
    reached = []
    for _ in range(20):
        view.press(Qt.Key.Key_Tab)
        reached.append(spoken(view.focused))

    assert "Edit and send again" in reached
    assert "Earlier version" in reached
    assert "Save as …" in reached


def test_the_focus_is_drawn_where_it_is(show: Show) -> None:
    view = show(talking())
    before = view.picture()

    for stop in ("newConversation", "searchField", "engineChip", "settingsButton"):
        item = view.find(stop)
        item.forceActiveFocus(Qt.FocusReason.TabFocusReason)
        view.settle()
        place = item.mapRectToScene(item.boundingRect()).adjusted(-5, -5, 5, 5).toRect()
        assert view.picture().copy(place) != before.copy(place), stop


def test_a_message_is_read_with_its_author(show: Show) -> None:
    view = show(talking())

    lines = [spoken(item) for item in view.items() if role(item) == QAccessible.Role.ListItem]

    assert "You: words" in lines
    assert "Medley: words" in lines


def test_a_button_is_pressed_by_a_screen_reader(show: Show) -> None:
    view = show(answering())
    interface = QAccessible.queryAccessibleInterface(view.find("stopButton"))

    interface.actionInterface().doAction("Press")

    assert view.calls("composer") == [("stop",)]


def test_what_may_answer_is_read_as_boxes_that_are_ticked_or_not(show: Show) -> None:
    medley = talking()
    medley.values["composer"].values["allowed"] = ["text"]
    view = show(medley)

    ticked = {
        spoken(item): QAccessible.queryAccessibleInterface(item).state().checked
        for item in view.items()
        if role(item) == QAccessible.Role.CheckBox and spoken(item).startswith("May answer")
    }

    assert ticked == {
        "May answer with: Words": 1, "May answer with: Picture": 0, "May answer with: Sound": 0,
        "May answer with: Clip": 0,
    }  # fmt: skip


@pytest.mark.parametrize("dialog", ["settings", "bundles"])
def test_dialogs_keep_the_keyboard_and_give_it_back(dialog: str, show: Show) -> None:
    view = show(with_bundles())
    view.find("composerInput").forceActiveFocus()
    if dialog == "settings":
        view.press(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    else:
        view.click("engineChip")
        view.click(view.named("Bundles …"))
    view.until(lambda: _sheet(view, dialog))

    for _ in range(25):
        view.press(Qt.Key.Key_Tab)
        assert spoken(view.focused), view.focused
        assert _inside_overlay(view, view.focused)
    view.press(Qt.Key.Key_Escape)

    view.until(lambda: not _sheet(view, dialog))


def _sheet(view: View, dialog: str) -> bool:
    name = "settingsDialog" if dialog == "settings" else "bundleChooser"
    found = view.window.findChild(QObject, name)
    return found is not None and bool(found.property("visible"))


def _inside_overlay(view: View, item: QQuickItem) -> bool:
    above: QQuickItem | None = item
    while above is not None:
        if "Overlay" in type_name(above):
            return True
        above = above.parentItem()
    return False
