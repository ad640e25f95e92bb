"""CIDEr-D against hand-made corpora and numbers of the reference implementation."""

from __future__ import annotations

import pytest

from training.evaluation.metrics.cider import cider_d

DOG = "a red dog on the grass".split()
CAT = "a small cat in the snow".split()
BELL = "the sound of a bell in falling rain".split()


def test_the_references_themselves_score_ten() -> None:
    assert cider_d([DOG, CAT, BELL], [[DOG], [CAT], [BELL]]) == pytest.approx(10.0)


def test_captions_of_other_media_score_nearly_nothing() -> None:
    assert cider_d([CAT, BELL, DOG], [[DOG], [CAT], [BELL]]) < 0.3


def test_what_every_reference_says_is_worth_nothing() -> None:
    same = [["a", "thing"], ["a", "thing"]]
    assert cider_d(same, [[one] for one in same]) == 0.0


def test_numbers_are_those_of_the_reference_implementation() -> None:
    answers = [DOG, "a cat in the snow at night".split(), "a bell".split()]
    references = [[DOG, "the red puppy on the lawn".split()], [CAT], [BELL, CAT]]
    assert cider_d(answers, references) == pytest.approx(2.9454952100165)


@pytest.mark.parametrize("answers", [[], [DOG], [DOG, CAT, BELL]])
def test_a_corpus_that_does_not_fit_is_refused(answers: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="expected at least two answers"):
        cider_d(answers, [[DOG], [CAT]])
