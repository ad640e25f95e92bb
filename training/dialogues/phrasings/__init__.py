"""Phrasings of requests and of Pocket's answers, in English and Simplified Chinese. Data only.

Two sets of phrasings are kept out of all training: one to look at while Pocket is being improved,
one for the numbers that are reported.
"""

from __future__ import annotations

from functools import cache

from training.dialogues.phrasings import chinese, english
from training.dialogues.phrasings.book import Phrasebook, Phrases, kind_of
from training.dialogues.phrasings.lists import read_list

PHRASINGS = ("held-out", "development")
"""Neither is in any training: one for the numbers that are reported, one to look at between two
trainings."""
_CURATED = {"en": english.ENGLISH, "zh": chinese.CHINESE}
HELD_OUT_KINDS = tuple(
    kind_of(family, key)
    for family, phrasings in (
        ("request", english.ENGLISH.request), ("both", english.ENGLISH.both),
        ("ask", english.ENGLISH.ask), ("turn", english.ENGLISH.turn_into),
        ("edit", english.ENGLISH.now), ("switch", english.ENGLISH.switch),
    )
    for key in phrasings
)  # fmt: skip
_read = cache(read_list)


def held_out(kind: str, language: str = "en", among: str = "held-out") -> Phrases:
    """Phrasings that no training dialogue holds, for evaluation.

    Args:
        kind: one of `HELD_OUT_KINDS`: "request image", "both image", "ask image",
            "turn audio image", "edit place", "switch audio" and so on.
        language: "en" or "zh".
        among: one of `PHRASINGS`.
    """
    return _read(among, language)[kind]


@cache
def all_held_out(language: str) -> frozenset[str]:
    """Every phrasing of both sets."""
    lists = (_read(among, language) for among in PHRASINGS)
    return frozenset(phrase for kinds in lists for known in kinds.values() for phrase in known)


BOOKS: dict[str, Phrasebook] = {
    language: book.with_more(_read("training", language)).without(all_held_out(language))
    for language, book in _CURATED.items()
}
"""The phrasebooks for training dialogues, by language."""
