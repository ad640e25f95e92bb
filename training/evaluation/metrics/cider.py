"""CIDEr-D (Vedantam, Zitnick, Parikh: arXiv 1411.5726): the agreement of captions with all
references.

No library on the package index computes it without either Java or a sentence transformer, so it
stands here. Works on words; knows no models. Agrees with the reference implementation of the COCO
caption evaluation, down to its length penalty that counts bigrams.

Legend: n length of an n-gram in words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

LONGEST = 4
"""n-grams of 1 to 4 words."""
SIGMA = 6.0
"""The width of the penalty on a difference in length."""
SCALE = 10.0

Words = Sequence[str]
Grams = Counter[tuple[str, ...]]


def cider_d(answers: Sequence[Words], references: Sequence[Sequence[Words]]) -> float:
    """Mean CIDEr-D over a corpus, 0..10; how rare an n-gram is comes from the references.

    Args:
        answers: one caption each, cut into words.
        references: at least one reference caption for each answer, cut into words.

    Raises:
        ValueError: not as many answers as reference sets, fewer than two of them, or an empty set.
    """
    if len(answers) != len(references) or len(answers) < 2 or not all(references):
        raise ValueError(
            f"CIDEr: expected at least two answers with references each, found {len(answers)} "
            f"answers and {len(references)} sets of references"
        )
    told = [[_grams(words) for words in known] for known in references]
    rarity = _Rarity(told)
    scores = [
        _likeness(_grams(answer), known, rarity)
        for answer, known in zip(answers, told, strict=True)
    ]
    return SCALE * sum(scores) / len(scores)


class _Rarity:
    """Weighs n-grams: what every picture's references hold weighs nothing."""

    def __init__(self, references: Sequence[Sequence[Grams]]) -> None:
        seen = Counter(gram for known in references for gram in {g for one in known for g in one})
        self._weight = {gram: math.log(len(references) / count) for gram, count in seen.items()}
        self._unseen = math.log(len(references))

    def weigh(self, grams: Grams, n: int) -> dict[tuple[str, ...], float]:
        """Count times rarity of every n-gram of n words."""
        return {
            gram: count * self._weight.get(gram, self._unseen)
            for gram, count in grams.items()
            if len(gram) == n
        }


def _grams(words: Words) -> Grams:
    return Counter(
        tuple(words[start : start + n])
        for n in range(1, LONGEST + 1)
        for start in range(len(words) - n + 1)
    )


def _likeness(answer: Grams, references: Sequence[Grams], rarity: _Rarity) -> float:
    """Mean over n-gram lengths and references, 0..1."""
    total = 0.0
    for reference in references:
        longer = _bigrams(answer) - _bigrams(reference)
        penalty = math.exp(-(longer**2) / (2 * SIGMA**2))
        for n in range(1, LONGEST + 1):
            total += penalty * _cosine(rarity.weigh(answer, n), rarity.weigh(reference, n))
    return total / (LONGEST * len(references))


def _bigrams(grams: Grams) -> int:
    return sum(count for gram, count in grams.items() if len(gram) == 2)


def _cosine(one: dict[tuple[str, ...], float], other: dict[tuple[str, ...], float]) -> float:
    """The cosine of two weighted vectors; repeating an n-gram more often than the reference gains
    nothing."""
    norms = math.hypot(*one.values()) * math.hypot(*other.values())
    if norms == 0:
        return 0.0
    common = sum(min(one[gram], other[gram]) * other[gram] for gram in one.keys() & other.keys())
    return common / norms
