"""The loudness of a sound, which a drawn mouth follows."""

from __future__ import annotations

import numpy as np

from desktop.speech.loudness import loudness

RATE_HZ = 16_000


def test_a_tone_after_silence_is_loud_where_it_sounds() -> None:
    silence = np.zeros(RATE_HZ // 2, np.float32)
    tone = 0.3 * np.sin(2 * np.pi * 200 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)

    found = loudness(np.concatenate([silence, tone]), RATE_HZ)

    assert len(found) == 75
    assert set(found[:25]) == {0.0}
    assert min(found[25:]) > 0.95


def test_what_is_quieter_is_less_loud_and_nothing_is_more_than_whole() -> None:
    tone = np.sin(2 * np.pi * 200 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)

    found = loudness(np.concatenate([0.1 * tone, 0.5 * tone]), RATE_HZ)

    assert np.allclose(found[:50], 0.2, atol=0.02)
    assert max(found) <= 1.0


def test_silence_and_less_than_a_moment_are_not_loud() -> None:
    assert set(loudness(np.zeros(RATE_HZ, np.float32), RATE_HZ)) == {0.0}
    assert loudness(np.ones(100, np.float32), RATE_HZ) == ()
