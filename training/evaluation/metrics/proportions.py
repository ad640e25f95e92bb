"""Proportions of right answers with confidence intervals. Arithmetic only.

The interval is Wilson's at 95 %: unlike the usual one it is right for few answers and near 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Z = 1.959964
"""Standard deviations on either side of the middle that hold 95 %."""


@dataclass(frozen=True)
class Proportion:
    """A number of right judgements out of all judgements."""

    share: float
    """0..1; 0 when nothing was asked."""
    half_width: float
    """Half of the 95 % interval, 0..0.5."""
    n: int
    """The number of judgements."""


def proportion_of(marks: Iterable[bool]) -> Proportion:
    """The share of true marks."""
    every = list(marks)
    n = len(every)
    if n == 0:
        return Proportion(0.0, 0.5, 0)
    share = sum(every) / n
    return Proportion(share, half_width(share, n), n)


def half_width(share: float, n: int) -> float:
    """Half of Wilson's 95 % interval of a share in 0..1 that was measured on `n` from 1."""
    spread = share * (1 - share) / n + Z**2 / (4 * n**2)
    return Z * math.sqrt(spread) / (1 + Z**2 / n)
