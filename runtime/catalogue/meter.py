"""The speed of a download, measured by the sizes of files on the disk."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

WINDOW_S = 5.0
"""Over which the speed is taken."""


class Meter:
    """Speed and time left of one download."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`total`: bytes that will have come at the end."""
        self.total = total
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def see(self, done: int) -> tuple[int, float, float | None]:
        """Bytes done, bytes per second, and seconds left where they are known."""
        now, done = self._clock(), min(done, self.total)
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()  # Something was begun again.
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= WINDOW_S:
            self._seen.popleft()
        begin, first = self._seen[0]
        speed = (done - first) / (now - begin) if now > begin else 0.0
        left = (self.total - done) / speed if speed > 0 else None
        return done, speed, left
