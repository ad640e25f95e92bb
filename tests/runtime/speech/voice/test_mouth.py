"""Shapes of the mouth from phonemes with times."""

from __future__ import annotations

import itertools

import numpy as np

from plugins.avatar.visemes import Viseme
from runtime.speech.voice.mouth import visemes
from runtime.speech.voice.spoken import RATE_HZ, Float32
from runtime.speech.voice.timing import Phoneme


def _sound(loud_s: float, quiet_s: float = 0.0) -> Float32:
    tone = 0.3 * np.sin(np.arange(round(loud_s * RATE_HZ)) * 0.1)
    return np.concatenate([tone, np.zeros(round(quiet_s * RATE_HZ))]).astype(np.float32)


def _phonemes(symbols: str, each_s: float = 0.1) -> list[Phoneme]:
    return [Phoneme(one, 0, at * each_s, (at + 1) * each_s) for at, one in enumerate(symbols)]


def _shapes(found: tuple[Viseme, ...]) -> list[str]:
    return [one.shape for one in found]


def test_phonemes_have_their_shapes_one_after_the_other() -> None:
    found = visemes(_phonemes("mɑf"), _sound(0.3))

    assert _shapes(found) == ["PP", "aa", "FF"]
    assert found[0].start_s == 0 and abs(found[-1].end_s - 0.3) < 1e-6
    assert all(one.end_s == other.start_s for one, other in itertools.pairwise(found))


def test_a_diphthong_has_two_shapes() -> None:
    assert _shapes(visemes(_phonemes("mO"), _sound(0.2))) == ["PP", "O", "U"]


def test_a_mark_of_stress_begins_the_sound_that_follows() -> None:
    found = visemes(_phonemes("mˈɑ"), _sound(0.3))

    assert _shapes(found) == ["PP", "aa"] and abs(found[1].start_s - 0.1) < 0.011


def test_the_mouth_rests_in_a_pause() -> None:
    assert _shapes(visemes(_phonemes("mɑ"), _sound(0.2, quiet_s=0.3))) == ["PP", "aa", "sil"]


def test_what_is_too_short_to_be_seen_leaves_its_time_to_its_neighbour() -> None:
    quick = [Phoneme("m", 0, 0.0, 0.1), Phoneme("f", 0, 0.1, 0.12), Phoneme("ɑ", 0, 0.12, 0.3)]

    assert _shapes(visemes(quick, _sound(0.3))) in (["PP", "aa"], ["PP", "FF", "aa"])
