"""The list of conversations: choose, search, rename, pin, delete, and take that back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickItem

from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.filling import fill_sidebar
from tests.desktop.window.qml.made import put, rows
from tests.desktop.window.qml.states import empty, searching
from tests.desktop.window.qml.view import View, middle, spoken
from tests.desktop.window.type_names import type_name

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(show: Show) -> View:
    """Conversations of several days."""
    return show(empty())


def in_list(view: View) -> list[QQuickItem]:
    """Everything in the list of conversations."""
    return list(view.items(view.find("conversationList")))


def test_days_are_worded_and_stand_over_their_conversations(view: View) -> None:
    for _ in range(3):
        headings = sorted(
            (item.y(), item.property("text"))
            for item in in_list(view)
            if "DayHeader" in _class(item)
        )
        assert [text for _, text in headings] == [
            "Pinned", "Today", "Yesterday", "Wednesday, 18 November", "30 December 2025",
        ]  # fmt: skip
        fill_sidebar(view.medley)
        view.settle()


def test_a_conversation_opens_by_mouse_and_by_keyboard(view: View) -> None:
    view.click(view.named("Conversation 3"))
    assert view.calls("conversations") == [("open", "3")]

    view.press(Qt.Key.Key_F, CONTROL)
    view.press(Qt.Key.Key_Down)
    view.press(Qt.Key.Key_Down)
    view.press(Qt.Key.Key_Return)

    assert view.calls("conversations")[-1] == ("open", "4")


def test_typing_searches_and_escape_ends_it(view: View) -> None:
    view.press(Qt.Key.Key_F, CONTROL)
    view.type("frog")
    assert view.part("conversations").values["query"] == "frog"

    view.press(Qt.Key.Key_Escape)

    assert view.calls("conversations") == [("endSearch",)]


def test_a_filter_without_words_can_be_seen_and_ended(view: View) -> None:
    put(view.part("conversations"), modalityFilter="image")
    view.settle()

    view.click("clearSearch")

    assert view.calls("conversations") == [("endSearch",)]


def test_what_is_similar_is_named_and_can_be_ended(view: View) -> None:
    put(view.part("conversations"), similarTo="lake.jpg")
    view.settle()

    assert view.named("Similar to: lake.jpg").isVisible()
    view.click("clearSearch")

    assert view.calls("conversations") == [("endSearch",)]


def test_hits_open_where_they_are(show: Show) -> None:
    view = show(searching())

    view.click(view.named("Conversation 3"))
    view.click(view.named("Sound: a frog"))
    view.click(view.named("With clips"))

    assert view.calls("conversations") == [("openHit", "3", "m1"), ("openHit", "1", "m1")]
    assert view.part("conversations").values["modalityFilter"] == "video"


def test_a_name_is_changed_with_f2(view: View) -> None:
    _stand_on(view, 2)

    view.press(Qt.Key.Key_F2)
    assert spoken(view.focused) == "Name of the conversation"
    view.press(Qt.Key.Key_A, CONTROL)
    view.type("Frogs")
    view.press(Qt.Key.Key_Return)

    assert view.calls("conversations") == [("rename", "2", "Frogs")]


def test_escape_leaves_a_name_as_it_was(view: View) -> None:
    _stand_on(view, 2)

    view.press(Qt.Key.Key_F2)
    view.type("Frogs")
    view.press(Qt.Key.Key_Escape)

    assert not view.calls("conversations")
    assert spoken(view.focused) != "Name of the conversation"


def test_what_is_deleted_can_be_had_back(view: View) -> None:
    view.click("conversationDelete")
    assert view.calls("conversations") == [("remove", "1")]
    view.part("conversations").removed.emit("1", "Conversation 1")
    view.settle()

    view.click("undoButton")

    assert view.calls("conversations")[-1] == ("undoRemove", "1")
    assert not [item for item in view.items() if item.objectName() == "undoButton"]


def test_deleting_and_taking_it_back_need_no_mouse(view: View) -> None:
    _stand_on(view, 3)

    view.press(Qt.Key.Key_Delete)
    view.part("conversations").removed.emit("3", "Conversation 3")
    view.settle()
    view.press(Qt.Key.Key_Z, CONTROL)

    assert view.calls("conversations") == [("remove", "3"), ("undoRemove", "3")]


def test_the_menu_of_a_conversation_opens_with_the_keyboard(view: View) -> None:
    _stand_on(view, 1)

    view.press(Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    view.settle(100)
    view.press(Qt.Key.Key_Down)
    view.press(Qt.Key.Key_Down)
    view.press(Qt.Key.Key_Return)

    assert view.calls("conversations") == [("setPinned", "1", True)]


def test_in_a_narrow_window_the_list_lies_over_the_conversation(show: Show) -> None:
    view = show(empty(), 520, 600)
    assert not [item for item in view.items() if item.objectName() == "newConversation"]

    view.press(Qt.Key.Key_B, CONTROL)
    view.until(lambda: middle(view.find("newConversation")).x() > 100)
    view.click("newConversation")

    assert view.calls("conversations") == [("newConversation",)]
    view.until(lambda: not [i for i in view.items() if i.objectName() == "newConversation"])


def test_lists_that_shrink_while_they_are_laid_out_do_no_harm(view: View) -> None:
    model = view.part("conversations")
    many = [
        {"conversationId": str(at), "title": str(at), "day": "today", "pinned": False}
        for at in range(60)
    ]

    for count in (60, 3, 40, 1, 0, 50, 2):
        rows(model, many[:count], snippet="", thumbnail="", time=0.0, hit="", hitMessageId="",
             busy=False, waiting=False)  # fmt: skip
        view.settle(1)

    view.settle()
    assert len([item for item in in_list(view) if "ConversationRow" in _class(item)]) >= 2


def test_an_untitled_conversation_has_words_of_its_own(view: View) -> None:
    put(view.part("conversations"), currentTitle="", current="0")

    assert view.named("New conversation").isVisible()


def _stand_on(view: View, row: int) -> None:
    conversations = view.find("conversationList")
    conversations.forceActiveFocus(Qt.FocusReason.TabFocusReason)
    conversations.setProperty("currentIndex", row)
    view.settle()


def _class(item: QQuickItem) -> str:
    return type_name(item)
