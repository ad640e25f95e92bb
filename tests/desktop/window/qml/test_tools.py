"""Cards of calls, the popup and the sheet of tools over made-up data: keyboard, screen reader,
focus, narrow windows and large letters."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Q_ARG, QMetaObject, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from tests.desktop.window.qml import tools_world
from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.filling import block, fill_transcript
from tests.desktop.window.qml.made import put
from tests.desktop.window.qml.states import acting, empty
from tests.desktop.window.qml.test_access import controls
from tests.desktop.window.qml.view import View, role, spoken
from tests.desktop.window.qml.world import Blocks, blocks

PAGES = ("tools", "servers", "folders", "permissions", "history", "memory", "reminders")
CHOICES = {
    "allowOnce": "once", "allowAlways": "always", "refuseOnce": "refuse", "refuseAlways": "never",
}  # fmt: skip


def part(view: View, name: str) -> Any:
    """A part of the made-up tools."""
    return view.part("tools").values[name]


def asking(show: Show, **question: Any) -> View:
    """An answer that waits for its person."""
    medley = empty()
    cards = medley.values["tools"].values["cards"]
    cards.answers["question"] = {**tools_world.QUESTION, **question}
    fill_transcript(
        medley,
        {"role": "user", "blocks": [block("text", "<p>Write it down</p>")]},
        {"status": "streaming", "blocks": [tools_world.call("asking", "write_file")]},
    )
    view = show(medley)
    view.settle(100)
    return view


def tab_to(view: View, name: str) -> None:
    """Press Tab until the keyboard is there."""
    for _ in range(150):
        if view.focused.objectName() == name:
            return
        view.press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not come to {name}")


@pytest.mark.parametrize("name", CHOICES)
def test_every_answer_to_a_question_is_given_by_the_keyboard(name: str, show: Show) -> None:
    view = asking(show)

    tab_to(view, name)
    view.press(Qt.Key.Key_Return)

    assert part(view, "cards").calls[-1] == ("answer", "m1", "write_file-asking", CHOICES[name])
    # The keyboard is not left on what goes away.
    assert view.focused.objectName() == "transcriptList"


def test_a_question_is_read_aloud_with_all_it_asks(show: Show) -> None:
    view = asking(show)

    names = [spoken(item) for item in view.items()]

    assert "May “Write a file” be used? Medley waits for you." in names
    assert "Allow once" in names
    assert "Never allow this tool" in names
    documents = [item for item in view.items() if role(item) == QAccessible.Role.Document]
    assert {spoken(item) for item in documents} >= {"What would be done", "What it is given"}


def test_a_question_that_comes_while_somebody_types_leaves_the_keyboard_alone(show: Show) -> None:
    medley = empty()
    model = blocks(block("text", "<p>I look.</p>"))
    fill_transcript(
        medley,
        {"role": "user", "blocks": [block("text", "<p>Write it down</p>")]},
        {"status": "streaming", "blocks": model},
    )
    view = show(medley)
    view.find("composerInput").forceActiveFocus()
    view.type("and th")

    Blocks.append(model, blocks(tools_world.call("asking", "write_file")).rows)
    view.until(lambda: any(item.objectName() == "allowOnce" for item in view.items()))
    view.type("en")
    view.settle()

    assert view.focused.objectName() == "composerInput"
    assert view.focused.property("text") == "and then"
    assert not [call for call in part(view, "cards").calls if call[0] == "answer"]


@pytest.mark.parametrize(
    ("question", "seen"),
    [({"changed": True}, "changedLine"), ({"foreign": True}, "foreignLine"),
     ({"notice": "Hidden."}, "noticeLine")],
)  # fmt: skip
def test_what_a_person_should_know_stands_on_the_card(
    question: dict[str, Any], seen: str, show: Show
) -> None:
    view = asking(show, **question)

    assert view.find(seen).isVisible()
    others = {"changedLine", "foreignLine", "noticeLine"} - {seen}
    assert not [item for item in view.items() if item.objectName() in others]


def test_always_is_offered_only_where_it_may_be(show: Show) -> None:
    view = asking(show, always=False)

    assert not [item for item in view.items() if item.objectName() == "allowAlways"]
    assert view.find("allowOnce").isVisible()


def test_nothing_can_be_answered_before_the_question_is_there(show: Show) -> None:
    view = asking(show, ready=False, touches=[], preview=[])

    assert not view.find("allowOnce").isEnabled()
    part(view, "cards").questionReady.emit("m1", "write_file-asking", tools_world.QUESTION)
    view.settle()
    assert view.find("allowOnce").isEnabled()


def test_a_card_opens_and_closes_by_the_keyboard(show: Show) -> None:
    medley = empty()
    fill_transcript(
        medley,
        {"role": "user", "blocks": [block("text", "<p>Boats?</p>")]},
        {"blocks": [tools_world.call("done", undoable=True)]},
    )
    view = show(medley)
    tab_to(view, "toolLine")
    assert "Show the details" in spoken(view.focused)

    view.press(Qt.Key.Key_Space)
    view.settle()
    assert "Hide the details" in spoken(view.focused)
    for stop in ("foreignText", "foreignText", "toolCopy", "toolUndo"):
        view.press(Qt.Key.Key_Tab)
        assert view.focused.objectName() == stop
    view.press(Qt.Key.Key_Return)
    assert part(view, "cards").calls[-1] == ("undo", "m1", "search_library-done")


def test_a_form_is_filled_in_and_sent(show: Show) -> None:
    medley = empty()
    fill_transcript(
        medley,
        {"role": "user", "blocks": [block("text", "<p>Which?</p>")]},
        {"status": "streaming", "blocks": [tools_world.call("running", "pick", server="files")]},
    )
    put(medley.values["tools"].values["cards"], asked=["m1/pick-running"])
    view = show(medley)
    view.settle(100)

    field = view.find("field/folder")
    field.forceActiveFocus(Qt.FocusReason.TabFocusReason)
    view.type("notes")
    view.click("switch/hidden")
    view.click("elicitSend")

    name, message, call, values = part(view, "cards").calls[-1]
    assert (name, message, call) == ("submit", "m1", "pick-running")
    given = values.toVariant() if hasattr(values, "toVariant") else values
    assert given == {"folder": "notes", "depth": "2", "order": "name", "hidden": False}


def opened(show: Show, page: str, width: int = 1120, height: int = 760, **look: Any) -> View:
    """The sheet on a page, with something of everything."""
    medley = acting()
    tools_world.filled(medley.values["tools"])
    view = show(medley, width, height)
    if look:
        view.look(**look)
    dialogs = view.window.findChild(QObject, "dialogs")
    assert dialogs is not None
    QMetaObject.invokeMethod(dialogs, "openTools", Q_ARG(str, page))  # type: ignore[call-overload]
    view.until(lambda: _sheet(view).property("opened"))
    view.settle(60)
    return view


def _sheet(view: View) -> QObject:
    found = view.window.findChild(QObject, "toolsSheet")
    assert found is not None
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_gone_through_by_the_keyboard_and_has_names(page: str, show: Show) -> None:
    view = opened(show, page)

    assert not [item for item in controls(view) if not spoken(item)]
    for _ in range(25):
        view.press(Qt.Key.Key_Tab)
        assert spoken(view.focused), view.focused
    view.press(Qt.Key.Key_Escape)
    view.until(lambda: not _sheet(view).property("visible"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("width", "scale"), [(460, 1.0), (760, 2.0)])
def test_nothing_sticks_out_of_a_narrow_window(
    page: str, width: int, scale: float, show: Show
) -> None:
    view = opened(show, page, width, 700, scale=scale)
    content = _sheet(view).property("contentItem")

    # Once all is laid out.
    view.until(lambda: not _outside(view, content))


@pytest.mark.parametrize(("width", "scale"), [(460, 1.0), (760, 2.0)])
def test_no_card_sticks_out_of_a_narrow_window(width: int, scale: float, show: Show) -> None:
    view = show(acting(), width, 900)
    view.look(scale=scale)
    view.settle(100)
    for card in [item for item in view.items() if item.objectName() == "toolCard"]:
        view.until(lambda within=card: not _outside(view, within))


def _outside(view: View, within: QQuickItem) -> list[str]:
    """What is wider than its place."""
    ground = within.mapRectToScene(QRectF(0, 0, within.width(), within.height()))
    wide = [
        item
        for item in view.items(within)
        if item.width() > 0 and role(item) in (QAccessible.Role.Button, QAccessible.Role.StaticText)
    ]
    return [
        f"{item.objectName()} {spoken(item)!r}"
        for item in wide
        if item.mapToScene(QPointF(item.width(), 0)).x() > ground.right() + 1 and not _is_tab(item)
    ]


def _is_tab(item: QQuickItem) -> bool:
    """Whether it lies on a tab: those are scrolled sideways."""
    above: QQuickItem | None = item
    while above is not None:
        if above.objectName().startswith("page/"):
            return True
        above = above.parentItem()
    return False


@pytest.mark.parametrize(
    ("page", "button", "owner", "expected"),
    [
        ("servers", "serverSwitch", "servers", ("setOn", "off", True)),
        ("servers", "testServer", "servers", ("test", "off")),
        ("permissions", "revoke", "permissions", ("revoke", 2)),
        ("memory", "forgetMemory", "memories", ("forget", 2)),
        ("folders", "withdraw", "everywhere", ("withdraw", 2)),
    ],
)
def test_what_a_page_offers_is_done(
    page: str, button: str, owner: str, expected: tuple[Any, ...], show: Show
) -> None:
    view = opened(show, page)

    view.click(button)

    assert expected in part(view, owner).calls


def test_the_popup_says_what_tools_may_do_here(show: Show) -> None:
    medley = empty()
    tools_world.filled(medley.values["tools"])
    put(medley.values["tools"].values["here"], folderCount=2, told="Documents")
    view = show(medley)
    view.find("composerInput").forceActiveFocus()

    view.press(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    view.settle(100)
    assert view.focused.objectName() == "toolsSwitch"
    view.press(Qt.Key.Key_Space)
    assert part(view, "here").calls[-1] == ("setOn", False)
    assert "2 folders" in spoken(view.find("toolsButton"))
    for _ in range(12):
        view.press(Qt.Key.Key_Tab)
        assert spoken(view.focused), view.focused
    view.press(Qt.Key.Key_Escape)
    view.until(lambda: view.focused.objectName() == "composerInput")
