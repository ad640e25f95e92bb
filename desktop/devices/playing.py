"""What a loudspeaker plays next, and what of it has been heard. Knows no device.

The device asks for samples some milliseconds before they are heard and says when that will be. So
there is a clock of what was really played, and the echo of it can be told from a person's voice.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from statistics import median
from typing import NamedTuple

import numpy as np

from desktop.devices.audio import Float32
from desktop.devices.frames import RATE_HZ, Resampler
from desktop.devices.steady_clock import Latest

RAMP_S = 0.01
"""From one loudness to another, so that nothing clicks."""
SLACK_S = 0.001
"""How much earlier than the end of a block the next may be heard."""
KEPT_S = 3.0
"""How much of what was played is kept as a reference; a microphone may be read that late."""
LEAD_S = 0.02
"""How far the reference is ahead of the ear: an echo must never come before what it is an echo of,
however the clocks tremble."""
STEP_S = 0.015
"""How far the reference may be from the clock before it jumps there."""
_AUDIBLE = 1e-4


class Played(NamedTuple):
    """A block that the device took."""

    samples: Float32
    heard_at: float
    """When its first sample is heard, in seconds of `time.monotonic()`."""


class Segment(NamedTuple):
    """A part of what was written that the device took at once."""

    heard_at: float
    length: int


class Playing:
    """The queue between who speaks and the loudspeaker. Every method may be called anywhere."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._lock = threading.Lock()
        self._waiting: deque[Float32] = deque()
        self._waiting_count = 0
        self._taken: deque[Segment] = deque()
        self._settled = 0
        self._gain = self._wanted = 1.0
        self._latest_s = self._end_at = 0.0

    def write(self, samples: Float32) -> None:
        """Play [n] samples after all that waits."""
        if len(samples):
            with self._lock:
                self._waiting.append(samples.astype(np.float32))
                self._waiting_count += len(samples)

    def take(self, count: int, heard_at: float) -> Played:
        """The next [count] samples for the device, silence where nothing waits.

        A device that fills its buffer says of every block that it is heard now; it is heard after
        the one before.
        """
        with self._lock:
            heard_at = max(heard_at, self._end_at - SLACK_S)
            self._end_at = heard_at + count / self._rate_hz
            block = np.zeros(count, np.float32)
            filled = self._fill(block)
            if filled:
                self._taken.append(Segment(heard_at, filled))
            block *= self._gains(count)
            return Played(block, heard_at)

    def clear(self, now: float) -> None:
        """Forget all that is not heard yet, which the device drops, and be loud again."""
        with self._lock:
            self._waiting.clear()
            self._waiting_count = 0
            heard = ((s.heard_at, int(self._heard(s, now))) for s in self._taken)
            self._taken = deque(Segment(*part) for part in heard if part[1])
            self._gain = self._wanted = 1.0
            self._end_at = 0.0

    def duck(self, db: float) -> None:
        """Be quieter by `db` decibels from now on; 0 is full loudness."""
        with self._lock:
            self._wanted = 10 ** (-abs(db) / 20)

    def played_s(self, now: float) -> float:
        """Seconds of what was written that have been heard; never less than before."""
        with self._lock:
            while self._taken and now >= self._end(self._taken[0]):
                self._settled += self._taken.popleft().length
            heard = sum(self._heard(segment, now) for segment in self._taken)
            self._latest_s = max(self._latest_s, (self._settled + heard) / self._rate_hz)
            return self._latest_s

    def buffered_s(self, now: float) -> float:
        """Seconds of what was written that will still be heard."""
        with self._lock:
            ahead = sum(s.length - self._heard(s, now) for s in self._taken)
            return (self._waiting_count + ahead) / self._rate_hz

    def _heard(self, segment: Segment, now: float) -> float:
        return min(float(segment.length), max(0.0, (now - segment.heard_at) * self._rate_hz))

    def _end(self, segment: Segment) -> float:
        return segment.heard_at + segment.length / self._rate_hz

    def _fill(self, block: Float32) -> int:
        """Move what waits into a block, as far as it goes; how many samples."""
        filled = 0
        while self._waiting and filled < len(block):
            chunk = self._waiting.popleft()
            fits = min(len(chunk), len(block) - filled)
            block[filled : filled + fits] = chunk[:fits]
            filled += fits
            if fits < len(chunk):
                self._waiting.appendleft(chunk[fits:])
        self._waiting_count -= filled
        return filled

    def _gains(self, count: int) -> Float32:
        """[count] factors on the way to the wanted loudness."""
        step = count / (RAMP_S * self._rate_hz)
        change = float(np.clip(self._wanted - self._gain, -step, step))
        ramp = np.linspace(self._gain, self._gain + change, count, dtype=np.float32)
        self._gain += change
        return ramp


class Reference:
    """What was heard from the loudspeaker, at 16 kHz, in step with a microphone."""

    def __init__(self, rate_hz: int) -> None:
        self._resample = Resampler(rate_hz, RATE_HZ)
        self._rate_hz = rate_hz
        self._lock = threading.Lock()
        self._samples = np.zeros(0, np.float32)
        self._begin = 0
        """The number of the first sample that is kept, counted from the beginning of all."""
        self._began_at = Latest(median)
        self._taken = 0
        self._anchor: float | None = None
        """When the first of all samples would have been heard, had there been no gap since."""
        self._next = 0
        self.stepped_at = -math.inf
        """The latest time of which it is in doubt what was heard: not all of it is known, or there
        was a step."""

    def add(self, played: Played) -> None:
        """Take what the device took. Quick: the device waits for it."""
        count = len(played.samples)
        block = self._resample(played.samples)
        with self._lock:
            self._anchor = self._began_at(played.heard_at - self._taken / self._rate_hz)
            self._taken += count
            held = np.concatenate([self._samples, block])
            dropped = max(0, len(held) - int(KEPT_S * RATE_HZ))
            self._samples, self._begin = held[dropped:], self._begin + dropped

    def until(self, at: float, count: int) -> Float32:
        """The [count] samples up to what is heard 20 ms after a time, next to those of the call
        before; silence where nothing was played."""
        with self._lock:
            if self._anchor is None:
                return np.zeros(count, np.float32)
            wanted = int((at + LEAD_S - self._anchor) * RATE_HZ) - count
            next_, there = self._slice(self._next, count), self._slice(wanted, count)
            far = abs(self._next - wanted) > STEP_S * RATE_HZ
            heard = _audible(next_) or _audible(there)
            steps = far or not heard  # In silence nobody hears a step.
            self._next = (wanted if steps else self._next) + count
            if heard and (far or self._missing()):
                self.stepped_at = at
            return there if steps else next_

    def _missing(self) -> bool:
        """Whether what comes next was asked for before the device took it, or far too late."""
        return not self._begin <= self._next <= self._begin + len(self._samples)

    def cut(self, now: float) -> None:
        """Take what is not heard yet as silence: the device drops it."""
        with self._lock:
            if self._anchor is not None:
                heard = int((now - self._anchor) * RATE_HZ) - self._begin
                self._samples[max(0, heard) :] = 0
                self._began_at.forget()

    def _slice(self, begin: int, count: int) -> Float32:
        block = np.zeros(count, np.float32)
        low = max(begin, self._begin)
        high = min(begin + count, self._begin + len(self._samples))
        if low < high:
            block[low - begin : high - begin] = self._samples[
                low - self._begin : high - self._begin
            ]
        return block


def _audible(samples: Float32) -> bool:
    return bool(np.abs(samples).max(initial=0.0) > _AUDIBLE)
