"""What a busy machine tells late of a device is put right by the count of samples."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest

from desktop.devices.steady_clock import REMEMBERED, Latest, SteadyClock

RATE_HZ = 16_000


def test_reports_that_come_late_and_in_bunches_are_put_right() -> None:
    clock, random = SteadyClock(RATE_HZ), np.random.default_rng(0)
    for number in range(1, 500):
        in_time = number % 10 == 0
        told_at = 100 + number / 100 + (0.0 if in_time else random.uniform(0, 0.3))
        found = clock.at(160, told_at)
        if number > 10:
            assert found == pytest.approx(100 + number / 100)


def test_after_a_gap_that_was_told_the_clock_is_right_at_once() -> None:
    clock = SteadyClock(RATE_HZ)
    for number in range(1, 100):
        clock.at(160, number / 100)
    assert clock.at(160, 1.5, gap=True) == pytest.approx(1.5)


def test_a_gap_that_nobody_told_is_found_with_time() -> None:
    clock = SteadyClock(RATE_HZ)
    for number in range(1, 100):
        clock.at(160, number / 100)
    found = [clock.at(160, 1.5 + number / 100) for number in range(REMEMBERED)]
    assert found[0] == pytest.approx(1.0)
    assert found[-1] == pytest.approx(1.5 + (REMEMBERED - 1) / 100)


def test_only_the_latest_values_count() -> None:
    least, usual = Latest(min), Latest(median)
    assert [least(3), least(5), least(2)] == [3, 3, 2]
    assert [usual(3), usual(5), usual(100)] == [3, 4, 5]
    for _ in range(REMEMBERED):
        last = least(7), usual(7)
    assert last == (7, 7)
