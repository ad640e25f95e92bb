"""How well a few letters fit a name: words in any order, beginnings, initials, letters left out.

Names are compared folded; every character of that stands where the one stands that it was made of,
so that places in it are places in the name. Knows no Qt and no library.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

WHOLE, BEGINNING, BOUNDARY, WITHIN, INITIALS, SCATTERED, MISTYPED = (
    4.0,
    3.0,
    2.6,
    1.8,
    2.2,
    1.4,
    0.6,
)
"""Points of a word that is the whole name, its beginning, the beginning of a word in it, anywhere
in it, the first letters of its words, letters in order with others between them, or nearly so."""
SHORTEST_SCATTERED = 3
"""Letters; fewer of them are in order in nearly everything."""
WIDEST_GAP = 6
"""Characters between two letters that are in order."""
SHORTEST_MISTYPED = 4
"""Letters of a word in which one may be wrong."""

Spans = tuple[tuple[int, int], ...]


class Match(NamedTuple):
    """How something fits."""

    score: float
    spans: Spans = ()
    """The places that fit: start and end, in characters."""


class Name(NamedTuple):
    """A name, ready to be compared often."""

    text: str
    """Folded."""
    initials: str
    """The first letters of its words."""
    begins: tuple[int, ...]
    """Where its words begin."""


@dataclass(frozen=True)
class _Word:
    """One word that is looked for."""

    text: str
    possible: re.Pattern[str]
    """Finds something in every name that may fit: most do not, and are told apart quickly."""
    beginning: re.Pattern[str]
    """As the beginning of a word."""
    scattered: re.Pattern[str] | None
    """Its letters in order."""
    mistyped: re.Pattern[str] | None
    """With one letter missing, too many, or in the place of its neighbour."""


_BEGIN = r"(?<![^\W_])"
_WORDS = re.compile(rf"{_BEGIN}[^\W_]")


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    return unicodedata.normalize("NFKD", character)[0].casefold()[0]


def folded(text: str) -> str:
    """The text as it is compared, as long as it was: without regard to case, accents and width."""
    return text.lower() if text.isascii() else "".join(map(_fold, text))


def name(text: str) -> Name:
    """A name that is to be compared."""
    low = folded(text)
    begins = tuple(found.start() for found in _WORDS.finditer(low))
    return Name(low, "".join(low[at] for at in begins), begins)


class Wanted:
    """What is looked for."""

    def __init__(self, query: str) -> None:
        self._words = [_word(text) for text in folded(query).split()]
        self._possible = [word.possible.search for word in self._words]

    @property
    def empty(self) -> bool:
        """Whether nothing is looked for, which everything fits."""
        return not self._words

    def match(self, there: Name, *, mistyped: bool = False) -> Match | None:
        """How every word fits a name; None where one does not. With `mistyped`, one letter of a
        word may be missing, too many, or in the place of its neighbour."""
        if not mistyped:
            for search in self._possible:
                if search(there.text) is None:
                    return None
        score, spans = 0.0, list[tuple[int, int]]()
        for word in self._words:
            found = _literal(word, there) or _initials(word, there) or _scattered(word, there)
            if found is None and mistyped:
                found = _mistyped(word, there)
            if found is None:
                return None
            score += found.score
            spans += found.spans
        return Match(score / max(1, len(self._words)), _joined(spans))


def _word(text: str) -> _Word:
    scattered = mistyped = None
    if len(text) >= SHORTEST_SCATTERED:
        between = f".{{0,{WIDEST_GAP}}}?"
        scattered = re.compile(_BEGIN + between.join(f"({re.escape(c)})" for c in text))
    if len(text) >= SHORTEST_MISTYPED:
        others = dict.fromkeys(
            other
            for at in range(len(text))
            for head, c, rest in [(text[:at], text[at], text[at + 1 :])]
            for other in (head + rest, head + rest[:1] + c + rest[1:])
        )
        mistyped = re.compile(_BEGIN + f"(?:{'|'.join(map(re.escape, others))})")
    possible = re.compile(".*?".join(map(re.escape, text)))
    return _Word(text, possible, re.compile(_BEGIN + re.escape(text)), scattered, mistyped)


def _literal(word: _Word, there: Name) -> Match | None:
    at, length = there.text.find(word.text), len(word.text)
    if at < 0:
        return None
    if at == 0:
        return Match(WHOLE if length == len(there.text) else BEGINNING, ((0, length),))
    found = word.beginning.search(there.text, at)
    return (
        Match(WITHIN, ((at, at + length),)) if found is None else Match(BOUNDARY, (found.span(),))
    )


def _initials(word: _Word, there: Name) -> Match | None:
    """The first letters of words that follow each other."""
    at = there.initials.find(word.text) if len(word.text) > 1 else -1
    if at < 0:
        return None
    return Match(INITIALS, tuple((b, b + 1) for b in there.begins[at : at + len(word.text)]))


def _scattered(word: _Word, there: Name) -> Match | None:
    """Letters in order, near each other, from the beginning of a word on."""
    found = None if word.scattered is None else word.scattered.search(there.text)
    if found is None:
        return None
    spans = tuple(found.span(group + 1) for group in range(len(word.text)))
    return Match(SCATTERED * len(word.text) / len(found[0]), spans)


def _mistyped(word: _Word, there: Name) -> Match | None:
    found = None if word.mistyped is None else word.mistyped.search(there.text)
    return None if found is None else Match(MISTYPED, (found.span(),))


def _joined(spans: list[tuple[int, int]]) -> Spans:
    """In order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)
