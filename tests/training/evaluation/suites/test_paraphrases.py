"""Every phrasing of a set is asked once, and its answer read for what it says that it makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.messages import MediaPart, TextPart
from tests.training.asking import asked_of_pocket
from training.dialogues.phrasings import HELD_OUT_KINDS, all_held_out, held_out
from training.evaluation.judging import Case
from training.evaluation.plan import LANGUAGES, SEED, Plan
from training.evaluation.suites.paraphrases import paraphrases
from training.pocketworld.captions import read_caption
from training.pocketworld.scene import SHOWN

MANY = 100


def last_words(case: Case) -> str:
    return "".join(p.text for p in case.questions[-1].said.parts if isinstance(p, TextPart))


@pytest.mark.parametrize("phrasings", ["held-out", "development"])
def test_every_phrasing_is_asked_once_and_one_of_each_kind_first(
    phrasings: str, tmp_path: Path
) -> None:
    every = paraphrases(MANY, LANGUAGES, phrasings, tmp_path, SEED)
    asked = [(w.direction, w.language, w.phrase) for w in every]
    assert len(asked) == len(set(asked))
    assert asked == [
        (kind, language, held_out(kind, language, phrasings)[number])
        for number in range(MANY)
        for kind in HELD_OUT_KINDS
        for language in LANGUAGES
        if number < len(held_out(kind, language, phrasings))
    ]
    assert {w.phrase for w in every if w.language == "zh"} <= all_held_out("zh")
    first = paraphrases(1, ("en",), phrasings, tmp_path, SEED)
    assert tuple(w.direction for w in first) == HELD_OUT_KINDS


def test_both_languages_are_asked_for_the_same_and_the_words_say_it(tmp_path: Path) -> None:
    first = paraphrases(1, LANGUAGES, "development", tmp_path, SEED)
    for english, chinese in zip(first[::2], first[1::2], strict=True):
        kind = english.direction
        assert kind == chinese.direction
        cases = english.asked(), chinese.asked()
        assert english.asked() == cases[0]
        expected = [case.questions[-1].expected for case in cases]
        if "{m}" not in english.phrase + chinese.phrase:
            assert expected[0] == expected[1]
        for case, wanted in zip(cases, expected, strict=True):
            assert wanted is not None
            assert [q.expected for q in case.questions[:-1]] == [None] * (len(case.questions) - 1)
            assert len(case.questions) == (2 if kind.split()[0] in ("edit", "switch") else 1)
            said = read_caption(last_words(case))
            known = {name: word for _, states in wanted for name, word in states.items()}
            assert said.items() <= known.items() or kind.startswith(("ask", "turn", "switch"))
            for modality, states in wanted:
                assert modality == "text" or set(states) <= set(SHOWN[modality])
            given = [p for p in case.questions[0].said.parts if isinstance(p, MediaPart)]
            assert bool(given) == kind.startswith(("ask", "turn"))
            assert all(Path(medium.path).is_file() for medium in given)


def test_pocket_is_asked_and_the_report_has_a_row_a_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Plan(suite="paraphrases", languages=("zh",), phrasings="development")
    report = asked_of_pocket(plan, tmp_path, capsys)
    assert report["phrasings"] == "development"
    assert [row["direction"] for row in report["rows"]] == list(HELD_OUT_KINDS)
    assert all(row["cases"] == row["routing"]["n"] == 1 for row in report["rows"])
    assert report["routing"]["n"] == len(HELD_OUT_KINDS)
    assert report["routing"]["share"] > 0.8
    (overall,) = report["overall"]
    assert overall["attributes"]["share"] > 0.7
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "## Understood: routing" in text
    assert "pixels" not in text
    assert not (tmp_path / "contact-sheet.html").exists()
