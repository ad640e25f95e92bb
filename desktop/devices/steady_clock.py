"""When samples pass through a device, by the count of them. Knows no device.

A busy machine is told late of what a device did, and of several blocks at once; never too early. A
device takes as long for every sample, so the report that was least late tells the time of all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

REMEMBERED = 50
"""Reports of which the least late counts: half a second, as devices report every 10 ms or so."""


class Latest:
    """What the latest values say together."""

    def __init__(self, judge: Callable[[Iterable[float]], float]) -> None:
        """`judge` is `min` where values are only ever too high, else `statistics.median`."""
        self._judge = judge
        self._values: deque[float] = deque(maxlen=REMEMBERED)

    def __call__(self, value: float) -> float:
        """Take a value; what is judged of it and of those before."""
        self._values.append(value)
        return self._judge(self._values)

    def forget(self) -> None:
        """Begin anew."""
        self._values.clear()


class SteadyClock:
    """The clock of one device that runs at `rate_hz`."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._count = 0
        self._began_at = Latest(min)

    def at(self, count: int, told_at: float, *, gap: bool = False) -> float:
        """The time at which the last of the next [count] samples passed.

        Args:
            told_at: when that was reported, in seconds; later by an unknown time.
            gap: whether samples were lost before these.
        """
        if gap:
            self._began_at.forget()
        self._count += count
        passed_s = self._count / self._rate_hz
        return self._began_at(told_at - passed_s) + passed_s
