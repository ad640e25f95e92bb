"""`medley evaluate` hands over what was typed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import training.evaluation
from tests.desktop.conftest import Run, error_line
from training.evaluation.plan import COMBINATIONS, LANGUAGES, SECTIONS, SEED, Plan


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What training was called with; it does nothing and reports 7."""
    seen: dict[str, Any] = {}

    def main(**given: Any) -> int:
        seen.update(given)
        return 7

    monkeypatch.setattr(training.evaluation, "run", SimpleNamespace(main=main), raising=False)
    return seen


def test_without_options_everything_is_measured(medley: Run, handed_over: dict[str, Any]) -> None:
    assert medley("evaluate").code == 7
    plan = handed_over.pop("plan")
    assert handed_over == {
        "bundle": "pocket", "limit": None, "as_json": False, "out": None, "device": "auto"
    }  # fmt: skip
    assert plan == Plan(languages=LANGUAGES, combinations=COMBINATIONS, sections=SECTIONS)
    assert (plan.suite, plan.seed, plan.steps) == ("pocketworld", SEED, None)


def test_quick_is_the_small_form(medley: Run, handed_over: dict[str, Any]) -> None:
    medley("evaluate", "--quick", "--limit", "5", "--json")
    assert handed_over["plan"] == Plan()
    assert (handed_over["limit"], handed_over["as_json"]) == (5, True)


def test_every_option_has_its_place(medley: Run, handed_over: dict[str, Any]) -> None:
    medley(
        "evaluate", "mine", "--suite", "folder", "data", "--language", "zh", "--seed", "3",
        "--metrics", "paper,routing", "--steps", "4", "--out", "there", "--quick",
        "--phrasings", "development",
    )  # fmt: skip
    assert (handed_over["bundle"], handed_over["out"]) == ("mine", Path("there"))
    assert handed_over["plan"] == Plan(
        suite="folder", data=Path("data"), languages=("zh",), sections=("paper", "routing"),
        phrasings="development", seed=3, steps=4,
    )  # fmt: skip


def test_some_rows_alone_may_be_asked(medley: Run, handed_over: dict[str, Any]) -> None:
    medley("evaluate", "--rows", "image -> text, Refusal")
    assert handed_over["plan"] == Plan(
        languages=LANGUAGES, combinations=COMBINATIONS, directions=("image -> text", "refusal")
    )
    medley("evaluate", "--rows", "refusal", "--metrics", "attributes,paper")
    assert handed_over["plan"].sections == ("attributes", "paper")


def test_the_second_ring_is_a_suite_without_a_folder(
    medley: Run, handed_over: dict[str, Any]
) -> None:
    medley("evaluate", "--suite", "composition", "--limit", "8", "--language", "en", "--seed", "3")
    plan = handed_over["plan"]
    assert (plan.suite, plan.data, plan.languages, plan.seed) == ("composition", None, ("en",), 3)
    assert handed_over["limit"] == 8


def test_paraphrases_are_a_suite_of_either_set_of_phrasings(
    medley: Run, handed_over: dict[str, Any]
) -> None:
    medley("evaluate", "--suite", "paraphrases", "--phrasings", "development")
    plan = handed_over["plan"]
    assert (plan.suite, plan.phrasings, plan.languages) == ("paraphrases", "development", LANGUAGES)


def test_a_suite_by_its_former_name_is_measured_and_the_new_name_told(
    medley: Run, handed_over: dict[str, Any]
) -> None:
    ran = medley("evaluate", "--suite", "second-ring")
    assert handed_over["plan"].suite == "composition"
    assert ran.err == "medley: --suite second-ring is now called composition.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--suite", "folder"], "expected one folder with captioned media, found none"),
        (["--suite", "pocketworld", "mine"], "expected no folder, found mine"),
        (["--suite", "composition", "mine"], "expected no folder, found mine"),
        (["--suite", "composition", "--metrics", "paper"], "expected no --metrics"),
        (["--suite", "composition", "--phrasings", "development"], "expected no --phrasings"),
        (["--suite", "paraphrases", "--steps", "3"], "--suite paraphrases: expected no --steps"),
        (["--suite", "compositio"], "found 'compositio'; did you mean 'composition'?"),
        (["--suite", "pocketwold"], "found 'pocketwold'; did you mean 'pocketworld'?"),
        (["--suite", "composition", "--rows", "refusal"], "expected no --rows"),
        (["--rows", "image -> texts"], "did you mean 'image -> text'?"),
        (["--metrics", "papers"], "found 'papers'; did you mean 'paper'?"),
        (["--language", "fr"], "invalid choice: 'fr'"),
        (["--phrasings", "own"], "invalid choice: 'own'"),
        (["--limit", "0"], "expected a number from 1"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(words: list[str], says: str, medley: Run) -> None:
    assert says in error_line(medley("evaluate", *words))
