"""Search words: split, turned into index queries, shown in context. Knows no table.

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
    """A query split into its words."""

    indexed: tuple[str, ...]
    short: tuple[str, ...]

    @property
    def pairs(self) -> tuple[str, ...]:
        """The short words of two characters."""
        return tuple(word for word in self.short if length(word) == 2)

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
    words = list({forms(word)[-1]: word for word in found if word.strip()}.values())[:MOST_WORDS]
    return Words(
        tuple(word for word in words if length(word) >= INDEXED),
        tuple(word for word in words if length(word) < INDEXED),
    )


def forms(word: str) -> tuple[str, ...]:
    """The word as it was typed, with its accents composed, and with them apart: texts and names of
    files come in either way, and all of them are the same word."""
    if word.isascii():
        return (word,)
    others = (unicodedata.normalize(form, word) for form in ("NFC", "NFD"))
    return tuple(dict.fromkeys((word, *others)))


def length(word: str) -> int:
    """Characters of the word in its shortest form."""
    return min(len(form) for form in forms(word))


def excerpt(text: str, words: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text around the first match on one line, and the places of the words in it."""
    pattern = _pattern(words)
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
    """True if every word occurs somewhere in the text, ignoring case."""
    inside = folded(text)
    return all(folded(word) in inside for word in words)


def spans_in(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The places of the words in a text: start and end, in characters."""
    return tuple(found.span() for found in _pattern(words).finditer(text))


def all_of(words: Sequence[str]) -> str | None:
    """The FTS5 query for rows with every one of these words; None if there are none."""
    groups = (" OR ".join(_quoted(form) for form in forms(word)) for word in words)
    return " AND ".join(f"({group})" for group in groups) or None


def beginning_with(connection: sqlite3.Connection, terms: str, pairs: Sequence[str]) -> str | None:
    """The FTS5 query for rows with every one of these two-character words; None if there are none,
    or if too many trigrams begin with one. `terms` is the index's vocabulary."""
    groups = []
    for pair in pairs:
        found: list[str] = []
        for form in forms(pair):
            found += _terms(connection, terms, form) if len(form) < INDEXED else [form]
        if len(found) >= MOST_TERMS:
            return None
        groups.append(" OR ".join(_quoted(term) for term in found) or _quoted(f"{pair}\n\n"))
    return " AND ".join(f"({group})" for group in groups) or None


def occurs(column: str, word: str) -> tuple[str, list[Any]]:
    """The SQL condition that a word occurs in a column, and its values."""
    # LIKE knows upper and lower case of ASCII letters only.
    cases = sorted(
        {
            case
            for form in forms(word)
            for case in (form, form.lower(), form.upper(), form.capitalize())
        }
    )
    either = " OR ".join([rf"{column} LIKE ? ESCAPE '\'"] * len(cases))
    return f"({either})", [f"%{_escaped(case)}%" for case in cases]


def _terms(connection: sqlite3.Connection, terms: str, begin: str) -> list[str]:
    """Trigrams that begin with two characters, `MOST_TERMS` at most."""
    rows = connection.execute(
        f"SELECT term FROM {terms} WHERE term >= ? AND term < ? LIMIT ?",
        (begin.lower(), f"{begin.lower()}\U0010ffff", MOST_TERMS),
    )
    return [term for (term,) in rows]


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Any of the words in any of their forms, the longest first; nothing where there are none."""
    every = sorted({form for word in words for form in forms(word)}, key=len, reverse=True)
    return re.compile("|".join(re.escape(form) for form in every) or r"(?!)", re.IGNORECASE)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)
