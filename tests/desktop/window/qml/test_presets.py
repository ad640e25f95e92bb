"""The presets over made-up rows: begin, change, copy, export, remove and take that back."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QMetaObject, QObject, Qt

from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.filling import fill_presets
from tests.desktop.window.qml.states import empty
from tests.desktop.window.qml.view import View
from tests.desktop.window.qml.world import FORM

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(show: Show) -> View:
    """The presets are open."""
    medley = empty()
    fill_presets(medley)
    view = show(medley)
    dialogs = view.window.findChild(QObject, "dialogs")
    assert dialogs is not None
    QMetaObject.invokeMethod(dialogs, "openPresets")
    view.until(lambda: any(item.objectName() == "presetList" for item in view.items()))
    view.settle(100)
    return view


def _kept(view: View) -> tuple[str, dict[str, Any]]:
    [(_, id_, form)] = [call for call in view.calls("presets") if call[0] == "keep"]
    return id_, form.toVariant()


def test_a_conversation_begins_with_one_by_mouse_and_by_keyboard(view: View) -> None:
    view.click("usePreset/1")
    assert view.calls("presets")[-1] == ("use", "1", True)


def test_enter_begins_and_control_enter_uses_it_here(view: View) -> None:
    view.press(Qt.Key.Key_Down)
    view.press(Qt.Key.Key_Return, CONTROL)

    assert view.calls("presets")[-1] == ("use", "translator", False)


def test_it_is_changed_with_f2(view: View) -> None:
    view.part("presets").answers["form"] = {**FORM, "name": "Pirate", "system": "Arr", "tools": 0}
    view.press(Qt.Key.Key_F2)
    view.until(lambda: any(item.objectName() == "presetName" for item in view.items()))
    assert view.find("systemText").property("text") == "Arr"

    view.find("presetName").setProperty("text", "Captain")
    view.click("keepPreset")

    id_, form = _kept(view)
    assert id_ == "1"
    assert (form["name"], form["system"], form["tools"]) == ("Captain", "Arr", 0)
    assert (form["temperature"], form["maxNewTokens"], form["bundle"]) == (-1, 0, "")


def test_a_new_one_needs_a_name(view: View) -> None:
    view.click("newPreset")
    view.until(lambda: any(item.objectName() == "presetName" for item in view.items()))
    view.settle(150)
    assert not view.find("keepPreset").isEnabled()

    view.type("Poet")
    view.press(Qt.Key.Key_Return)

    assert _kept(view)[0] == "" and _kept(view)[1]["name"] == "Poet"


def test_what_is_removed_can_be_had_back(view: View) -> None:
    view.press(Qt.Key.Key_Delete)
    assert view.calls("presets")[-1] == ("remove", "1")
    view.part("presets").removed.emit("1", "Pirate")
    view.settle(60)

    view.click("undoPreset")

    assert view.calls("presets")[-1] == ("undoRemove", "1")


def test_how_a_conversation_is_answered_becomes_a_preset(show: Show) -> None:
    medley = empty()
    medley.values["manner"].values["system"] = "Answer in rhymes."
    view = show(medley)
    view.click("mannerButton")
    view.until(lambda: any(item.objectName() == "saveAsPreset" for item in view.items()))
    view.settle(150)
    view.click("saveAsPreset")
    view.until(lambda: any(item.objectName() == "presetName" for item in view.items()))
    view.settle(150)
    view.type("Poet")
    view.click("keepPreset")

    assert _kept(view)[1]["system"] == "Answer in rhymes."
