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


def test_the_reference_is_silent_where_nothing_was_played_and_where_it_was_cut() -> None:
    reference = Reference(16_000)
    assert not np.any(reference.latest(160, 0.0))
    reference.add(Played(np.ones(1600, np.float32), 10.0))
    assert np.all(reference.latest(160, 10.0)[:150] == 1)
    reference.cut(10.05)
    assert not np.any(reference.latest(160, 10.07))


def test_the_reference_goes_on_where_it_was_while_the_clock_trembles() -> None:
    reference = Reference(16_000)
    ramp = np.arange(16_000, dtype=np.float32)
    reference.add(Played(ramp, 10.0))
    first = reference.latest(160, 10.1)
    second = reference.latest(160, 10.113)
    assert second[0] == first[-1] + 1
    third = reference.latest(160, 10.5)
    assert third[-1] == pytest.approx(8320, abs=2)
