"""The switcher over made-up rows: keys choose, Enter does one thing and Ctrl+Enter another."""

from __future__ import annotations

import re
from typing import Any

import pytest
from PySide6.QtCore import Qt

from desktop.window.start import QML
from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.filling import fill_sidebar, fill_switcher
from tests.desktop.window.qml.made import put
from tests.desktop.window.qml.states import empty, first_start
from tests.desktop.window.qml.view import View, spoken

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(show: Show) -> View:
    """The switcher is open over some rows of every kind."""
    medley = empty()
    fill_switcher(medley)
    view = show(medley)
    view.press(Qt.Key.Key_K, CONTROL)
    view.until(lambda: any(item.objectName() == "switcherField" for item in view.items()))
    return view


def _commands(view: View) -> dict[str, Any]:
    """What was offered to the switcher, by key."""
    [(_, offered)] = [call for call in view.calls("switcher") if call[0] == "open"]
    return {one["key"]: one for one in offered.toVariant()}


def test_it_offers_what_can_be_done_now(view: View, show: Show) -> None:
    offered = _commands(view)
    assert offered["settings"]["title"] == "Settings"
    assert offered["new"]["keys"] == ["Ctrl+N"]
    assert {"export", "delete", "ownModels", "talk", "theme", "sound"} <= set(offered)
    assert not {"stop", "read", "keepPreset", "switch", "write"} & set(offered)

    medley = first_start()
    put(medley.values["composer"], busy=True)
    medley.values["transcript"].answers["lastAnswer"] = {"id": "7", "words": "Yes."}
    other = show(medley)
    other.press(Qt.Key.Key_K, CONTROL)

    offered = _commands(other)
    assert {"stop", "read", "copy"} <= set(offered)
    assert not {"export", "delete", "again"} & set(offered)


def test_arrows_choose_and_enter_takes(view: View) -> None:
    assert spoken(view.focused) == "Go to a conversation, a command, a preset or a model"
    view.press(Qt.Key.Key_Down)
    view.press(Qt.Key.Key_Down)
    view.press(Qt.Key.Key_Up)
    view.press(Qt.Key.Key_Return)

    assert view.calls("switcher")[-1] == ("take", 1, False)
    assert ("close",) in view.calls("switcher")


def test_the_arrows_go_round_and_control_enter_takes_the_other_way(view: View) -> None:
    view.press(Qt.Key.Key_Up)
    view.press(Qt.Key.Key_Return, CONTROL)

    assert view.calls("switcher")[-1] == ("take", 5, True)


def test_what_is_typed_is_looked_for_and_the_first_is_chosen_again(view: View) -> None:
    view.press(Qt.Key.Key_Down)
    view.type("boat")
    view.part("switcher").listed.emit()
    assert view.part("switcher").values["query"] == "boat"

    view.press(Qt.Key.Key_Return)

    assert view.calls("switcher")[-1] == ("take", 0, False)


def test_rows_are_spoken_and_clicked(view: View) -> None:
    assert view.named("Model: Starter, chosen").isVisible()
    view.click(view.named("Preset: Translator"))

    assert view.calls("switcher")[-1] == ("take", 2, False)


def test_a_command_is_done_and_the_keyboard_goes_back_to_the_message(view: View) -> None:
    view.press(Qt.Key.Key_Return)
    view.part("switcher").went.emit()
    view.settle(60)
    assert spoken(view.focused) == "Your message"

    view.part("switcher").commanded.emit("settings")
    view.until(lambda: any(item.objectName() == "themeBox" for item in view.items()))


def test_escape_closes_it(view: View) -> None:
    view.press(Qt.Key.Key_Escape)

    view.until(lambda: not any(i.objectName() == "switcherField" for i in view.items()))
    assert view.calls("switcher")[-1] == ("close",)


def test_every_key_of_the_window_is_in_the_list_of_keys(show: Show) -> None:
    """The list is made of the commands; so are the shortcuts, but for Esc."""
    shortcuts = re.findall(r"sequences?: (.+?)[;\n]", (QML / "Keyboard.qml").read_text())
    assert shortcuts == ["modelData.keys", '"Esc"']


@pytest.mark.parametrize(
    ("key", "modifier", "called"),
    [
        (Qt.Key.Key_N, CONTROL, ("conversations", ("newConversation",))),
        (Qt.Key.Key_Plus, CONTROL, None),
    ],
)
def test_keys_do_what_the_commands_do(
    show: Show, key: Qt.Key, modifier: Qt.KeyboardModifier, called: tuple[str, Any] | None
) -> None:
    medley = empty()
    fill_sidebar(medley)
    view = show(medley)

    view.press(key, modifier)

    if called is None:
        assert view.part("settings").values["scale"] == pytest.approx(1.1)
    else:
        assert called[1] in view.calls(called[0])
