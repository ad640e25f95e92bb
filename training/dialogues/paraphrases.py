"""Paraphrases of a phrasing: another noun for its medium, polite words and small words around it.

Knows phrasebooks; knows no scenes and no dialogues.
"""

from __future__ import annotations

import re

import numpy as np

from training.dialogues.phrasings import BOOKS, all_held_out
from training.dialogues.phrasings.book import Phrases
from training.pocketworld import captions_zh
from training.pocketworld.scene import pick

Rng = np.random.Generator
OTHER_NOUN = 0.25
"""Chance that the medium is called by another of its nouns."""
POLITE = 0.5
"""Chance of polite words around a sentence that begins with a verb."""
COUNTED = r"一[张幅段个]\{x\}"
"""A Chinese request that counts its medium right before the caption."""
SMALL = 0.1
"""Chance of small words before a sentence, and as much of some after it."""


def paraphrased(phrase: str, rng: Rng, language: str) -> str:
    """A paraphrase of the phrase; never a held-out one.

    Args:
        phrase: with its places still to be filled.
    """
    spoken = around(polite(other_noun(phrase, rng, language), rng, language), rng, language)
    return phrase if spoken in all_held_out(language) else spoken


def filled(phrase: str, caption: str) -> str:
    """A request about a caption. After a Chinese measure word ("一张") the thing is not counted."""
    if re.search(COUNTED, phrase):
        caption = re.sub(f"^一[{''.join(captions_zh.MEASURE.values())}]", "", caption)
    return phrase.format(x=caption)


def other_noun(phrase: str, rng: Rng, language: str) -> str:
    """Sometimes every noun for a medium is another one that means the same."""
    for pattern, nouns in BOOKS[language].nouns:
        if rng.random() < OTHER_NOUN:
            phrase = re.sub(pattern, pick(nouns, rng), phrase)
    return phrase


def polite(phrase: str, rng: Rng, language: str) -> str:
    """Sometimes polite words around a phrase that begins with a verb."""
    book = BOOKS[language]
    if not phrase.startswith(book.verbs) or rng.random() >= POLITE:
        return phrase
    return f"{pick(('', *book.before), rng)}{phrase}{pick(('', *book.after), rng)}"


def around(phrase: str, rng: Rng, language: str) -> str:
    """Sometimes small words before or after a phrase."""
    book = BOOKS[language]
    before = _sometimes(book.openers, rng)
    if phrase.startswith(tuple(opener.strip(" ,，") for opener in book.openers)):
        before = ""
    after = _sometimes(book.closers, rng)
    if re.search(book.unclosed, phrase):
        after = ""
    return f"{before}{phrase}{after}"


def _sometimes(words: Phrases, rng: Rng) -> str:
    return pick(words, rng) if rng.random() < SMALL else ""
