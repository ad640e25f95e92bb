"""Writing a message: what sends it, what does not, what is attached, what may answer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent

from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.made import put
from tests.desktop.window.qml.states import answering, empty, first_start, writing
from tests.desktop.window.qml.view import View, spoken

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(show: Show) -> View:
    """An empty conversation in which something could be sent."""
    view = show(empty())
    put(view.part("composer"), canSend=True)
    view.find("composerInput").forceActiveFocus()
    return view


def test_enter_sends_and_shift_enter_begins_a_line(view: View) -> None:
    view.type("one")
    view.press(Qt.Key.Key_Return, SHIFT)
    view.type("two")
    assert view.part("composer").values["text"] == "one\ntwo"
    assert not view.calls("composer")

    view.press(Qt.Key.Key_Return)

    assert view.calls("composer") == [("send",)]
    assert view.part("composer").values["text"] == "one\ntwo"


def test_nothing_is_sent_while_there_is_nothing_to_send(view: View) -> None:
    put(view.part("composer"), canSend=False)

    view.press(Qt.Key.Key_Return)

    assert not view.calls("composer")
    assert not view.find("sendButton").isEnabled()


def test_enter_that_ends_a_word_of_an_input_method_does_not_send(view: View) -> None:
    area = view.find("composerInput")
    QCoreApplication.sendEvent(area, QInputMethodEvent("hong", []))
    assert area.property("inputMethodComposing")

    view.press(Qt.Key.Key_Return)
    assert not view.calls("composer")

    commit = QInputMethodEvent("", [])
    commit.setCommitString("红色")
    QCoreApplication.sendEvent(area, commit)
    view.press(Qt.Key.Key_Return)
    assert view.part("composer").values["text"].startswith("红色")
    assert view.calls("composer") == [("send",)]


@pytest.mark.parametrize("taken", [True, False])
def test_what_is_pasted_is_a_file_or_else_words(taken: bool, view: View) -> None:
    view.part("composer").answers["paste"] = taken
    from PySide6.QtGui import QGuiApplication

    QGuiApplication.clipboard().setText("words")

    view.press(Qt.Key.Key_V, CONTROL)

    assert view.calls("composer") == [("paste",)]
    assert view.find("composerInput").property("text") == ("" if taken else "words")


def test_a_draft_from_elsewhere_is_shown(view: View) -> None:
    put(view.part("composer"), text="from last time")

    assert view.find("composerInput").property("text") == "from last time"


def test_escape_stops_an_answer(show: Show) -> None:
    view = show(answering())

    view.press(Qt.Key.Key_Escape)

    assert view.calls("composer") == [("stop",)]


def test_a_kind_of_answer_is_switched_off_by_mouse_and_on_by_key(view: View) -> None:
    view.click(view.named("May answer with: Sound"))
    assert view.calls("composer") == [("setAllowed", "audio", False)]

    put(view.part("composer"), allowed=["text", "image", "video"])
    chip = view.named("May answer with: Sound")
    assert not chip.property("checked")
    chip.forceActiveFocus()
    view.press(Qt.Key.Key_Space)

    assert view.calls("composer")[-1] == ("setAllowed", "audio", True)


def test_attachments_are_moved_and_taken_away_with_the_keyboard(show: Show) -> None:
    view = show(writing())
    strip = next(item for item in view.items() if spoken(item) == "Attached files")
    strip.forceActiveFocus(Qt.FocusReason.TabFocusReason)

    view.press(Qt.Key.Key_Right, CONTROL)
    view.press(Qt.Key.Key_Delete)

    assert view.calls("composer") == [("moveAttachment", 0, 1), ("removeAttachment", 1)]
    view.part("composer").attachmentRemoved.emit("2", "harbour.png")
    view.click("undoButton")
    assert view.calls("composer")[-1] == ("undoRemoveAttachment", "2")


@pytest.mark.parametrize("state", [first_start, empty])
def test_four_requests_wait_to_be_clicked(state: object, show: Show) -> None:
    assert callable(state)
    view = show(state())

    for at in range(4):
        view.click(f"firstStartPrompt{at}")

    assert [call[0] for call in view.calls("composer")] == ["sendPrompt"] * 4
    assert view.calls("composer")[0][1] == "Draw a red boat on the sea at night"
