"""Times and numbers of other programs."""

from __future__ import annotations

import pytest

from storage.clock import LATEST_MS
from storage.exchange.foreign.lenient import index, number, time_ms


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1_726_000_000.5, 1_726_000_000_500), (1_726_000_000_123, 1_726_000_000_123), (None, 0),
     ("1726", 0), (-1, 0), (True, 0), (10**40, 0)],
)  # fmt: skip
def test_seconds_and_milliseconds_are_told_apart(value: object, expected: int) -> None:
    assert time_ms(value) == expected


def test_no_time_is_later_than_can_be_shown() -> None:
    assert all(0 <= time_ms(10**power) <= LATEST_MS for power in range(60))


def test_what_is_no_number_is_none() -> None:
    assert (number(True), number("1"), index(-1), index(1.0)) == (None, None, 0, 0)
