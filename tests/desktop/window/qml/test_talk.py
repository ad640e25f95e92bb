"""The spoken conversation in the window: button, panel, and what was not heard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.filling import block, fill_transcript
from tests.desktop.window.qml.made import put
from tests.desktop.window.qml.states import conversing, empty, speechless
from tests.desktop.window.qml.view import View
from tests.desktop.window.qml.world import world

PHASES = {
    "starting": "Getting ready …", "listening": "Listening", "hearing": "Hearing you",
    "thinking": "Thinking", "speaking": "Speaking", "muted": "Muted",
    "failed": "It does not work just now",
}  # fmt: skip


def words(view: View, name: str) -> str:
    """What a text says."""
    return str(view.find(name).property("text"))


@pytest.mark.parametrize("phase", PHASES)
def test_the_panel_says_what_is_so(show: Show, phase: str) -> None:
    medley = empty()
    put(medley.values["talk"], on=True, phase=phase, handsFree=True, reason="no microphone is here")
    view = show(medley)

    assert words(view, "talkState") == PHASES[phase]
    view.look(language="zh_CN")
    assert words(view, "talkState") != PHASES[phase]


def test_the_button_is_held_and_the_panel_has_a_way_out(show: Show) -> None:
    view = show(conversing())

    view.click("talkButton")
    assert [call[0] for call in view.calls("talk")][-2:] == ["press", "release"]
    view.click("talkMute")
    assert view.calls("talk")[-1] == ("mute", True)
    view.click("talkSilence")
    view.click("talkEnd")
    assert [call[0] for call in view.calls("talk")][-2:] == ["silence", "end"]
    view.press(Qt.Key.Key_Escape)
    assert view.calls("talk")[-1][0] == "end"
    assert words(view, "talkCaption") == "Then it rained"


def test_the_meter_follows_how_loud_it_is(show: Show) -> None:
    medley = empty()
    talk = medley.values["talk"]
    put(talk, on=True, phase="hearing", handsFree=True, heard="Hello", level=0.0)
    view = show(medley)

    def highest() -> float:
        return max(one.height() for one in view.items() if one.objectName() == "levelBar")

    quiet = highest()
    put(view.part("talk"), level=0.8)
    view.settle()
    assert highest() > 2 * quiet


def test_without_a_model_the_starter_is_offered(show: Show) -> None:
    view = show(speechless())

    assert "expected a model to hear speech with" in words(view, "talkCaption").lower()
    view.click("talkGetStarter")
    assert view.calls("models")[-1][0] == "getStarter"


def test_what_was_not_heard_is_shown_when_asked_for(show: Show) -> None:
    view = show(conversing())

    assert not any(item.objectName() == "unheardWords" for item in view.items())
    view.click("unheardButton")
    assert words(view, "unheardWords") == " a time there was a dog."
    view.click("unheardButton")
    assert not any(item.objectName() == "unheardWords" for item in view.items())


def test_an_answer_that_nobody_heard_is_shown_or_made_again(show: Show) -> None:
    medley = empty()
    unheard = block("unheard", "Once upon a time there was a dog.")
    fill_transcript(medley, {"blocks": [unheard], "status": "stopped", "plain": ""})
    view = show(medley)

    view.click("unheardAgain")
    assert view.calls("transcript")[-1][0] == "regenerate"
    view.click("unheardButton")
    assert words(view, "unheardWords") == "Once upon a time there was a dog."


def test_an_answer_is_said_as_a_video(show: Show) -> None:
    view = show(conversing())
    view.click("sayAsVideoButton")
    assert view.calls("transcript")[-1][0] == "sayAsVideo"


def test_before_the_models_are_loaded_one_may_speak(show: Show) -> None:
    view = show(conversing())
    put(view.part("talk"), phase="starting", device="")
    view.settle()
    assert words(view, "talkState") == "Getting ready …"
    assert "kept" not in words(view, "talkCaption")
    put(view.part("talk"), device="Microphone")
    view.settle()
    assert words(view, "talkCaption") == "Speak already: what you say is kept."


def test_a_message_is_read_aloud_and_silenced(show: Show) -> None:
    medley = world()
    fill_transcript(medley, {"blocks": [], "plain": "Hello there."})
    view = show(medley)

    view.click("readAloudButton")
    assert view.calls("talk")[-1] == ("readAloud", "m0", "Hello there.")
    put(view.part("talk"), reading="m0")
    view.settle()
    assert view.find("readAloudButton").property("label") == "Stop reading aloud"
