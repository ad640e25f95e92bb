"""Spoken realtime sessions by OpenAI's own client; Medley's own voice is the person."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai.resources.realtime.realtime import RealtimeConnection

from tests.desktop.serve.conftest import Served
from tests.desktop.serve.realtime.test_session import say, until
from tests.installed import model_folder, model_home

SECOND = 2 * 24_000
"""Bytes of sound."""
WORDS = "Draw a red boat on the sea."


@pytest.fixture(scope="module")
def speaking(pocket: Served) -> Iterator[openai.OpenAI]:
    """A client of a server whose helpers find the models that are installed."""
    for name in ("kokoro-82m", "whisper-base", "turn-taking"):
        model_folder(name)
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_DATA_HOME", model_home())
    pocket.service.speech.voice.close()
    with pocket.client() as client:
        yield client
    pocket.service.speech.voice.close()
    pocket.service.speech.live.close()
    patch.undo()


@pytest.fixture(scope="module")
def spoken(speaking: openai.OpenAI) -> bytes:
    """Somebody asks for a boat, and is silent."""
    sound = speaking.audio.speech.create(
        model="tts-1", voice="am_michael", input=WORDS, response_format="pcm"
    ).read()
    return b"\0" * (SECOND // 2) + sound + b"\0" * (3 * SECOND)


def give(connection: RealtimeConnection, sound: bytes) -> None:
    """Send sound as a microphone does."""
    for start in range(0, len(sound), SECOND // 10):
        piece = base64.b64encode(sound[start : start + SECOND // 10]).decode()
        connection.input_audio_buffer.append(audio=piece)


def test_what_is_said_is_heard_answered_and_spoken(speaking: openai.OpenAI, spoken: bytes) -> None:
    with speaking.realtime.connect(model="pocket") as connection:
        listening: Any = {"type": "realtime", "audio": {"input": {"transcription": {"model": "x"}}}}
        connection.session.update(session=listening)
        give(connection, spoken)
        events = until(connection, "response.done")

        kinds = [event.type for event in events]
        order = [
            "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
            "input_audio_buffer.committed", "conversation.item.added",
            "conversation.item.input_audio_transcription.completed", "response.created",
            "response.output_audio_transcript.delta", "response.output_audio.delta",
            "response.output_audio.done", "response.done",
        ]  # fmt: skip
        places = [kinds.index(kind) for kind in order]
        assert places == sorted(places)
        begun, ended, heard = (events[place] for place in (*places[:2], places[4]))
        assert 0 < begun.audio_start_ms < 1500
        assert begun.audio_start_ms < ended.audio_end_ms < len(spoken) / SECOND * 1000 - 2000
        assert begun.item_id == ended.item_id == heard.item_id
        assert "boat" in heard.transcript.lower()
        sound = b"".join(
            base64.b64decode(e.delta) for e in events if e.type == "response.output_audio.delta"
        )
        answer = events[-1].response.output[0]
        assert "boat" in answer.content[0].transcript
        assert len(sound) > SECOND

        # Of an answer that was not heard to its end only what was heard is kept.
        connection.conversation.item.truncate(
            item_id=answer.id, content_index=0, audio_end_ms=len(sound) * 1000 // SECOND // 2
        )
        until(connection, "conversation.item.truncated")
        connection.conversation.item.retrieve(item_id=answer.id)
        kept = until(connection, "conversation.item.retrieved")[-1].item.content[0].transcript
        assert 0 < len(kept) < len(answer.content[0].transcript)


def test_who_speaks_into_an_answer_interrupts_it(speaking: openai.OpenAI, spoken: bytes) -> None:
    with speaking.realtime.connect(model="pocket") as connection:
        say(connection, "hello")
        connection.response.create()
        until(connection, "response.created")
        give(connection, spoken)
        events = until(connection, "response.done")
        first = events[-1].response
        more = until(connection, "response.done")

    # An answer that was whole before anybody spoke cannot be interrupted any more.
    assert first.status in ("cancelled", "completed")
    if first.status == "cancelled":
        assert first.status_details.reason == "turn_detected"
    assert more[-1].response.status == "completed"
    assert "boat" in more[-1].response.output[0].content[0].transcript


def test_without_turn_detection_the_client_says_when_a_turn_is_over(
    speaking: openai.OpenAI, spoken: bytes
) -> None:
    with speaking.realtime.connect(model="pocket") as connection:
        pressed: Any = {
            "type": "realtime",
            "output_modalities": ["text"],
            "audio": {"input": {"turn_detection": None}},
        }
        connection.session.update(session=pressed)
        give(connection, spoken)
        connection.input_audio_buffer.commit()
        events = until(connection, "conversation.item.done")
        assert "input_audio_buffer.speech_started" not in [event.type for event in events]
        assert "boat" in events[-1].item.content[0].transcript.lower()

        connection.input_audio_buffer.append(audio=base64.b64encode(b"\0" * SECOND).decode())
        connection.input_audio_buffer.commit()
        error = until(connection, "error")[-1].error
        assert error.code == "input_audio_buffer_commit_empty"
        connection.input_audio_buffer.clear()
        until(connection, "input_audio_buffer.cleared")

        connection.response.create()
        done = until(connection, "response.done")[-1].response
        assert "boat" in done.output[0].content[0].text
