"""How people ask and how Pocket answers, in English and Simplified Chinese. Data only."""

from __future__ import annotations

from training.phrasings.book import Phrasebook
from training.phrasings.chinese import CHINESE
from training.phrasings.chinese import HELD_OUT as HELD_OUT_ZH
from training.phrasings.english import ENGLISH
from training.phrasings.english import HELD_OUT as HELD_OUT_EN

BOOKS: dict[str, Phrasebook] = {"en": ENGLISH, "zh": CHINESE}
HELD_OUT_KINDS = tuple(HELD_OUT_EN)
_HELD_OUT = {"en": HELD_OUT_EN, "zh": HELD_OUT_ZH}


def held_out(kind: str, language: str = "en") -> tuple[str, ...]:
    """Phrasings that no training dialogue holds, for evaluation.

    Args:
        kind: one of `HELD_OUT_KINDS`: "request image", "both image", "ask image",
            "turn audio image", "edit place", "switch audio" and so on.
        language: "en" or "zh".
    """
    return _HELD_OUT[language][kind]
