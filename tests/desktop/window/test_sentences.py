"""Every sentence that a person can meet in the window is there in Simplified Chinese too."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.assistant.problems import kept, problem_from
from desktop.window import sentences
from plugins.errors import KnownError, Problem, joined, phrase, problem_of
from runtime.media.files import NOUNS
from storage.errors import DamagedError
from tests.sentences import made_up, templates

CHINESE = "zh_CN"


@pytest.fixture
def chinese() -> Iterator[None]:
    sentences.use(CHINESE)
    yield
    sentences.use("en")


def _places(template: str) -> list[str]:
    return sorted(
        f"{name}:{spec}" for _, name, spec, _ in string.Formatter().parse(template) if name
    )


def test_every_template_is_there_in_chinese() -> None:
    known = sentences.table(CHINESE)
    wanted = templates() | {noun: "runtime/media/files.py" for noun in (*NOUNS.values(), "medium")}

    missing = {text: place for text, place in wanted.items() if not known.get(text)}

    assert len(wanted) > 250
    assert missing == {}


def test_nothing_stands_in_the_table_that_nobody_says() -> None:
    said = {*templates(), *NOUNS.values(), "medium"}

    assert [text for text in sentences.table(CHINESE) if text not in said] == []


def test_a_translation_has_the_places_of_its_template() -> None:
    wrong = {
        text: translated
        for text, translated in sentences.table(CHINESE).items()
        if set(_places(translated)) != set(_places(text))
    }

    assert wrong == {}


def test_no_sentence_is_put_together() -> None:
    assert made_up() == []


@pytest.mark.usefixtures("chinese")
def test_parts_of_a_sentence_are_told_in_chinese_too() -> None:
    error = KnownError(
        "{noun} {path}: expected a readable {noun}, found {found}. {advice}",
        "medium",
        noun=phrase("picture"),
        path="红.png",
        found=phrase("{width} x {height} pixels", width=3, height=4),
        advice=phrase("Choose another file."),
    )

    told = sentences.told(error)

    assert "红.png" in told and "3" in told and "图片" in told
    assert not any(word in told for word in ("expected", "found", "pixels", "Choose"))


@pytest.mark.usefixtures("chinese")
def test_the_librarys_sentences_are_told_in_chinese() -> None:
    told = sentences.told(DamagedError(Path("/a/library.db"), "odd"))

    assert "/a/library.db" in told and "odd" in told and "damaged" not in told


@pytest.mark.usefixtures("chinese")
def test_words_of_a_plugin_are_told_as_they_are() -> None:
    assert sentences.told(KnownError("my {own} words")) == "my {own} words"
    assert sentences.told(ZeroDivisionError("oh")) == "oh"


def test_english_is_told_in_english() -> None:
    assert sentences.told(phrase("{a} and {b:,}", a="x", b=1234)) == "x and 1,234"


def test_several_problems_are_told_once_each_in_their_order() -> None:
    one, two = phrase("{n} is odd.", n=1), phrase("Two.")

    assert str(joined([one, two, one])) == "1 is odd. Two."


def test_a_problem_is_kept_with_what_it_is_made_of_and_found_again() -> None:
    problem = Problem("{a}: {b}", {"a": Problem("{n}", {"n": 1}), "b": "{not a place}"}, "medium")

    again = problem_from(json.loads(json.dumps(kept(problem))))

    assert again == problem and str(again) == "1: {not a place}"


def test_older_libraries_have_only_the_words() -> None:
    assert problem_from(None, "It broke.") == Problem("It broke.")
    assert problem_from({"template": 3}, "It broke.") == Problem("It broke.")
    assert problem_from("could not read it") == Problem("could not read it")


def test_an_error_of_an_error_carries_its_parts() -> None:
    inner = KnownError("no {thing}", "device", thing="card")

    outer = KnownError("{what}: {why}", what="engine", why=inner)

    assert problem_of(outer).arguments["why"] == inner.problem
    assert str(outer) == "engine: no card" and inner.problem.kind == "device"
