"""Shares and how certain they are."""

from __future__ import annotations

import pytest

from training.evaluation.metrics.proportions import half_width, proportion_of


def test_a_share_counts_what_is_right() -> None:
    found = proportion_of([True, True, False, True])
    assert (found.share, found.n) == (0.75, 4)


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    # Wilson's 95 % intervals: Newcombe 1998, table I; and the rule for no success among ten.
    [(81 / 263, 263, 0.2553, 0.3662), (15 / 148, 148, 0.0624, 0.1605), (0.0, 10, 0.0, 0.2775)],
)
def test_the_interval_is_that_of_wilson(share: float, n: int, low: float, high: float) -> None:
    assert half_width(share, n) == pytest.approx((high - low) / 2, abs=1e-4)


def test_nothing_asked_is_no_certainty() -> None:
    assert proportion_of([]) == proportion_of(iter(()))
    assert (proportion_of([]).n, proportion_of([]).half_width) == (0, 0.5)
