"""What was heard of what was written is counted by the device's own times."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.devices.playing import Played, Playing, Reference

RATE_HZ = 1000
ONES = np.ones(1000, np.float32)


def test_only_what_was_written_counts_and_only_once_it_is_heard() -> None:
    playing = Playing(RATE_HZ)
    playing.take(100, 10.0)
    playing.write(ONES[:50])
    playing.take(100, 10.1)
    assert playing.played_s(10.1) == 0
    assert playing.played_s(10.12) == pytest.approx(0.02)
    assert playing.buffered_s(10.12) == pytest.approx(0.03)
    assert playing.played_s(11) == pytest.approx(0.05)


def test_a_device_that_fills_its_buffer_is_believed_for_the_first_block_only() -> None:
    playing = Playing(RATE_HZ)
    playing.write(ONES)
    for _ in range(4):
        played = playing.take(100, 10.0)
    assert played.heard_at == pytest.approx(10.3, abs=0.004)


def test_the_clock_never_goes_back() -> None:
    playing = Playing(RATE_HZ)
    playing.write(ONES)
    playing.take(500, 10.0)
    assert playing.played_s(10.4) == pytest.approx(0.4)
    playing.clear(10.2)
    assert playing.played_s(10.3) == pytest.approx(0.4)
    assert playing.buffered_s(10.3) == 0


def test_ducking_has_no_step() -> None:
    playing = Playing(16_000)
    playing.write(np.ones(1600, np.float32))
    playing.duck(12)
    heard = playing.take(1600, 0.0).samples
    assert heard[-1] == pytest.approx(10 ** (-12 / 20))
    assert np.max(np.abs(np.diff(heard))) < 0.01


RAMP = np.arange(1, 16_001, dtype=np.float32)


def playing(begin: float, samples: np.ndarray, reference: Reference | None = None) -> Reference:
    """A reference of what was played from a moment on, in blocks of 10 ms."""
    reference = reference or Reference(16_000)
    for at in range(0, len(samples), 160):
        reference.add(Played(samples[at : at + 160], begin + at / 16_000))
    return reference


def test_the_reference_is_silent_where_nothing_was_played_and_where_it_was_cut() -> None:
    reference = Reference(16_000)
    assert not np.any(reference.until(0.0, 160))
    reference = playing(10.0, RAMP[:1600])
    assert np.all(reference.until(10.0, 160) > 0)
    reference.cut(10.05)
    assert not np.any(reference.until(10.07, 160))


def test_the_reference_goes_on_where_it_was_while_the_clock_trembles() -> None:
    reference = playing(10.0, RAMP)
    first = reference.until(10.1, 160)
    second = reference.until(10.113, 160)
    assert second[0] == first[-1] + 1
    third = reference.until(10.5, 160)
    assert third[-1] == pytest.approx(8320, abs=2)


def test_the_reference_is_of_the_time_that_is_asked_for_however_late_that_is() -> None:
    reference = playing(10.0, RAMP)
    assert reference.until(10.2, 160)[-1] == pytest.approx(3520, abs=2)
    assert reference.until(10.21, 160)[-1] == pytest.approx(3680, abs=2)


def test_in_silence_the_reference_follows_the_clock_exactly() -> None:
    reference = playing(10.0, np.zeros(3200, np.float32))
    reference.until(10.1, 160)
    playing(10.2, RAMP, reference)
    reference.until(10.12, 160)
    assert reference.until(10.213, 160)[-1] == pytest.approx(208 + 320, abs=2)


def test_a_block_that_is_told_late_does_not_shift_the_reference() -> None:
    reference = playing(10.0, RAMP[:8000])
    reference.add(Played(RAMP[8000:8160], 10.55))
    assert reference.until(10.4, 160)[-1] == pytest.approx(6720, abs=2)
    assert reference.until(10.41, 160)[-1] == pytest.approx(6880, abs=2)


def test_after_a_gap_in_playing_the_reference_follows_it() -> None:
    reference = playing(10.0, RAMP[:8000])
    playing(10.6, RAMP[8000:], reference)
    assert reference.until(10.9, 160)[-1] == pytest.approx(8000 + 4800 + 320, abs=2)
