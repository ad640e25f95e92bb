"""Speech by OpenAI's own client: said in every format, and written down again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import openai
import pytest

from tests.desktop.serve.chat.test_completions import refused
from tests.desktop.serve.conftest import Served
from tests.installed import model_folder, model_home

WORDS = "The quick brown fox jumps over the lazy dog."


@pytest.fixture
def speaking(
    pocket: Served, client: openai.OpenAI, monkeypatch: pytest.MonkeyPatch
) -> Iterator[openai.OpenAI]:
    """A client of a server whose helpers find the models that are installed."""
    model_folder("kokoro-82m")
    monkeypatch.setenv("XDG_DATA_HOME", model_home())
    yield client


@pytest.fixture(scope="module", autouse=True)
def _fresh(pocket: Served) -> Iterator[None]:
    """Helpers that start in this module."""
    pocket.service.speech.voice.close()
    yield
    pocket.service.speech.voice.close()
    pocket.service.speech.hearing.close()


def test_a_text_is_said_in_every_format(speaking: openai.OpenAI) -> None:
    for kind, codec in (
        ("mp3", "mp3"), ("opus", "opus"), ("aac", "aac"), ("flac", "flac"), ("wav", "pcm_s16le"),
    ):  # fmt: skip
        wish: dict[str, Any] = {} if kind == "mp3" else {"response_format": kind}
        data = speaking.audio.speech.create(
            model="tts-1", voice="alloy", input="Good morning.", **wish
        ).read()
        with av.open(io.BytesIO(data)) as sound:
            assert sound.streams.audio[0].codec_context.name.startswith(codec)
            seconds = sum(f.samples / f.sample_rate for f in sound.decode(audio=0))
        assert 0.4 < seconds < 4
    raw = speaking.audio.speech.create(
        model="tts-1", voice="bf_emma", input="Good morning.", response_format="pcm"
    ).read()
    assert 0.4 < len(raw) / 2 / 24_000 < 4


def test_what_is_said_is_written_down(speaking: openai.OpenAI, tmp_path: Path) -> None:
    model_folder("whisper-base")
    path = tmp_path / "said.mp3"
    path.write_bytes(speaking.audio.speech.create(model="tts-1", voice="onyx", input=WORDS).read())

    def heard(**wish: Any) -> Any:
        with path.open("rb") as file:
            return speaking.audio.transcriptions.create(model="whisper-1", file=file, **wish)

    assert "brown fox" in heard().text
    assert "brown fox" in heard(response_format="text")
    verbose = heard(response_format="verbose_json", language="en")
    assert verbose.language == "en"
    assert 1 < verbose.duration < 6
    assert 0 <= verbose.segments[0].start < verbose.segments[-1].end <= verbose.duration + 0.5
    assert heard(response_format="srt").startswith("1\n00:00:0")
    assert heard(response_format="vtt").startswith("WEBVTT\n\n00:00:0")


def test_what_cannot_be_said_or_heard_is_refused(speaking: openai.OpenAI) -> None:
    def say(**wish: Any) -> Any:
        return speaking.audio.speech.create(
            **{"model": "tts-1", "voice": "alloy", "input": WORDS, **wish}
        )

    assert "af_heart" in str(refused(lambda: say(voice="nobody")))
    assert refused(lambda: say(speed=9)).param == "speed"
    assert refused(lambda: say(input=" ")).param == "input"
    refused(lambda: say(input="..."))
    assert refused(lambda: say(response_format="midi")).param == "response_format"

    def hear(data: bytes, **wish: Any) -> Any:
        return speaking.audio.transcriptions.create(model="whisper-1", file=("a.wav", data), **wish)

    error = refused(lambda: hear(b"no sound at all"))
    assert "medley-serve" not in str(error)
    refused(lambda: hear(b"", timestamp_granularities=["word"]))


def test_the_voices_are_named(pocket: Served, speaking: openai.OpenAI) -> None:
    voices: Any = speaking.get("/audio/voices", cast_to=object)

    assert voices["voices"][0] == {"id": "af_heart", "name": "af_heart"}


def test_speech_comes_while_it_is_spoken(pocket: Served, speaking: openai.OpenAI) -> None:
    words = "Good morning. " * 3 + "The boat is red. " * 12

    def parts(**wish: Any) -> list[bytes]:
        with speaking.audio.speech.with_streaming_response.create(
            model="tts-1", voice="alloy", input=words, **wish
        ) as answer:
            return list(answer.iter_bytes())

    assert len(parts(response_format="pcm")) > 1
    with av.open(io.BytesIO(b"".join(parts(response_format="opus")))) as sound:
        assert sum(f.samples / f.sample_rate for f in sound.decode(audio=0)) > 10
    events = b"".join(parts(response_format="pcm", stream_format="sse")).split(b"\n\n")
    kinds = [json.loads(event.removeprefix(b"data: "))["type"] for event in events if event]
    assert kinds.count("speech.audio.delta") > 1
    assert kinds[-1] == "speech.audio.done"


def test_who_hangs_up_stops_the_voice_and_keeps_its_helper(
    pocket: Served, speaking: openai.OpenAI
) -> None:
    helper = pocket.service.speech.voice
    with speaking.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input="The boat is red. " * 200, response_format="pcm"
    ) as answer:
        next(iter(answer.iter_bytes()))
    process = helper._process

    again = speaking.audio.speech.create(
        model="tts-1", voice="alloy", input="Good morning.", response_format="wav"
    )

    assert again.read().startswith(b"RIFF")
    assert helper._process is process
