"""Voices are told from silence, noise and tones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.voice import noises
from plugins.errors import KnownError
from runtime.speech.hearing.sounds import WINDOW, Float32
from runtime.speech.hearing.voice_activity import FILE, VoiceActivity


def voices(folder: Path, samples: Float32) -> list[bool]:
    found = VoiceActivity(folder)
    starts = range(0, len(samples) - WINDOW + 1, WINDOW)
    return [found.probability(samples[at : at + WINDOW]) > 0.5 for at in starts]


def test_people_are_voices(turn_taking: Path, people: dict[str, tuple[Float32, str]]) -> None:
    for samples, _ in people.values():
        quiet = noises.silence(1.0)
        found = voices(turn_taking, np.concatenate((quiet, samples, quiet)))
        assert 0.3 < sum(found) * WINDOW / len(samples) <= 1
        assert not any(found[:25]) and not any(found[-20:])


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(80_000, np.float32),
        noises.silence(5),
        noises.noise(5),
        noises.hiss(5),
        noises.tones(5),
        np.tile(np.concatenate((noises.tap(), noises.silence(0.4))), 8),
    ],
    ids=["zeros", "silence", "noise", "hiss", "tones", "taps"],
)
def test_what_is_no_voice_is_none(turn_taking: Path, sound: Float32) -> None:
    assert sum(voices(turn_taking, sound)) <= 2


def test_a_missing_or_broken_model_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="found no such file; fetch it again"):
        VoiceActivity(tmp_path)
    (tmp_path / FILE).write_bytes(b"no model")
    with pytest.raises(KnownError, match="cannot be read") as told:
        VoiceActivity(tmp_path)
    assert "\n" not in str(told.value)
