"""The kind of request that a text is, and the things of the bundle's world that it names.

A linear reader of words: pieces of the text (words, pairs, triples, letters) are hashed into rows
of a small table, the rows are summed, and the largest sum says the kind. Table and names come with
the bundle; no model is run. Knows texts; knows no media and no conversation.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KINDS = ("make", "follow", "talk", "other")
"""A wish for a medium described in words; one about a medium that is there; plain talk; anything
else. The columns of the table."""
_TOKEN = re.compile(r"<[a-z ]+>|[a-z][a-z']*|\d+|[\u3400-\u9fff]|[^\s\w]|\w")
_MARKS = re.compile(r"[^\w\s<>']+")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class WordsRead:
    """The classification of a text."""

    kind_shares: dict[str, float]
    """The probability of each of `KINDS`; they sum to 1."""
    names: frozenset[str]
    """Attributes of the bundle's world of which a word stands in the text, `thing` among them."""


class WordReader:
    """Reads texts with one bundle's table and names."""

    def __init__(
        self,
        names: Mapping[str, Sequence[str]],
        table: NDArray[np.int8],
        scale: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> None:
        """
        Args:
            names: words and phrases by attribute; those of `other` look like a name and are none.
            table: [rows, kinds].
            scale: [kinds], what one step of the table is.
            bias: [kinds].
        """
        self._table, self._scale, self._bias = table, scale, bias
        self._pattern, self._attribute = names_pattern(names)

    def read(self, text: str) -> WordsRead:
        """The kind of a text and what it names."""
        masked, names = mask(text, self._pattern, self._attribute)
        rows = hashed(masked, len(self._table))
        sums = self._table[rows].astype(np.float32).sum(axis=0) * self._scale
        logits = sums / np.sqrt(max(1, len(rows))) + self._bias
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        return WordsRead(dict(zip(KINDS, map(float, shares), strict=True)), names - {"other"})


def language_of(text: str) -> str | None:
    """`zh` where there is a Chinese character, `en` where there are Latin letters, else None."""
    if _HAN.search(text):
        return "zh"
    return "en" if re.search(r"[A-Za-z]", text) else None


def mask(
    text: str, pattern: re.Pattern[str], attribute: Mapping[str, str]
) -> tuple[str, frozenset[str]]:
    """The text in small letters with `<attribute>` in the place of every name, and the attributes.

    Args:
        pattern: of all names, as `names_pattern` makes it.
        attribute: of each name.
    """
    found: set[str] = set()

    def name(match: re.Match[str]) -> str:
        kind = attribute[match.group()]
        found.add(kind)
        return f" <{kind}> "

    plain = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    return pattern.sub(name, plain), frozenset(found)


def names_pattern(names: Mapping[str, Sequence[str]]) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for `mask` that matches all names, and the attribute of each name."""
    attribute = {word: name for name, words in names.items() for word in words}
    return _either(attribute), attribute


def hashed(masked: str, rows: int) -> NDArray[np.int64]:
    """The table's row of every piece of a masked text."""
    pieces = (zlib.crc32(piece.encode("utf-8")) % rows for piece in _pieces(masked))
    return np.fromiter(pieces, dtype=np.int64)


def _pieces(masked: str) -> Iterator[str]:
    """Words, pairs and triples of them with the borders of the text, and letters of words."""
    found = _TOKEN.findall(_MARKS.sub(" ", masked))
    words = ["0" if word.isdigit() else word for word in found]
    bordered = ["^", *words, "$"]
    for count in (1, 2, 3):
        for start in range(len(bordered) - count + 1):
            yield " ".join(bordered[start : start + count])
    for word in words:
        if len(word) > 3 and word[0] != "<":
            spelt = f"#{word}#"
            yield from (f"~{spelt[at : at + 4]}" for at in range(len(spelt) - 3))


def _either(attribute: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern of all names, the longest first; those in Latin letters are whole words."""
    longest = sorted(attribute, key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in longest if word.isascii())
    other = "|".join(re.escape(word) for word in longest if not word.isascii())
    parts = [rf"\b(?:{latin})\b"] if latin else []
    parts += [other] if other else []
    return re.compile("|".join(parts) or r"(?!)", re.ASCII)
