"""Mouth shapes heard in a sound: real speech, tones and noise, and silence."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from plugins.avatar.visemes import VISEMES, Float32, loudness, visemes_of_sound
from tests.plugins.avatar.recordings import recordings

RATE = 24_000


def noise(seconds: float, lowest_hz: float) -> Float32:
    """Noise above a pitch, as an s is."""
    spectrum = np.fft.rfft(np.random.default_rng(0).standard_normal(round(seconds * RATE)))
    spectrum[np.fft.rfftfreq(round(seconds * RATE), 1 / RATE) < lowest_hz] = 0
    sound = np.fft.irfft(spectrum)
    return (0.2 * sound / np.abs(sound).max()).astype(np.float32)


def vowel(seconds: float, *formants_hz: float) -> Float32:
    """A buzz of 120 Hz with resonances."""
    time = np.arange(round(seconds * RATE)) / RATE
    partials = np.arange(120, 6000, 120)
    gains = sum(np.exp(-(((partials - f) / 160) ** 2)) for f in formants_hz)
    waves = np.sin(2 * np.pi * partials[:, None] * time) * np.asarray(gains)[:, None]
    sound = waves.sum(axis=0)
    return (0.4 * sound / np.abs(sound).max()).astype(np.float32)


def test_visemes_follow_one_another_to_the_end_of_real_speech() -> None:
    for samples in recordings():
        found = visemes_of_sound(samples, RATE)

        assert found[0].start_s == 0
        assert found[-1].end_s == pytest.approx(len(samples) / RATE)
        assert all(a.end_s == b.start_s for a, b in itertools.pairwise(found))
        assert {viseme.shape for viseme in found} <= set(VISEMES)
        assert len({viseme.shape for viseme in found}) >= 6
        assert 3 < len(found) / (len(samples) / RATE) < 16


@pytest.mark.parametrize(
    ("sound", "shapes"),
    [
        (np.zeros(RATE // 2, np.float32), {"sil"}),
        (noise(0.4, 5000), {"SS"}),
        (vowel(0.4, 320, 700), {"U", "O"}),
        (vowel(0.4, 750, 1250), {"aa", "E"}),
        (vowel(0.4, 300, 2300), {"E", "I"}),
    ],
    ids=["silence", "hiss", "oo", "ah", "ee"],
)
def test_a_plain_sound_has_the_shape_of_its_kind(sound: Float32, shapes: set[str]) -> None:
    found = visemes_of_sound(sound, RATE)

    longest = max(found, key=lambda viseme: viseme.end_s - viseme.start_s)
    assert longest.shape in shapes


def test_loudness_is_measured_every_20_ms_against_the_loud_places() -> None:
    sound = np.concatenate([vowel(1.0, 600), np.zeros(RATE, np.float32), 0.5 * vowel(1.0, 600)])

    found = loudness(sound, RATE)

    assert len(found) == 150
    assert found[5:45].min() > 0.8
    assert found[55:95].max() < 0.01
    assert 0.4 < found[105:145].mean() < 0.6


@pytest.mark.parametrize("count", [0, 1, 479, 480, 481])
def test_short_sounds_have_visemes_too(count: int) -> None:
    sound = np.full(count, 0.1, np.float32)

    found = visemes_of_sound(sound, RATE)

    assert len(loudness(sound, RATE)) == -(-count // 480)
    assert (found[-1].end_s == count / RATE) if count else found == ()
