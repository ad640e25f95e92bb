"""The second ring as a suite: what is asked, and the shipped Pocket's answers in its report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from runtime.messages import TextPart
from tests.training.asking import asked_of_pocket
from tools.composition_sheet import sheet
from training.dialogues.phrasings import BOOKS
from training.evaluation import run as evaluation
from training.evaluation.judging import Case
from training.evaluation.plan import Plan
from training.evaluation.suites.composition import (
    PHRASINGS,
    cases,
    chance,
    compositions,
    oracle_shares,
)
from training.pocketworld.compositions.composition import TOPICS

STEPS = 2
"""Diffusion steps: nothing here depends on how good an answer is."""


def words_of(case: Case) -> str:
    (part,) = case.questions[0].said.parts
    assert isinstance(part, TextPart)
    return part.text


def stated(case: Case) -> dict[str, str]:
    assert case.questions[0].expected is not None
    ((_, attributes),) = case.questions[0].expected
    return attributes


def test_it_asks_in_phrasings_that_pocket_knows() -> None:
    for language, book in PHRASINGS.items():
        for modality, phrases in book.items():
            assert set(phrases) <= set(BOOKS[language].request[modality])


def test_the_same_is_asked_in_both_languages_on_every_run() -> None:
    asked = list(cases(4, ("en", "zh")))
    assert len(asked) == 4 * 2 * len(TOPICS)
    for english, chinese in zip(asked[::2], asked[1::2], strict=True):
        assert (english.language, chinese.language) == ("en", "zh")
        assert stated(english) == stated(chinese)
        assert words_of(english).isascii()
        assert not words_of(chinese).isascii()
    assert [words_of(case) for case in cases(4, ("en", "zh"))] == [words_of(c) for c in asked]
    assert [words_of(case) for case in cases(4, ("zh",))] == [words_of(c) for c in asked[1::2]]


def test_every_word_is_asked_equally_often_and_no_thing_is_held_out() -> None:
    for stream, (topic, kind) in enumerate(TOPICS.items()):
        drawn = [one for one, _ in compositions(topic, 12, 1, stream)]
        words = [one.word for one in drawn]
        assert {words.count(word) for word in kind.words} == {12 / len(kind.words)}
        assert not any(one.held_out for one in drawn)


def test_chance_is_a_blind_choice_among_the_words() -> None:
    assert chance() == {
        "count": 1 / 3, "relation": 0.25, "loudness": 0.5, "order": 0.5, "speed": 0.5,
    }  # fmt: skip


def test_the_oracle_reads_true_media_right_from_their_files(tmp_path: Path) -> None:
    shares = oracle_shares(3, tmp_path)
    assert set(shares) == set(TOPICS)
    for topic, kind in TOPICS.items():
        assert {topic, *kind.seen} <= set(shares[topic])
        assert shares[topic][topic].share >= 0.95


def test_pocket_is_asked_and_the_report_has_a_line_a_topic_and_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Plan(suite="composition", languages=("zh",), steps=STEPS)
    report = asked_of_pocket(plan, tmp_path, capsys)
    assert report["phrasings"] == "known"
    assert [(row["topic"], row["language"]) for row in report["topics"]] == [
        (topic, "zh") for topic in TOPICS
    ]
    for row in report["topics"]:
        assert row["cases"] == 1
        assert row["chance"] == pytest.approx(chance()[row["topic"]])
        assert row["oracle"]["n"] == evaluation.ORACLE_SHARE
        assert row["right"] == row["by_attribute"][row["topic"]]
        assert row["captioned"]["n"] == 1
    assert report["rows"] == []
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "## Compositions" in text
    assert "| relation |       zh |" in text
    assert "captioned" in text
    assert "Attributes right" not in text
    assert (tmp_path / "contact-sheet.html").is_file()


def test_the_sheet_shows_every_topic() -> None:
    picture = np.asarray(sheet())
    assert picture.shape[0] > 5 * 200
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 500
