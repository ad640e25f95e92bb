"""The held-out requests are about Pocketworld, and in no list of the training."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.aligned.__main__ import Outcome, table
from benchmarks.aligned.items import case_of, load
from runtime.messages import MediaPart
from training.dialogues.phrasings import BOOKS
from training.evaluation.judging import oracle_of


def test_there_are_sixty_english_and_forty_chinese_ones() -> None:
    items = load()

    assert Counter(item.language for item in items) == {"en": 60, "zh": 40}
    assert len({item.text for item in items}) == 100


def test_no_phrasing_of_the_training_is_among_them() -> None:
    known = {phrase.lower() for book in BOOKS.values() for phrase in book.phrases()}

    assert [item.text for item in load() if item.text.lower().strip(" ?.!。？！") in known] == []


def test_a_given_medium_shows_the_facts_that_are_asked_for(tmp_path: Path) -> None:
    seen = [(n, item) for n, item in enumerate(load()) if item.given == "image"][:6]
    for number, item in seen:
        (question,) = case_of(number, item, tmp_path).questions
        (medium,) = (part for part in question.said.parts if isinstance(part, MediaPart))

        shown = oracle_of("image", Path(medium.path).read_bytes())

        assert {name: shown[name] for name in item.facts} == item.facts, item.text


def test_the_table_counts_answers_and_facts() -> None:
    heard = [
        Outcome("make image", "en", "a", "b", ["image"], True, 4, 3, 2, 1.0),
        Outcome("make image", "en", "a", "b", [], False, 4, 1, 0, 1.0),
    ]

    assert "| make image | en | 2 | 50 % | 50 % | 25 % |" in table(heard)
