"""The number of the language model's threads, adapted to what else the machine does.

llama.cpp's threads wait for each other after every layer: one that has to share its core with
another process holds up all. So it gets as many threads as cores are free, and never less than one.
Its results do not depend on their number. Knows processors and time; knows no llama.cpp.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

LEAST_WINDOW_S = 0.2
"""Processors count their time in hundredths of a second: less tells too little."""
_SPARE = 0.3
"""The share of one core that other processes may use without costing a thread."""
_WORKING = ("user", "nice", "system", "irq", "softirq", "steal")


@dataclass(frozen=True)
class Load:
    """The work that the cores of this process have done so far."""

    at: float
    """Seconds on a clock that only runs forward."""
    cores: int
    everybody: float
    """Seconds of a processor that all processes used."""
    own: float
    """The seconds of this process."""


def physical_cores() -> int:
    """Processor cores this process may use, without hyper-threading's doubles."""
    import psutil

    physical = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else physical
    return max(1, min(physical, usable))


def look() -> Load:
    """The load now."""
    import psutil

    cores = psutil.cpu_times(percpu=True)
    if hasattr(os, "sched_getaffinity"):
        usable = [cores[number] for number in os.sched_getaffinity(0) if number < len(cores)]
        cores = usable or cores
    own = psutil.Process().cpu_times()
    return Load(
        at=time.monotonic(),
        cores=len(cores),
        everybody=sum(getattr(core, kind, 0.0) for core in cores for kind in _WORKING),
        own=own.user + own.system,
    )


def threads_for(most: int, before: Load, now: Load) -> int:
    """Threads to use, 1 to `most`, after what happened between two looks."""
    passed = max(now.at - before.at, LEAST_WINDOW_S)
    others = (now.everybody - before.everybody) - (now.own - before.own)
    free = now.cores - max(others, 0.0) / passed
    return max(1, min(most, math.floor(free + _SPARE)))


class Threads:
    """Chooses the number of threads from what happened since the last choice. One thread at a
    time."""

    def __init__(self, most: int, look: Callable[[], Load] = look) -> None:
        """`most` is how many are used on an idle machine; with 1 there is no choice."""
        self._most = most
        self._chosen = most
        self._look = look
        self._seen = look()

    def choose(self) -> int:
        """The number of threads to use from now on; it stays the same if the last choice is
        recent."""
        if self._most > 1 and time.monotonic() - self._seen.at >= LEAST_WINDOW_S:
            now = self._look()
            self._chosen = threads_for(self._most, self._seen, now)
            self._seen = now
        return self._chosen
