"""The sheet of a person's own models, over made-up data: keyboard, screen reader, narrow, many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtQuick import QQuickItem

from tests.desktop.window.qml import own_models
from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.made import put
from tests.desktop.window.qml.states import empty
from tests.desktop.window.qml.test_access import controls
from tests.desktop.window.qml.view import View, spoken
from tests.desktop.window.type_names import type_name

KEYS = {"add": 0, "found": 1, "make": 2, "list": 3}
STATES: dict[str, tuple[str, Callable[[Any], None]]] = {
    "rest": ("add", lambda made: None),
    "offering": ("add", own_models.offering),
    "tested": ("add", own_models.tested),
    "found": ("found", own_models.found),
    "making": ("make", own_models.making),
    "listed": ("list", own_models.listed),
}


def opened(show: Show, name: str, width: int = 1120, height: int = 760) -> View:
    """The sheet in a state."""
    key, fill = STATES[name]
    medley = empty()
    fill(medley.values["ownModels"])
    view = show(medley, width, height)
    medley.modelsGiven.emit()
    view.until(lambda: _sheet(view).property("opened"))
    for _ in range(KEYS[key]):
        view.press(Qt.Key.Key_Right)
    view.settle(60)
    return view


def _sheet(view: View) -> QObject:
    found = view.window.findChild(QObject, "modelsSheet")
    assert found is not None
    return found


def _is_shown(view: View, name: str) -> bool:
    found = view.window.findChild(QObject, name)
    return found is not None and bool(found.property("visible"))


def within(view: View) -> list[QQuickItem]:
    """Everything of the sheet that can be seen."""
    content = _sheet(view).property("contentItem")
    return list(view.items(content))


@pytest.mark.parametrize("name", STATES)
def test_everything_that_can_be_used_has_a_name(name: str, show: Show) -> None:
    view = opened(show, name)

    assert not [item for item in controls(view) if not spoken(item)]


@pytest.mark.parametrize("name", STATES)
def test_tab_goes_through_the_sheet_and_stays_in_it(name: str, show: Show) -> None:
    view = opened(show, name)
    reached = set()
    for _ in range(60):
        view.press(Qt.Key.Key_Tab)
        assert spoken(view.focused), view.focused
        reached.add(view.focused.objectName())

    marks = {
        "rest": {"chooseFile", "chooseFolder"},
        "offering": {"modelName", "addModel", "chooseFile"},
        "tested": {"useHere", "addAnother", "testAgain"},
        "found": {"foundLine"},
        "making": {"part/talk", "other/talk", "part/speak", "bundleName", "makeBundle"},
        "listed": {"undoRemoval", "own/qwen3-4b", "use", "verify", "test", "remove"},
    }
    assert marks[name] <= reached
    view.press(Qt.Key.Key_Escape)
    view.until(lambda: not _sheet(view).property("visible"))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("name", STATES)
def test_a_narrow_window_cuts_nothing_off(name: str, language: str, show: Show) -> None:
    view = opened(show, name, 460, 620)
    view.look(language=language, dark=True, scale=1.2)
    view.settle(60)
    sheet = _sheet(view).property("contentItem")
    ground = sheet.mapRectToScene(sheet.boundingRect()).adjusted(-1, 0, 1, 0)

    out = [
        (item.objectName() or type_name(item), spoken(item))
        for item in within(view)
        if spoken(item) and _sticks_out(item, ground)
    ]

    assert out == []


def _sticks_out(item: QQuickItem, ground: QRectF) -> bool:
    if item.property("pressed") is None or "page/" in item.objectName():
        return False
    left = item.mapToScene(QPointF(0, 0)).x()
    return left < ground.left() or left + item.width() > ground.right()


def test_of_two_hundred_models_only_those_in_sight_are_made(show: Show) -> None:
    medley = empty()
    own_models.found(medley.values["ownModels"], 200)
    view = show(medley)
    medley.modelsGiven.emit()
    view.until(lambda: _sheet(view).property("opened"))
    view.press(Qt.Key.Key_Right)
    view.settle(60)

    made = [item for item in within(view) if item.objectName() == "foundLine"]
    assert 3 < len(made) < 60
    view.find("foundList").forceActiveFocus(Qt.FocusReason.TabFocusReason)
    view.press(Qt.Key.Key_End)
    for _ in range(3):
        view.press(Qt.Key.Key_Down)
    view.press(Qt.Key.Key_Return)
    assert ("take", "/models/3.gguf") in medley.values["ownModels"].values["found"].calls


def test_a_removal_is_asked_about(show: Show) -> None:
    view = opened(show, "listed")
    listing = view.part("ownModels").values["listing"]
    view.click(view.named("Remove Qwen3 4B"))
    assert not [call for call in listing.calls if call[0] == "remove"]

    view.click(view.named("Remove Qwen3 4B"))

    assert ("remove", "qwen3-4b") in listing.calls


def test_what_it_is_said_as(show: Show) -> None:
    view = opened(show, "offering")
    own_models.offering(view.part("ownModels"), sees=True, hears=True, thinks=False)
    view.settle()

    facts = str(view.find("candidateFacts").property("text"))
    assert "takes in pictures and sounds itself" in facts
    assert "4B Q4_K_M" in facts and "2.50 GB" in facts and "Apache-2.0" in facts
    assert "can think" not in facts


def test_the_catalogue_is_a_step_away(show: Show) -> None:
    view = opened(show, "rest")
    view.click(view.named("Get one from the catalogue …"))

    view.until(lambda: _is_shown(view, "settingsDialog"))
    view.click("ownModels")
    view.until(lambda: _sheet(view).property("visible"))


def test_progress_is_told_in_percent_and_can_be_stopped(show: Show) -> None:
    view = opened(show, "offering")
    adding = view.part("ownModels").values["adding"]
    put(adding, state="adding", share=0.42, file="llm.gguf")
    view.settle(60)

    assert "Reading the files once, to know them again: 42 %" in map(spoken, view.items())
    view.click("stopWaiting")
    assert adding.calls[-1] == ("cancel",)
