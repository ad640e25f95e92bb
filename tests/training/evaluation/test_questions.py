"""What is asked about Pocketworld."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from runtime.messages import MediaPart, TextPart
from training.dialogues.phrasings import BOOKS, PHRASINGS, held_out
from training.evaluation.judging import Case, oracle_of
from training.evaluation.plan import ROWS
from training.evaluation.questions import DIRECTIONS, LONGEST, SHORTEST, UNKNOWN, cases, settings
from training.pocketworld.captions import read_caption
from training.pocketworld.scene import SHOWN, Scene

LANGUAGES, COMBINATIONS = ("en", "zh"), ("seen", "unseen")
BARS = {
    "text -> image", "text -> audio", "text -> video", "image -> text", "audio -> text",
    "video -> text", "audio -> image", "image -> audio", "image -> video",
}  # fmt: skip
OF_SOUND = ("text -> audio", "audio -> text", "audio -> image")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    folder = tmp_path_factory.mktemp("asked")
    return list(cases(4, folder, languages=LANGUAGES, combinations=COMBINATIONS))


def words(case: Case) -> list[str]:
    return [p.text for q in case.questions for p in q.said.parts if isinstance(p, TextPart)]


def media(case: Case) -> list[MediaPart]:
    return [p for q in case.questions for p in q.said.parts if isinstance(p, MediaPart)]


def last_expected(case: Case) -> dict[str, str]:
    expected = case.questions[-1].expected
    assert expected is not None
    return expected[0][1]


def test_every_direction_is_asked_as_often_in_both_languages(asked: Sequence[Case]) -> None:
    assert set(DIRECTIONS) > BARS
    assert tuple(DIRECTIONS) == ROWS
    counts = Counter((case.direction, case.language, case.unseen) for case in asked)
    assert set(counts.values()) == {4}
    for name, language, unseen in settings(LANGUAGES, COMBINATIONS, None):
        assert counts[name, language, unseen] == 4
    assert {name for name, _, unseen in counts if unseen} == {
        name for name, direction in DIRECTIONS.items() if direction.combines
    }
    assert not any(DIRECTIONS[name].combines for name in OF_SOUND)


def test_the_same_is_asked_on_every_run_and_something_else_with_another_seed(
    asked: Sequence[Case], tmp_path: Path
) -> None:
    def all_of(seed: int) -> list[tuple[list[str], object]]:
        again = cases(1, tmp_path, languages=LANGUAGES, combinations=COMBINATIONS, seed=seed)
        return [(words(case), [q.expected for q in case.questions]) for case in again]

    found = [(words(case), [q.expected for q in case.questions]) for case in asked]
    again = all_of(20_000)
    assert again == found[: len(again)]
    assert all_of(20_001) != again


def test_only_the_named_directions_are_asked(tmp_path: Path) -> None:
    few = cases(2, tmp_path, directions=("plain talk", "refusal"))
    assert Counter(case.direction for case in few) == {"plain talk": 2, "refusal": 2}


def test_both_languages_are_asked_about_the_same(asked: Sequence[Case]) -> None:
    free = ("image -> video", "plain talk", "refusal")  # their wording changes what is wanted
    by_key = {(c.direction, c.unseen, c.seed, c.language): c for c in asked}
    for (direction, unseen, seed, language), case in by_key.items():
        if language == "en" and direction not in free:
            other = by_key[direction, unseen, seed, "zh"]
            assert [q.expected for q in case.questions] == [q.expected for q in other.questions]
            assert words(case) != words(other)


def test_first_messages_are_phrased_as_training_never_does(asked: Sequence[Case]) -> None:
    known = {language: BOOKS[language].phrases() for language in LANGUAGES}
    for case in asked:
        text = words(case)[0]
        kinds = {
            "edit in a second turn": ("request image", "request video"),
            "conversation of 3-5 turns": ("request image", "request video"),
            "text -> two artifacts": ("both image", "both video"),
        }.get(case.direction)
        source, _, target = case.direction.partition(" -> ")
        if kinds is None and case.direction in BARS:
            kinds = (
                (f"request {target}",) if source == "text"
                else (f"ask {source}",) if target == "text" else (f"turn {source} {target}",)
            )  # fmt: skip
        if kinds is not None:
            phrases = [p for kind in kinds for p in held_out(kind, case.language)]
            assert any(fits(phrase, text) for phrase in phrases), text
            assert not set(phrases) & set(known[case.language])


def test_first_messages_are_worded_by_the_set_that_is_asked_for(tmp_path: Path) -> None:
    sets = [
        [
            words(case)[0]
            for case in cases(4, tmp_path, directions=["image -> text"], phrasings=name)
        ]
        for name in PHRASINGS
    ]
    for name, texts in zip(PHRASINGS, sets, strict=True):
        phrases = held_out("ask image", "en", name)
        assert all(any(fits(phrase, text) for phrase in phrases) for text in texts), name
    assert not {text.rstrip("?").lower() for text in sets[0]} & {
        text.rstrip("?").lower() for text in sets[1]
    }


def fits(phrase: str, text: str) -> bool:
    pattern = re.escape(phrase).replace(r"\{x\}", ".+").replace(r"\{m\}", ".+")
    return re.match(pattern, text, re.IGNORECASE) is not None


def test_requests_state_what_is_expected(asked: Sequence[Case]) -> None:
    for case in asked:
        if case.direction.startswith("text -> ") and case.direction in BARS:
            assert read_caption(words(case)[0]).items() >= last_expected(case).items()


def test_given_media_show_what_is_expected_of_them(asked: Sequence[Case]) -> None:
    given = 0
    for case in asked[: len(asked) // 2]:
        for part in media(case):
            given += 1
            seen = oracle_of(part.modality, Path(part.path).read_bytes())
            wanted = last_expected(case)
            common = set(SHOWN[part.modality]) & set(wanted) - {"motion"}
            assert common
            assert {n: seen[n] for n in common} == {n: wanted[n] for n in common}
    assert given == 2 * 2 * (6 + 4)


def test_unseen_cases_state_a_combination_that_is_held_out(asked: Sequence[Case]) -> None:
    judged = 0
    for case in asked:
        wanted = last_expected(case)
        if {"thing", "colour", "place"} <= set(wanted):
            judged += 1
            scene = Scene(wanted["thing"], wanted["colour"], wanted["place"])
            assert scene.held_out is case.unseen, case
    assert judged > 40


def test_edits_name_what_they_change(asked: Sequence[Case]) -> None:
    edits = [case for case in asked if case.edited]
    assert {case.direction for case in edits} == {"edit in a second turn"}
    for case in edits:
        first, second = (read_caption(text) for text in words(case))
        assert case.questions[0].expected is None
        wanted = last_expected(case)
        assert first.get(case.edited) != wanted[case.edited]
        if case.edited != "motion":
            assert second[case.edited] == wanted[case.edited]


def test_conversations_have_three_to_five_exchanges_and_all_but_the_first_are_judged(
    asked: Sequence[Case],
) -> None:
    talks = [case for case in asked if case.direction.startswith("conversation")]
    assert {len(case.questions) for case in talks} == set(range(SHORTEST, LONGEST + 1))
    for case in talks:
        assert [q.expected is None for q in case.questions] == [
            True, *[False] * (len(case.questions) - 1)
        ]  # fmt: skip


def test_refusals_are_of_what_training_never_names(asked: Sequence[Case]) -> None:
    for language in LANGUAGES:
        assert not set(UNKNOWN[language]) & set(BOOKS[language].outside)
    for case in asked:
        if case.direction == "refusal":
            assert any(subject in words(case)[0].lower() for subject in UNKNOWN[case.language])
            assert last_expected(case) == {"words": BOOKS[case.language].refusal}
