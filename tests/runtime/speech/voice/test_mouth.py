"""Shapes of the mouth from a sound alone."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from runtime.speech.voice import VISEMES, Voice, visemes_of_sound
from runtime.speech.voice.spoken import Float32

RATE = 16_000


def _tone(*hertz: float, seconds: float = 0.3) -> Float32:
    time = np.arange(round(seconds * RATE)) / RATE
    return np.sum([0.2 * np.sin(2 * np.pi * f * time) for f in hertz], axis=0, dtype=np.float32)


def _hiss(seconds: float = 0.3) -> Float32:
    noise = np.random.default_rng(1).normal(0, 0.1, round(seconds * RATE))
    return np.diff(noise, n=4, prepend=np.zeros(4)).astype(np.float32) / 8


@pytest.mark.parametrize(
    ("sound", "shapes"),
    [
        (_tone(700, 1200), {"aa"}),
        (_tone(300, 350), {"U"}),
        (_tone(300) + _tone(2400) / 3, {"I"}),
        (_hiss(), {"SS", "CH"}),
        (np.zeros(RATE, np.float32), {"sil"}),
    ],
)
def test_a_sound_has_its_shape(sound: Float32, shapes: set[str]) -> None:
    found = visemes_of_sound(sound, RATE)

    longest = max(found, key=lambda one: one.end_s - one.start_s)
    assert longest.shape in shapes


def test_nothing_has_no_shape() -> None:
    assert visemes_of_sound(np.zeros(0, np.float32), RATE) == ()


def test_it_covers_speech_and_rests_where_that_is_silent(voice: Voice) -> None:
    spoken = voice.speak("Good morning. How are you?")

    found = visemes_of_sound(spoken.samples, spoken.rate_hz)

    assert found[0].start_s == 0
    assert found[-1].end_s == pytest.approx(spoken.seconds)
    assert all(one.end_s == other.start_s for one, other in itertools.pairwise(found))
    assert {one.shape for one in found} <= set(VISEMES)
    resting = sum(one.end_s - one.start_s for one in found if one.shape == "sil")
    known = sum(one.end_s - one.start_s for one in spoken.visemes if one.shape == "sil")
    assert resting == pytest.approx(known, abs=0.15)
