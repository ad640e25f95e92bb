"""A person talks to the window: what is said becomes a message with its recording, the answer is
spoken, and what was not heard of it is put away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.assistant.assistant import EngineChoice
from desktop.assistant.spoken.remote import toggle
from desktop.window.speech.key import KEY
from storage.records import MediumPart, TextPart
from tests.desktop.speech.conftest import (  # noqa: F401  (fixtures)
    SayInto,
    _sound_server,
    _voice,
    said,
    sound_server,
    speech_models,
)
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import ANSWER_LIMIT_MS, Driver
from tests.sound_server import SoundServer

pytestmark = [pytest.mark.soak, pytest.mark.usefixtures("speech_models")]


@pytest.fixture
def talking(
    sound_server: SoundServer,  # noqa: F811
    open_window: Open,
    bundle_folder: Path,
) -> Iterator[Driver]:
    """A window whose engine is small and whose sound is its own."""
    driver = open_window(choice=EngineChoice(str(bundle_folder), "cpu"))
    driver.medley.dismissFirstStart()
    driver.settle()
    yield driver


def phase(driver: Driver, *wanted: str) -> None:
    """Wait until the conversation is so."""
    talk = driver.medley.talk_model
    driver.until(lambda: talk.property("phase") in wanted, ANSWER_LIMIT_MS)


def test_a_spoken_turn_is_a_message_with_its_sound(
    talking: Driver,
    sound_server: SoundServer,  # noqa: F811
    said: SayInto,  # noqa: F811
) -> None:
    talk = talking.medley.talk_model
    talk.toggle()
    phase(talking, "listening")
    playing = sound_server.say(said("What is the weather like today?"), wait=False)
    talking.until(lambda: talking.medley.transcript_model.conversation is not None, ANSWER_LIMIT_MS)
    playing.wait()
    conversation = talking.medley.transcript_model.conversation
    assert conversation is not None
    asked, answer = talking.library.messages.path(conversation)
    words, sound = asked.parts
    assert isinstance(words, TextPart) and "weather" in words.text.lower()
    assert isinstance(sound, MediumPart) and sound.is_recording
    (found,) = talking.library.media.observations(sound.medium.sha256)
    assert (found.kind, found.text) == ("speech", words.text)
    assert answer.role == "assistant"

    talk.end()
    phase(talking, "idle")
    talking.until(lambda: sound_server.streams() == [])
    assert toggle() == "starting"
    phase(talking, "listening")
    QTest.keyClick(talking.window.window, Qt.Key.Key_Escape)
    phase(talking, "idle")


def test_the_key_held_is_push_to_talk_and_without_keeping_there_is_no_recording(
    talking: Driver,
    sound_server: SoundServer,  # noqa: F811
    said: SayInto,  # noqa: F811
) -> None:
    talking.window.session.prefer(keep_recordings=False)
    QTest.keyPress(talking.window.window, KEY)
    phase(talking, "listening")
    playing = sound_server.say(said("Tell me about the sea."), wait=False)
    phase(talking, "hearing")
    talking.until(lambda: playing.poll() is not None)
    QTest.keyRelease(talking.window.window, KEY)
    talking.until(lambda: talking.medley.transcript_model.conversation is not None, ANSWER_LIMIT_MS)
    (conversation,) = [one.id for one in talking.library.conversations.list()]
    asked = talking.library.messages.path(conversation)[0]
    assert [type(part) for part in asked.parts] == [TextPart]
    assert "tell me about" in asked.text.lower()
    talking.medley.talk_model.end()
    phase(talking, "idle")


def test_a_message_is_read_aloud(
    talking: Driver,
    sound_server: SoundServer,  # noqa: F811
) -> None:
    talk = talking.medley.talk_model
    with sound_server.recorded() as recorded:
        talk.readAloud("7", "Hello there.")
        assert talk.property("reading") == "7"
        talking.until(lambda: talk.property("reading") == "", ANSWER_LIMIT_MS)
    assert (abs(recorded[0]) > 0.01).sum() > 5_000
    talk.readAloud("8", "One, two, three, four, five, six, seven, eight, nine, ten.")
    talk.readAloud("8", "")
    assert talk.property("reading") == ""
    talking.until(lambda: sound_server.streams() == [])
