"""What of an utterance was heard, by the clock of what was really played. Knows no sound."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from desktop.speech.protocol import UtteranceId, Word

KEPT_S = 60.0
"""How long it is known when which words were heard."""


@dataclass(frozen=True)
class Placed:
    """A clause on the playing clock."""

    text: str
    start_s: float
    end_s: float
    words: tuple[Word, ...]


@dataclass
class Utterance:
    """Clauses that are spoken as one."""

    id: UtteranceId
    clauses: list[Placed] = field(default_factory=list)
    waiting: int = 0
    """Clauses whose sound is not made yet."""
    complete: bool = False
    """Whether no clause follows."""
    sounding: bool = False
    """Whether its first sound was reported."""

    @property
    def end_s(self) -> float:
        """When the last clause that was given to the loudspeaker ends."""
        return self.clauses[-1].end_s if self.clauses else 0.0

    def over(self, clock_s: float, still: bool = False) -> bool:
        """Whether all of it was heard: the clock is past its end, or the loudspeaker is `still`,
        which may be some samples before, as these are lost on the way to another rate."""
        return self.complete and not self.waiting and (still or clock_s >= self.end_s)

    def heard(self, clock_s: float) -> str:
        """The words that were heard until `clock_s`: a word counts from its middle on."""
        said = []
        for clause in self.clauses:
            if clock_s >= clause.end_s:
                said.append(clause.text)
            elif clock_s > clause.start_s:
                said.append(_begun(clause, clock_s - clause.start_s))
        return " ".join(text for text in said if text)


def _begun(clause: Placed, passed_s: float) -> str:
    """The part of a clause's text that was heard after some seconds of it."""
    if not clause.words:
        share = passed_s / max(clause.end_s - clause.start_s, 1e-6)
        return clause.text[: int(share * len(clause.text))]
    end = 0
    for word in clause.words:
        if passed_s < (word.start_s + word.end_s) / 2:
            break
        found = clause.text.find(word.text, end)
        end = found + len(word.text) if found >= 0 else end
    return clause.text[:end]


class Said:
    """When which words were heard, by the time of day. One thread adds, another may ask."""

    def __init__(self) -> None:
        self._words: deque[tuple[float, float, str]] = deque()
        """Begin and end on the playing clock, and the word."""
        self._ticks: deque[tuple[float, float]] = deque()
        """A time of day, and the playing clock then."""

    def add(self, clause: Placed) -> None:
        """Words that will be heard."""
        words = clause.words or (Word(clause.text, 0.0, clause.end_s - clause.start_s),)
        for word in words:
            self._words.append(
                (clause.start_s + word.start_s, clause.start_s + word.end_s, word.text)
            )

    def tick(self, at: float, clock_s: float) -> None:
        """The playing clock at a time of day, as often as it is known."""
        self._ticks.append((at, clock_s))
        while self._ticks[0][0] < at - KEPT_S:
            self._ticks.popleft()
        while self._words and self._words[0][1] < self._ticks[0][1]:
            self._words.popleft()

    def cut(self, clock_s: float) -> None:
        """What would have been heard after a place on the playing clock is not heard."""
        while self._words and self._words[-1][0] >= clock_s:
            self._words.pop()

    def between(self, begin_at: float, end_at: float) -> str:
        """The words that were heard between two times of day."""
        clocks = [clock_s for at, clock_s in tuple(self._ticks) if begin_at <= at <= end_at]
        if not clocks:
            return ""
        first, last = clocks[0], clocks[-1]
        return " ".join(
            word for start, end, word in tuple(self._words) if start < last and end > first
        )
