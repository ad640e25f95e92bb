"""What of an utterance was heard, by the clock of what was really played. Knows no sound."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.speech.protocol import UtteranceId, Word


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
