"""Words that are looked for: taken apart, asked of an index, shown in context. Knows no table.

Words of three characters and more are looked up in a trigram index. Shorter ones, the commonest in
Chinese, are compared with the rows, or looked up as the begin of trigrams.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple

INDEXED = 3
"""Characters of the shortest word that an index knows."""
_BEFORE, _AFTER = 40, 80
"""Characters of context around the first find."""
MOST_WORDS = 64
"""Different words of a text that are looked for."""
MOST_TERMS = 500
"""Trigrams that may begin with a word of two characters, before all rows are compared instead."""


class Words(NamedTuple):
    """What was typed, taken apart."""

    indexed: tuple[str, ...]
    short: tuple[str, ...]

    @property
    def pairs(self) -> tuple[str, ...]:
        """The short words of two characters."""
        return tuple(word for word in self.short if len(word) == 2)

    @property
    def all(self) -> tuple[str, ...]:
        """Every word and quoted phrase."""
        return self.indexed + self.short


def split(text: str) -> Words:
    """Words and "quoted phrases", those that the index knows and those too short for it, each once.

    Of a text with more than `MOST_WORDS` the first ones count: who pastes a page looks for the
    place that holds it, and its beginning tells that place.
    """
    clean = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    found = [quoted or word for quoted, word in re.findall(r'"([^"]+)"|([^\s"]+)', clean)]
    words = list(dict.fromkeys(word for word in found if word.strip()))[:MOST_WORDS]
    return Words(
        tuple(word for word in words if len(word) >= INDEXED),
        tuple(word for word in words if len(word) < INDEXED),
    )


def excerpt(text: str, words: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text around the first find on one line, and where in it the words stand."""
    pattern = re.compile("|".join(re.escape(word) for word in words) or r"(?!)", re.IGNORECASE)
    first = pattern.search(text)
    at, end = first.span() if first else (0, 0)
    begin, stop = max(0, at - _BEFORE), min(len(text), end + _AFTER)
    cut = re.sub(r"\s", " ", text[begin:stop])
    before, after = "…" if begin else "", "…" if stop < len(text) else ""
    spans = tuple(
        (found.start() + len(before), found.end() + len(before)) for found in pattern.finditer(cut)
    )
    return f"{before}{cut}{after}", spans


def folded(text: str) -> str:
    """The text as it is compared where no index does: without regard to case, to full and half
    width and to the way in which accents are written."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def holds(text: str, words: Sequence[str]) -> bool:
    """Whether every word stands somewhere in the text, whatever the case."""
    inside = folded(text)
    return all(folded(word) in inside for word in words)


def spans_in(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where the words stand in a text: begin and end, in characters."""
    pattern = re.compile("|".join(re.escape(word) for word in words) or r"(?!)", re.IGNORECASE)
    return tuple(found.span() for found in pattern.finditer(text))


def all_of(words: Sequence[str]) -> str | None:
    """What FTS5 is asked for rows with every one of these words; None where there are none."""
    return " AND ".join(_quoted(word) for word in words) or None


def beginning_with(connection: sqlite3.Connection, terms: str, pairs: Sequence[str]) -> str | None:
    """What FTS5 is asked for rows with every one of these words of two characters; None where there
    are none, or too many trigrams begin with one. `terms` is the index's vocabulary."""
    groups = []
    for pair in pairs:
        found = connection.execute(
            f"SELECT term FROM {terms} WHERE term >= ? AND term < ? LIMIT ?",
            (pair.lower(), f"{pair.lower()}\U0010ffff", MOST_TERMS),
        ).fetchall()
        if len(found) == MOST_TERMS:
            return None
        groups.append(" OR ".join(_quoted(term) for (term,) in found) or _quoted(f"{pair}\n\n"))
    return " AND ".join(f"({group})" for group in groups) or None


def occurs(column: str, word: str) -> tuple[str, list[Any]]:
    """The condition that a word stands in a column, and its values."""
    # LIKE knows upper and lower case of ASCII letters only.
    cases = sorted({word, word.lower(), word.upper(), word.capitalize()})
    either = " OR ".join([rf"{column} LIKE ? ESCAPE '\'"] * len(cases))
    return f"({either})", [f"%{_escaped(case)}%" for case in cases]


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)
