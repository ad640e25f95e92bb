"""A text is heard before all of its sound is made, and the seam is not."""

from __future__ import annotations

import numpy as np
import pytest

from runtime.speech.voice import Spoken, Voice, joined
from runtime.speech.voice.seam import first_of_rest, fitted, quietest
from runtime.speech.voice.spoken import RATE_HZ
from runtime.speech.voice.timing import Phoneme
from tests.runtime.speech.voice.conftest import Hear

TEXT = "The seasons change because the Earth's axis is tilted relative to the Sun."


@pytest.fixture(scope="module")
def parts(voice: Voice) -> list[Spoken]:
    """A sentence in parts."""
    return list(voice.speak_soon(TEXT))


def test_the_parts_are_the_text_and_the_first_is_the_shorter(parts: list[Spoken]) -> None:
    assert len(parts) == 2
    assert " ".join(part.text for part in parts) == TEXT
    assert [word.text for part in parts for word in part.words] == TEXT.rstrip(".").split()
    assert 0.6 < parts[0].seconds < parts[1].seconds


def test_the_parts_last_as_long_as_the_whole_and_say_the_same(
    parts: list[Spoken], voice: Voice, hear: Hear
) -> None:
    whole, both = voice.speak(TEXT), joined(parts)
    assert abs(whole.seconds - both.seconds) < 0.15
    assert hear(both, "en") == hear(whole, "en")


def test_nothing_clicks_at_the_seam(parts: list[Spoken]) -> None:
    samples = np.concatenate([part.samples for part in parts])
    place = len(parts[0].samples)
    steps = np.abs(np.diff(samples))
    assert steps[place - 24 : place + 24].max() < np.quantile(steps, 0.99)


def test_the_words_and_the_mouth_follow_each_other(parts: list[Spoken]) -> None:
    for part in parts:
        times = [time for word in part.words for time in (word.start_s, word.end_s)]
        assert times == sorted(times)
        assert part.visemes[0].start_s == 0
        assert part.visemes[-1].end_s == pytest.approx(part.seconds)


def test_a_short_text_is_one_part(voice: Voice) -> None:
    (part,) = voice.speak_soon("Hello!")
    assert part.text == "Hello!"
    assert np.array_equal(part.samples, voice.speak("Hello!").samples)


def test_two_languages_and_marks_lose_no_word(voice: Voice) -> None:
    text = "Good morning, everybody in this house! 早上好。"
    found = list(voice.speak_soon(text))
    assert "".join(part.text for part in found).replace(" ", "") == text.replace(" ", "")


def test_the_rest_begins_with_a_word() -> None:
    phonemes = [
        Phoneme("a", n if k else -1, n + k / 2, n + k / 2 + 0.5) for n in range(4) for k in (1, 0)
    ]
    phonemes.sort(key=lambda one: one.start_s)
    at = first_of_rest(phonemes)
    assert at
    assert phonemes[at].word >= 0
    assert first_of_rest(phonemes[:2]) == 0


def test_the_rest_is_as_loud_as_the_beginning_and_goes_on_from_it() -> None:
    wave = np.sin(np.arange(RATE_HZ) * 0.05).astype(np.float32)
    place, begin = RATE_HZ // 2, RATE_HZ // 2 - 2400
    rest = fitted(wave[: place + 2400], wave[begin:] * 1.25, place, begin)
    assert np.allclose(rest, wave[place:], atol=1e-3)


def test_the_seam_is_put_where_it_is_quiet() -> None:
    samples = np.ones(RATE_HZ, np.float32)
    samples[12_400:12_700] = 0
    assert 12_400 < quietest(samples, 12_000) < 12_700
