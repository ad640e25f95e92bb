"""How people ask and how Pocket answers, in English and Simplified Chinese. Data only.

Two sets of phrasings are kept out of all training: one to look at while Pocket is being improved,
one for the numbers that are reported.
"""

from __future__ import annotations

from functools import cache

from training.phrasings import chinese, development, english
from training.phrasings import held_out as reported
from training.phrasings.book import Phrasebook, Phrases

HELD_OUT_KINDS = tuple(reported.ENGLISH)
_KEPT: dict[str, dict[str, dict[str, Phrases]]] = {
    "held-out": {"en": reported.ENGLISH, "zh": reported.CHINESE},
    "development": {"en": development.ENGLISH, "zh": development.CHINESE},
}


def held_out(kind: str, language: str = "en", among: str = "held-out") -> Phrases:
    """Phrasings that no training dialogue holds, for evaluation.

    Args:
        kind: one of `HELD_OUT_KINDS`: "request image", "both image", "ask image",
            "turn audio image", "edit place", "switch audio" and so on.
        language: "en" or "zh".
        among: one of `training.plan.PHRASINGS`.
    """
    return _KEPT[among][language][kind]


@cache
def all_held_out(language: str) -> frozenset[str]:
    """Every phrasing of both sets."""
    return frozenset(
        phrase for kept in _KEPT.values() for known in kept[language].values() for phrase in known
    )


BOOKS: dict[str, Phrasebook] = {
    "en": english.ENGLISH.without(all_held_out("en")),
    "zh": chinese.CHINESE.without(all_held_out("zh")),
}
"""What training dialogues are made of."""
