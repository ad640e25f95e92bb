"""The settings keep what was chosen, show what has the keyboard, and ask before they forget."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtQml import QQmlExpression
from PySide6.QtQuick import QQuickItem

from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.filling import fill_models, fill_transcript
from tests.desktop.window.qml.made import put, rows
from tests.desktop.window.qml.states import elsewhere, empty, first_start, with_bundles
from tests.desktop.window.qml.test_colours import contrast
from tests.desktop.window.qml.view import View, spoken

CONTROL = Qt.KeyboardModifier.ControlModifier


def _settings(show: Show, height: int = 760, **values: Any) -> View:
    """The settings are open."""
    medley = empty()
    fill_models(medley)
    put(medley.values["settings"], **values)
    view = show(medley, height=height)
    view.press(Qt.Key.Key_Comma, CONTROL)
    view.until(lambda: any(item.objectName() == "themeBox" for item in view.items()))
    view.settle(100)
    return view


def test_boxes_hold_what_was_chosen_after_a_change_of_language(show: Show) -> None:
    view = _settings(show, theme="dark", language="zh_CN")
    boxes = [view.find(name) for name in ("themeBox", "languageBox")]
    assert [box.property("displayText") for box in boxes] == ["Dark", "简体中文"]

    view.look(language="zh_CN")

    assert [box.property("displayText") for box in boxes] == ["深色", "简体中文"]
    view.look(language="en")
    assert [box.property("currentValue") for box in boxes] == ["dark", "zh_CN"]


def test_a_box_follows_a_device_that_is_found_later(show: Show) -> None:
    view = _settings(show, devices=["auto", "cpu", "cuda"], device="cuda")
    view.press(Qt.Key.Key_Down)
    view.press(Qt.Key.Key_Down)
    view.settle(100)
    box = view.find("deviceBox")

    put(view.part("settings"), devices=["auto", "cuda", "cpu"])
    view.settle()

    assert box.property("currentValue") == "cuda"


def test_where_answers_are_made_is_chosen_and_tried(show: Show) -> None:
    view = show(elsewhere(), height=760)
    view.press(Qt.Key.Key_Comma, CONTROL)
    view.until(lambda: any(item.objectName() == "themeBox" for item in view.items()))
    view.press(Qt.Key.Key_Down)
    view.press(Qt.Key.Key_Down)
    view.settle(100)
    remotes, box = view.part("remotes"), view.find("remoteBox")

    assert (box.property("displayText"), box.property("count")) == ("box", 3)
    # Device and memory are the other computer's own choice.
    assert not [item for item in view.items() if item.objectName() == "deviceBox"]
    view.click(view.find("remoteTest"))
    put(remotes, state="failed", problem="box cannot be reached.")
    view.settle()
    assert view.find("remoteSays").property("text") == "Box cannot be reached."
    view.find("remoteBox").forceActiveFocus(Qt.FocusReason.TabFocusReason)
    view.press(Qt.Key.Key_Up)
    assert remotes.calls == [("refresh",), ("test",), ("choose", "")]


def test_the_line_that_the_keyboard_is_on_can_be_read(show: Show) -> None:
    view = _settings(show)
    view.find("themeBox").forceActiveFocus(Qt.FocusReason.TabFocusReason)
    view.press(Qt.Key.Key_Space)
    view.settle(60)
    view.press(Qt.Key.Key_Down)
    view.settle(60)

    everything = list(view.items(view.window.contentItem().parentItem()))
    [line] = [item for item in everything if item.property("highlighted") is True]
    behind = line.property("background")
    assert contrast(line.property("contentItem").property("color"), behind.property("color")) >= 4.5


def _in_sight(item: QQuickItem, within: QQuickItem) -> bool:
    place = item.mapRectToItem(within, item.boundingRect())
    return QRectF(QPointF(0, 0), within.size()).contains(place)


def test_what_has_the_keyboard_is_in_sight(show: Show) -> None:
    view = _settings(show, height=420)
    for _ in range(3):  # To the models, of which there are more than fit.
        view.press(Qt.Key.Key_Down)
    view.settle(100)
    scroller = view.find("settingsScroller")
    seen = 0

    for _ in range(12):
        view.press(Qt.Key.Key_Tab)
        view.settle(40)
        item: QQuickItem | None = view.focused
        while item is not None and item is not scroller:
            item = item.parentItem()
        if item is scroller and view.focused is not scroller:
            seen += 1
            assert _in_sight(view.focused, scroller)

    assert seen > 2


def _about(show: Show) -> View:
    view = _settings(show)
    for _ in range(7):
        view.press(Qt.Key.Key_Down)
    view.settle(100)
    view.find("resetSettings").forceActiveFocus(Qt.FocusReason.TabFocusReason)
    view.settle(60)
    view.press(Qt.Key.Key_Return)
    view.until(lambda: any(item.objectName() == "resetSure" for item in view.items()))
    view.settle(60)
    return view


def test_all_settings_are_set_back_only_after_a_question(show: Show) -> None:
    view = _about(show)
    assert view.calls("settings") == []

    view.click("resetSure")

    assert view.calls("settings") == [("reset",)]


def test_who_changes_their_mind_keeps_their_settings(show: Show) -> None:
    view = _about(show)

    view.press(Qt.Key.Key_Escape)
    view.until(lambda: not any(item.objectName() == "resetSure" for item in view.items()))

    assert view.calls("settings") == []
    assert view.find("resetSettings").isVisible()


@pytest.mark.parametrize("state", [first_start, empty])
def test_after_a_click_on_a_request_typing_goes_on(state: Any, show: Show) -> None:
    view = show(state())

    view.click("firstStartPrompt0")
    view.settle()

    assert view.focused.objectName() == "composerInput"


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(0, "Thinking …"), (1, "Waiting: another answer comes first …"),
     (3, "Waiting: 3 other answers come first …")],
)  # fmt: skip
def test_a_question_that_waits_says_so(show: Show, ahead: int, words: str) -> None:
    medley = empty()
    put(medley.values["engine"], ahead=ahead, state="busy")
    fill_transcript(medley, {"status": "waiting", "blocks": []})
    view = show(medley)
    view.settle(60)

    assert view.find("waitingWords").property("text") == words


@pytest.mark.parametrize(
    ("share", "words"), [(0.456, "Reading the files: 45 %"), (-1.0, "Trying every part …")]
)
def test_a_proof_says_how_far_it_is(show: Show, share: float, words: str) -> None:
    medley = with_bundles()
    view = show(medley)
    model = medley.values["bundles"]
    model.rows[1].verifyState, model.rows[1].verifyShare = "running", share
    rows(model, [vars(row) for row in model.rows])
    view.click("engineChip")
    view.settle(60)
    view.click(view.named("Bundles …"))
    view.settle(100)

    assert view.find("verifying").property("text") == words


def test_tips_show_words_as_they_are(show: Show) -> None:
    view = show(empty())
    view.find("settingsButton").forceActiveFocus(Qt.FocusReason.TabFocusReason)

    def tips() -> list[QQuickItem]:
        everything = view.items(view.window.contentItem().parentItem())
        return [i for i in everything if str(i.property("text")).startswith("Settings (Ctrl")]

    view.until(tips)
    context = view.engine.rootContext()
    plain = "Number(textFormat) === 0"  # Text.PlainText
    assert all(QQmlExpression(context, tip, plain).evaluate()[0] is True for tip in tips())


def test_what_is_too_long_is_told_in_everyday_words(show: Show) -> None:
    reason = (
        "expected a message of at most 1000 tokens (words or parts of words; the model reads 2048 "
        "at once, 1048 of them are kept for the answer), found 1500. Shorten it, give fewer or "
        "shorter files, or ask for a shorter answer."
    )
    medley = empty()
    fill_transcript(medley, {"status": "failed", "blocks": [{"kind": "error", "text": reason}]})
    view = show(medley)

    said = [spoken(item) for item in view.items()]

    assert any("150 % of what this model can read at once" in words for words in said)
    assert not any("tokens" in words for words in said)
