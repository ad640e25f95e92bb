"""The starter's offer and its download, what readers found, and switching a plugin off: what is
shown, what is spoken, and what a click does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt

from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.filling import fill_models
from tests.desktop.window.qml.made import put
from tests.desktop.window.qml.states import empty, fetching, offered, read, suspended, unfetched
from tests.desktop.window.qml.view import View, spoken

CONTROL = Qt.KeyboardModifier.ControlModifier


def words(view: View) -> str:
    """Everything that is written on the offer's card."""
    card = view.find("starterOffer")
    return "\n".join(str(item.property("text") or "") for item in view.items(card))


def test_the_offer_says_what_and_how_large_it_is(show: Show) -> None:
    view = show(offered())

    assert "The starter, 1.45 GB, talks" in words(view)
    assert "nothing else ever is" in words(view)
    view.click("getStarter")
    assert view.calls("models") == [("getStarter",)]


def test_nothing_is_offered_where_there_is_nothing_to_offer(show: Show) -> None:
    view = show(empty())

    assert not [item for item in view.items() if item.objectName() == "starterOffer"]


def test_a_download_shows_figures_part_and_source_and_can_be_cancelled(show: Show) -> None:
    view = show(fetching())

    assert "412 MB of 1.45 GB  ·  11 MB a second  ·  2 min left" in words(view)
    assert "To talk – Qwen2.5-Coder 1.5B Instruct, from: Hugging Face" in words(view)
    assert view.find("starterProgress").property("value") == pytest.approx(412 / 1450)
    assert spoken(view.find("starterProgress")) == "Getting the models"
    view.click("cancelStarter")
    assert view.calls("models") == [("cancel",)]


@pytest.mark.parametrize(
    ("reason", "begin"),
    [("network", "No place that has the models"), ("offline", "MEDLEY_OFFLINE is set"),
     ("disk", "There is not enough room"), ("busy", "Another Medley"), ("bytes", "Other bytes")],
)  # fmt: skip
def test_a_failure_is_one_sentence_with_a_button(reason: str, begin: str, show: Show) -> None:
    medley = unfetched()
    put(medley.values["models"], reason=reason, problem="other bytes than expected.")
    view = show(medley)

    assert begin in words(view)
    view.click("retryStarter")
    assert view.calls("models") == [("retry",)]


def test_the_engines_panel_offers_it_too(show: Show) -> None:
    view = show(offered())
    view.click("engineChip")
    view.settle(100)

    view.click("getStarter")

    assert view.calls("models") == [("getStarter",)]


def test_models_are_got_and_removed_in_the_settings(show: Show) -> None:
    medley = empty()
    fill_models(medley)
    view = show(medley)
    view.press(Qt.Key.Key_Comma, CONTROL)
    view.settle(100)
    for _ in range(3):
        view.press(Qt.Key.Key_Down)
    view.settle(60)

    view.click(view.named("Remove Whisper base"))
    view.click(view.named("Get Qwen2.5-Coder 1.5B Instruct (Q4_K_M)"))

    assert view.calls("models") == [("refresh",), ("remove", "whisper-base"), ("get", "qwen")]


def test_a_plugin_that_ended_the_engine_is_switched_off_with_a_click(show: Show) -> None:
    view = show(suspended())

    view.click("switchOff")

    assert view.calls("engine") == [("switchOff", "medley-colours")]


def test_what_was_found_is_said_in_words_and_wholly_when_asked_for(show: Show) -> None:
    view = show(read())
    view.settle(100)
    list_ = view.find("transcriptList")
    list_.setProperty("contentY", list_.property("originY"))
    view.settle(100)

    lines = [str(i.property("text")) for i in view.items() if i.objectName() == "foundLine"]

    assert lines[0] == "Looks like: espresso, 73 %; coffee mug, 12 %"
    assert lines[1] == "Read in it: Caffè Roma since 1952"
    assert lines[2].startswith("Read: page 1 to page 3, 600 characters – A passage.")


def test_the_header_shows_that_a_conversation_has_a_manner_of_its_own(show: Show) -> None:
    view = show(read())
    button = view.find("mannerButton")
    assert button.property("checked") is True
    view.click(button)
    view.settle(100)
    assert view.find("systemText").property("text") == "Answer in rhymes."

    view.click("saveManner")

    assert view.calls("manner") == [("look",), ("save", "Answer in rhymes.", 0.4, -1, 0, False)]


def test_the_dialog_of_a_manner_is_left_by_escape_and_changes_nothing(show: Show) -> None:
    view = show(empty())
    view.click("mannerButton")
    view.settle(100)
    sheet = view.window.findChild(QObject, "conversationSheet")
    assert sheet is not None
    view.press(Qt.Key.Key_Escape)
    view.settle(300)

    assert view.calls("manner") == [("look",)]
