"""A row that goes away leaves the keyboard to its list, and Tab finds no ghosts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickItem

from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.states import empty
from tests.desktop.window.qml.test_transcript import at_end, long_talk
from tests.desktop.window.qml.view import View, spoken
from tests.desktop.window.type_names import type_name

TAB = Qt.FocusReason.TabFocusReason


def on_delete_of(view: View, row: int) -> str:
    """Go with Tab to the button that deletes a conversation; what it is called."""
    conversations = view.find("conversationList")
    conversations.forceActiveFocus(TAB)
    conversations.setProperty("currentIndex", row)
    view.settle()
    name = f"Delete “Conversation {row}”"
    for _ in range(6):
        if spoken(view.focused) == name:
            return name
        view.press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not come to {name}")


def within(item: QQuickItem, above: QQuickItem) -> bool:
    """Whether an item is another, or below it."""
    below: QQuickItem | None = item
    while below is not None and below != above:
        below = below.parentItem()
    return below is not None


def test_a_deleted_conversation_leaves_the_keyboard_in_the_list(show: Show) -> None:
    view = show(empty())
    gone = on_delete_of(view, 1)

    view.press(Qt.Key.Key_Space)
    assert view.calls("conversations") == [("remove", "1")]
    view.part("conversations").drop(1)
    view.settle()

    assert within(view.focused, view.find("conversationList"))
    assert view.focused.isVisible()
    assert spoken(view.focused).startswith("Conversation 2")
    reached = []
    for _ in range(4):
        view.press(Qt.Key.Key_Tab)
        reached.append(spoken(view.focused))
    assert reached[:2] == ["Delete “Conversation 2”", "More for “Conversation 2”"]
    assert gone not in reached


def test_the_last_deleted_conversation_leaves_the_keyboard_on_the_empty_list(show: Show) -> None:
    view = show(empty())
    on_delete_of(view, 1)

    for row in range(view.part("conversations").rowCount() - 1, -1, -1):
        view.part("conversations").drop(row)
        view.settle()

    assert view.focused == view.find("conversationList")
    view.press(Qt.Key.Key_Tab)
    assert spoken(view.focused) == "Import a conversation"


def test_a_message_that_is_scrolled_away_leaves_the_keyboard_to_the_list(show: Show) -> None:
    view = show(long_talk(200))
    view.until(lambda: at_end(view))
    view.find("regenerateButton").forceActiveFocus(TAB)
    transcript = view.find("transcriptList")

    for _ in range(12):
        view.wheel(transcript, 2400)

    assert view.focused == transcript
    assert not at_end(view)


def test_a_message_that_is_seen_again_is_chosen_as_a_whole(show: Show) -> None:
    view = show(long_talk(200))
    view.until(lambda: at_end(view))
    view.find("regenerateButton").forceActiveFocus(TAB)
    for _ in range(12):
        view.wheel(view.find("transcriptList"), 2400)

    for index in range(199, 189, -1):
        view.press(Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
        view.find("transcriptList").setProperty("currentIndex", index)
        view.settle()
        assert view.focused.property("index") == index
        assert "MessageRow" in type_name(view.focused)
