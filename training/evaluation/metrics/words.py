"""Captions against reference captions: BLEU-4, METEOR, CIDEr-D.

BLEU and METEOR are nltk's. METEOR's synonyms come from WordNet, whose data no package ships, so
words match exactly or by their stem and never as synonyms: scores are a little lower than with it.
SPICE, and so SPIDEr, needs a Java program and is not computed. Knows words; knows no models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nltk.translate.bleu_score import SmoothingFunction, corpus_bleu
from nltk.translate.meteor_score import meteor_score

from training.evaluation.metrics.cider import cider_d

NOTE = (
    "BLEU-4 and METEOR by nltk, METEOR with exact and stem matches only (WordNet's data cannot be "
    "had from a package index), CIDEr-D as published; SPIDEr needs SPICE, a Java program, and is "
    "left out"
)


@dataclass(frozen=True)
class CaptionScores:
    """Similarity of captions to their references."""

    bleu4: float
    """0..1."""
    meteor: float
    """0..1, without synonyms."""
    cider: float
    """0..10."""
    n: int
    """Captions."""


class NoSynonyms:
    """Stands where nltk expects WordNet: no word has a synonym."""

    def synsets(self, _: str) -> list[object]:
        """None."""
        return []


def caption_scores(answers: Sequence[str], references: Sequence[Sequence[str]]) -> CaptionScores:
    """Scores of captions, each against its own references.

    Raises:
        ValueError: fewer than two answers, or one without a reference.
    """
    said = [cut(answer) for answer in answers]
    told = [[cut(reference) for reference in known] for known in references]
    cider = cider_d(said, told)
    smooth = SmoothingFunction().method1
    meteors = [
        meteor_score(known, words, wordnet=NoSynonyms())
        for words, known in zip(said, told, strict=True)
    ]
    return CaptionScores(
        bleu4=float(corpus_bleu(told, said, smoothing_function=smooth)),
        meteor=sum(meteors) / len(meteors),
        cider=cider,
        n=len(said),
    )


def cut(text: str) -> list[str]:
    """Lower case words without punctuation; every Chinese character is a word of its own."""
    return re.findall(
        r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+(?:'[^\W_\u3400-\u9fff]+)*", text.lower()
    )
