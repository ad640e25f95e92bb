"""How far a rendering or a reading is and how long it will still take. Knows numbers only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """The latest of one artifact that is being made."""

    message_id: int
    index: int
    """Which artifact of its message, from 0."""
    step: int
    of: int
    eta_s: float
    """Seconds; -1 while nobody can know."""
    preview: bytes | None = None
    """A small PNG; None when this step made none."""


@dataclass(frozen=True)
class ReadingProgress:
    """A reader is at work on a medium for an answer."""

    message_id: int
    """Of the answer."""
    sha256: str
    """Of the medium."""
    reader: str
    """Its id."""
    step: int
    of: int
    """0 where the end is not known."""


@dataclass(frozen=True)
class CallProgress:
    """How far a call of a tool is."""

    message_id: int
    """Of the answer."""
    call_id: str
    step: int
    of: int
    """0 where the end is not known."""


class Pace:
    """Estimates the time left from the steps so far."""

    def __init__(self) -> None:
        self._first: tuple[int, float] | None = None

    def eta_s(self, step: int, of: int, now_s: float) -> float:
        """Seconds left at `now_s`, of any clock; -1 before the second step."""
        if self._first is None:
            self._first = (step, now_s)
            return -1.0
        done = step - self._first[0]
        if done <= 0:
            return -1.0
        return max(0.0, (now_s - self._first[1]) / done * (of - step))
