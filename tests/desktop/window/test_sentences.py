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
from runtime.bundle.bundle import BundleError
from runtime.media.files import NOUNS
from runtime.worker.child import Ended
from storage.errors import DamagedError, ExchangeError
from storage.exchange.packages import source_at
from tests.sentences import english_arguments, made_up, templates

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


def test_no_english_words_stand_in_a_place_of_a_sentence() -> None:
    assert english_arguments() == []


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


@pytest.mark.usefixtures("chinese")
def test_problems_of_a_bundle_are_listed_in_chinese() -> None:
    problems = [phrase("{path} is listed but missing", path=f"{n}.gguf") for n in range(10)]

    told = sentences.told(BundleError(Path("/b"), problems))

    assert "缺少清单中列出的 7.gguf；另有 2 项。请" in told
    assert "8.gguf" not in told and "missing" not in told


@pytest.mark.usefixtures("chinese")
def test_sentences_follow_one_another_without_a_space_in_chinese() -> None:
    told = sentences.told(joined([phrase("Save it again."), phrase("Check the name.")]))

    assert told == "请重新保存。请检查名称。"


@pytest.mark.usefixtures("chinese")
def test_the_librarys_parts_of_sentences_are_told_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "locked.zip").write_bytes(b"PK\x03\x04 but no more")

    with pytest.raises(ExchangeError) as caught, source_at(tmp_path / "locked.zip"):
        pass

    told = sentences.told(caught.value)
    assert "它不是完好的 zip 文件" in told and "import" not in told


@pytest.mark.usefixtures("chinese")
def test_the_end_of_the_engine_is_told_in_chinese() -> None:
    told = sentences.told(Ended(-9, ("bad_alloc",)).why("pocket.image", "colours"))

    assert told == (
        "引擎进程在插件 colours 的 pocket.image 工作时被信号 9（SIGKILL）终止了，可能是内存不足；"
        "它最后的话：bad_alloc。在重新启动 Medley 之前不会再使用 colours；"
        "可以用 `medley plugins disable colours` 永久停用它。"
    )


def test_an_error_of_an_error_carries_its_parts() -> None:
    inner = KnownError("no {thing}", "device", thing="card")

    outer = KnownError("{what}: {why}", what="engine", why=inner)

    assert problem_of(outer).arguments["why"] == inner.problem
    assert str(outer) == "engine: no card" and inner.problem.kind == "device"
