"""Finds the passages of a long text that fit a question, by their words (Okapi BM25).

Words of Latin scripts count as they are, without their plural; Chinese, Japanese and Korean count
by pairs of characters. A question without words of the text, as "summarise this", gets passages
from everywhere in it. Knows no model.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_K1, _B = 1.5, 0.75
"""BM25's constants: the saturation of repeated words, and the penalty on long passages."""
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+|[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_COMMON = frozenset(
    "a an and are as at be by can do does for from give has have how i in is it its me my of on or "
    "please say says tell that the their there this to was what when where which who why will with "
    "you your about file document text page pdf summarise summarize summary".split()
)
_COMMON_CJK = (
    "什么",
    "怎么",
    "哪里",
    "哪个",
    "多少",
    "请问",
    "文件",
    "文档",
    "总结",
    "这个",
    "里面",
)


@dataclass(frozen=True)
class Passage:
    """A piece of a text."""

    kind: str
    """The kind, see `plugins.api.Observation`."""
    text: str
    place: str
    """The place, in words for the user; may be empty."""


def best_passages(
    passages: Sequence[Passage], question: str, room: int, count: Callable[[str], int]
) -> list[Passage]:
    """The passages that fit the question best and have at most `room` tokens together, in the order
    of the text; at least the best one, cut to the room if it alone is longer."""
    scores = _scores([_terms(passage.text) for passage in passages], _terms(question))
    if any(scores):
        order = sorted(range(len(passages)), key=lambda i: (-scores[i], i))
        order = [i for i in order if scores[i] > 0]
    else:
        order = _spread(len(passages))
    kept: list[int] = []
    left = room
    for i in order:
        size = count(passages[i].text)
        if size <= left:
            kept.append(i)
            left -= size
        elif not kept:
            return [_shortened(passages[i], room / size)]
    return [passages[i] for i in sorted(kept)]


def _terms(text: str) -> Counter[str]:
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()):
        if _CJK.match(word):
            pairs = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
            found += [pair for pair in pairs if pair not in _COMMON_CJK]
        elif word not in _COMMON:
            found.append(word[:-1] if len(word) > 3 and word.endswith("s") else word)
    return Counter(found)


def _scores(texts: Sequence[Counter[str]], question: Counter[str]) -> list[float]:
    """The fit of each text to the question; 0 if they share no word."""
    average = sum(text.total() for text in texts) / max(len(texts), 1) or 1.0
    weights = {
        term: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5))
        for term in question
        if (n := sum(term in text for text in texts))
    }
    return [
        sum(
            weight * (text[term] * (_K1 + 1)) / (text[term] + _K1 * _length(text, average))
            for term, weight in weights.items()
            if term in text
        )
        for text in texts
    ]


def _length(text: Counter[str], average: float) -> float:
    return 1 - _B + _B * text.total() / average


def _spread(count: int) -> list[int]:
    """Every index once, the first and the last first, then always in the middle of what is between:
    the beginning of the list is spread over the whole."""
    order, gaps = [0, count - 1] if count > 1 else [0], [(0, count - 1)]
    while gaps:
        begin, end = gaps.pop(0)
        middle = (begin + end) // 2
        if middle in (begin, end):
            continue
        order.append(middle)
        gaps += [(begin, middle), (middle, end)]
    return order


def _shortened(passage: Passage, share: float) -> Passage:
    """The beginning of a passage, marked as such."""
    text = passage.text[: max(1, int(len(passage.text) * share * 0.9))]
    return Passage(passage.kind, f"{text} [...]", passage.place)
