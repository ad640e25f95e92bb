"""Times of rows and imports, whatever these hold."""

from __future__ import annotations

from typing import Any

import pytest

from storage.clock import LATEST_MS, is_time, moment, now_ms, sensible_ms


def test_now_is_a_time() -> None:
    assert is_time(now_ms())


@pytest.mark.parametrize(
    ("value", "time"),
    [
        (1_700_000_000_000, 1_700_000_000_000),
        (1_700_000_000_000_000, 1_700_000_000_000),
        (1_700_000_000_000_000_000, 1_700_000_000_000),
        (12.7, 12),
        (-5, 0),
        (2**64, 0),
        ("noon", 0),
        (None, 0),
    ],
)
def test_anything_becomes_a_time_that_can_be_shown(value: Any, time: int) -> None:
    assert sensible_ms(value) == time
    assert moment(value).year >= 1970


def test_only_whole_milliseconds_up_to_2200_are_times() -> None:
    assert [is_time(v) for v in (0, LATEST_MS, LATEST_MS + 1, -1, 1.0, True)] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
