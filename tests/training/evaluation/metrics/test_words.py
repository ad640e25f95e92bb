"""Captions against references."""

from __future__ import annotations

import pytest

from training.evaluation.metrics.words import caption_scores, cut

TRUE = ("a big red dog on the grass by day", "a small cat in the snow at night")
OTHER = ("the sound of a bell in falling rain", "a boat moving left on the sea")


def test_the_reference_itself_is_best() -> None:
    scores = caption_scores(TRUE, [[one] for one in TRUE])
    assert (scores.bleu4, scores.cider) == (pytest.approx(1.0), pytest.approx(10.0))
    assert scores.meteor > 0.99
    assert scores.n == 2


def test_a_caption_of_something_else_is_worse_in_every_measure() -> None:
    near = caption_scores(("a red dog on the grass", "a cat in the snow"), [[x] for x in TRUE])
    far = caption_scores(OTHER, [[x] for x in TRUE])
    assert near.bleu4 > far.bleu4 + 0.1
    assert near.meteor > far.meteor + 0.1
    assert near.cider > far.cider + 0.1


def test_meteor_knows_stems_and_no_synonyms() -> None:
    (stem, synonym, other) = (
        caption_scores((first, "a cat"), [["boats"], ["a cat"]]).meteor
        for first in ("boat", "ship", "tree")
    )
    assert stem > other
    assert synonym == other


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("A big, red DOG!", ["a", "big", "red", "dog"]),
        ("the dog's 2 bones", ["the", "dog's", "2", "bones"]),
        ("红色的船，在海上。", list("红色的船在海上")),
        ("", []),
    ],
)
def test_words_are_cut_without_their_punctuation(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces
