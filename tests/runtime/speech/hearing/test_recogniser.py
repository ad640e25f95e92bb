"""What people say is written down, in English and Chinese; what nobody said is not."""

from __future__ import annotations

from pathlib import Path

import jiwer
import numpy as np
import pytest

from benchmarks.voice import noises
from benchmarks.voice.recordings import plain
from plugins.errors import KnownError
from runtime.speech.hearing.recogniser import (
    MOST_S,
    Recogniser,
    Segment,
    Transcript,
    joined,
    quietest,
)
from runtime.speech.hearing.sounds import Float32
from tests.runtime.speech.conftest import Says

People = dict[str, tuple[Float32, str]]


@pytest.fixture(scope="module")
def base(whisper_base: Path) -> Recogniser:
    return Recogniser.open(whisper_base)


def test_at_most_one_word_in_twenty_of_people_is_wrong(base: Recogniser, people: People) -> None:
    heard = [base.transcribe(samples) for samples, _ in people.values()]
    assert {found.language for found in heard} == {"en"}
    said = [plain(text) for _, text in people.values()]
    assert jiwer.wer(said, [plain(found.text) for found in heard]) <= 0.05


def test_chinese_is_heard_as_chinese(base: Recogniser, says: Says) -> None:
    found = base.transcribe(says("法国的首都是哪里？", "zf_xiaoxiao"))
    assert found.language == "zh"
    assert "法国的首都是哪里" in found.text


def test_a_model_for_english_hears_english(whisper_tiny: Path, people: People) -> None:
    tiny = Recogniser.open(whisper_tiny)
    samples, _ = people["goforward.raw"]
    found = tiny.transcribe(samples)
    assert (plain(found.text), found.language) == ("go forward 1 0 meters", "en")
    with pytest.raises(
        KnownError, match=r"a language that the model hears \(English\), found 'zh'"
    ):
        tiny.transcribe(samples, "zh")


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0, np.float32),
        np.zeros(32_000, np.float32),
        noises.noise(2.0),
        noises.tones(2.0),
        np.concatenate([noises.cough(seed) for seed in range(3)]),
        np.pad(noises.tap(), (8000, 8000)),
    ],
    ids=["nothing", "zeros", "noise", "tones", "coughs", "tap"],
)
def test_what_is_no_speech_is_no_words(base: Recogniser, sound: Float32) -> None:
    assert base.transcribe(sound).text == ""


@pytest.mark.soak
def test_speech_of_any_length_is_heard_in_pieces(base: Recogniser, people: People) -> None:
    sound = np.concatenate([people[name][0] for name in people if name.startswith("sense")] * 2)
    assert len(sound) > MOST_S * 16_000
    found = base.transcribe(sound)
    assert len(found.segments) == 2
    assert found.segments[0].end_s == pytest.approx(found.segments[1].start_s, abs=0.02)
    said = " ".join(people[name][1] for name in people if name.startswith("sense"))
    assert jiwer.wer(plain(f"{said} {said}"), plain(found.text)) <= 0.1


def test_a_part_ends_where_it_is_quiet() -> None:
    sound = noises.noise(20)
    sound[int(17.2 * 16_000) : int(17.5 * 16_000)] = 0
    assert 17.2 <= quietest(sound) / 16_000 <= 17.5


def test_transcripts_are_joined_as_their_language_is_written() -> None:
    def part(text: str, language: str) -> Transcript:
        return Transcript(text, language, 0.5, (Segment(text, 0, 1),) if text else ())

    assert (
        joined([part("I see", "en"), part("", "en"), part("a ship.", "en")]).text == "I see a ship."
    )
    assert joined([part("我看见", "zh"), part("一条船。", "zh")]).text == "我看见一条船。"
    assert joined([part("", "en")]).text == ""


def test_an_unknown_language_is_one_line(base: Recogniser) -> None:
    with pytest.raises(KnownError, match="found 'klingon'"):
        base.transcribe(noises.silence(1.0), "klingon")
