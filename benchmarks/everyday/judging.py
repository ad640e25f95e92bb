"""Judges answers of the everyday sets. Knows words and modalities; knows no engine."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from benchmarks.everyday.items import Item

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_MAINLY = 0.5
"""Share of a language's units, Chinese characters or words in Latin letters, in an answer that is
mainly in that language."""


def normal(text: str) -> str:
    """A text as it is compared: one form of each character, no signs of emphasis, no separators of
    thousands."""
    plain = unicodedata.normalize("NFKC", text).replace("**", "").replace("’", "'")
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain).strip()


def mainly(text: str, language: str) -> bool:
    """True if a text is mainly in a language, `en` or `zh`. A text without letters is in every
    language."""
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    if not han + latin:
        return True
    return (han if language == "zh" else latin) / (han + latin) >= _MAINLY


def faults(item: Item, answer: str, made: Sequence[str]) -> list[str]:
    """Faults of an answer that made the modalities `made`; empty if it is right."""
    text = normal(answer)
    found = []
    if Counter(made) != Counter(item.media):
        found.append(f"made {_names(made)} instead of {_names(item.media)}")
    if not item.media and not text:
        found.append("no words")
    found += [f"lacks {p.pattern}" for p in item.patterns if not p.search(text)]
    found += [f"holds {p.pattern}" for p in item.forbidden if p.search(text)]
    if item.at_most and len(text) > item.at_most:
        found.append(f"{len(text)} characters, at most {item.at_most} wanted")
    language = item.answer_in or item.language
    if item.patterns and language != "any" and not mainly(text, language):
        found.append(f"not mainly in {language}")
    return found


def _names(modalities: Sequence[str]) -> str:
    return " and ".join(modalities) or "nothing"
