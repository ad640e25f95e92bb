"""Subjects outside Pocketworld: named or made up, never a word of Pocketworld."""

from __future__ import annotations

import numpy as np
import pytest

from training.dialogues.out_of_domain import outside
from training.dialogues.phrasings import BOOKS
from training.evaluation.questions import UNKNOWN
from training.pocketworld.captions import LANGUAGES, read_caption


@pytest.mark.parametrize("language", LANGUAGES)
def test_subjects_are_named_or_made_up_and_state_nothing(language: str) -> None:
    rng = np.random.default_rng(0)
    found = [outside(rng, language) for _ in range(400)]
    named = set(BOOKS[language].outside)
    made_up = {subject for subject in found if subject not in named}
    assert 100 < len(made_up) < 250
    assert all(subject.isascii() == (language == "en") for subject in made_up)
    assert all(read_caption(subject) == {} for subject in found)
    assert not made_up & set(UNKNOWN[language])
