"""A text of English, Chinese or both as sounded words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runtime.speech.voice.chinese import words as chinese
from runtime.speech.voice.chinese.numbers import AMOUNT
from runtime.speech.voice.english import words as english
from runtime.speech.voice.english.lexicon import Lexicon
from runtime.speech.voice.spoken import Sounded

_HAN = re.compile(f"[{chinese.HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ž]+")
_COUNTED_WORD = re.compile(r"(?<![\d°A-Za-zÀ-ž])[A-Za-zÀ-ž]+")
"""A word in Latin letters that is no unit."""
_WESTERN = r"[^\u3000-\u9fff\uff01-\uff5e]"
"""A character that no Chinese text has of its own."""
_WORDS_IN_CHINESE = re.compile(
    f"(?:{re.sub(r'[?]P<p[0-9]+>', '?:', AMOUNT.pattern)})"
    rf"|(?P<word>[A-Za-zÀ-ž](?:{_WESTERN}*[A-Za-zÀ-ž])?(?:[-.]?\d+)?[.?!]?)"
)
"""Amounts in Chinese, their units included, and words in Latin letters."""
_ENGLISH = re.compile(rf"(?P<word>(?:(?!\d[\d.,]*[{chinese.HAN}]){_WESTERN})+)")
"""All but numbers that stand before a Chinese character."""


def language_of(text: str) -> str:
    """`zh` where more is said in Chinese than in Latin letters, else `en`; a word counts as much
    as two characters."""
    return "zh" if len(_HAN.findall(text)) > 2 * len(_COUNTED_WORD.findall(text)) else "en"


def sounded(text: str, lexicon: Lexicon, language: str = "") -> list[Sounded]:
    """Every word of a text with its phonemes.

    Args:
        language: how numbers that stand alone are said, `en` or `zh`; by default as `language_of`
            the text.
    """
    found: list[Sounded] = []
    for script, run in _runs(text, language or language_of(text)):
        words = english.sounded(run, lexicon) if script == "en" else chinese.sounded(run)
        found += _apart(found, words)
    return found


def _runs(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Parts of a text by script; what belongs to neither follows the language."""
    if not _HAN.search(text):
        yield ("en" if _LATIN_WORD.search(text) else language), text
        return
    pattern = _WORDS_IN_CHINESE if language == "zh" else _ENGLISH
    at = 0
    for match in filter(lambda found: found["word"], pattern.finditer(text)):
        yield "zh", text[at : match.start()]
        yield "en", match.group()
        at = match.end()
    yield "zh", text[at:]


def _apart(before: list[Sounded], words: list[Sounded]) -> list[Sounded]:
    """New words, with a space between them and those before."""
    if before and words and not before[-1].after:
        before[-1] = Sounded(before[-1].text, before[-1].phonemes, " ")
    return words
