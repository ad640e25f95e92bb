"""What a process of its own says of files, without a window: pairs, folders, odd names, its end."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from desktop.assistant.own_models.client import Job
from desktop.assistant.own_models.protocol import (
    Add,
    Added,
    Cancelled,
    Done,
    Failed,
    Last,
    Look,
    Looked,
    Progress,
    Report,
    Search,
    Test,
    Wish,
)
from runtime.catalogue import added
from tests import tiny_mmproj
from tests.runtime.composition.conftest import data, kept_gguf, own_gguf
from tests.runtime.local_models import making

__all__ = ["data", "kept_gguf", "own_gguf"]
pytestmark = pytest.mark.usefixtures("data")


def done(wish: Wish) -> tuple[list[Report], Last]:
    """All reports of a job, and the last one."""
    reports: list[Report] = []
    last: list[Last] = []
    job = Job(reports.append, last.append)
    job.start(wish)
    job.wait()
    return reports, last[0]


def looked(*paths: Path) -> Looked:
    """What was found in files and folders."""
    reports, last = done(Look(tuple(map(str, paths))))
    assert last == Done()
    [found] = [report for report in reports if isinstance(report, Looked)]
    return found


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tiny_mmproj.Pair:
    """A model and what sees for it, in one folder."""
    return tiny_mmproj.write_pair(tmp_path_factory.mktemp("pair"), "llava")


def test_a_model_brings_the_eyes_beside_it(pair: tiny_mmproj.Pair) -> None:
    [one] = looked(pair.model).candidates

    assert [(eye.path, eye.sees) for eye in one.eyes] == [(str(pair.mmproj), True)]
    assert not one.asks and one.known == ""


def test_eyes_from_elsewhere_are_given_together_with_the_model(
    pair: tiny_mmproj.Pair, own_gguf: Path, tmp_path: Path
) -> None:
    model = tmp_path / "alone" / "model.gguf"
    model.parent.mkdir()
    model.write_bytes(pair.model.read_bytes())

    found = looked(model, pair.mmproj)

    [one] = found.candidates
    assert [eye.path for eye in one.eyes] == [str(pair.mmproj)]
    assert found.problems == ()


def test_eyes_alone_are_told_what_they_need(pair: tiny_mmproj.Pair) -> None:
    found = looked(pair.mmproj)

    assert found.candidates == ()
    assert "together with it" in str(found.problems[0])


def test_a_folder_of_many_models_offers_all(tmp_path: Path) -> None:
    for at in range(25):
        making.talker(tmp_path / f"{at}.gguf", name=f"Model {at}")
    (tmp_path / "half.gguf").write_bytes(b"GGUF")

    found = looked(tmp_path)

    assert len(found.candidates) == 25
    assert "half.gguf" in str([str(problem) for problem in found.candidates[0].warnings])


def test_a_file_named_twice_is_offered_once(own_gguf: Path) -> None:
    assert len(looked(own_gguf, own_gguf).candidates) == 1


def test_names_that_are_no_text_are_told_in_letters(tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/" + "坏.gguf".encode("gbk")
    Path(os.fsdecode(odd)).write_bytes(b"GGUF")

    found = looked(tmp_path)

    assert found.candidates == ()
    assert "坏.gguf" in str(found.problems[0])


def test_what_is_gone_when_it_is_added_is_told(tmp_path: Path) -> None:
    _, last = done(Add(str(tmp_path / "gone.gguf"), "talk", "gone"))

    assert isinstance(last, Failed) and "gone.gguf" in str(last.problem)


def test_a_title_of_another_program_is_kept_and_progress_is_told(own_gguf: Path) -> None:
    reports, last = done(Add(str(own_gguf), "talk", "mine", title="qwen3:4b"))

    assert last == Done()
    steps = [report for report in reports if isinstance(report, Progress)]
    assert steps and steps[-1].done == steps[-1].total
    assert isinstance(reports[-1], Added) and reports[-1].title == "qwen3:4b"
    model = added.find("mine")
    assert model is not None and model.title == "qwen3:4b"


def test_nothing_is_found_where_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDLEY_PROGRAMS_HOME", str(tmp_path))

    assert done(Search()) == ([], Done())


def test_a_job_that_is_stopped_before_it_began_does_nothing(own_gguf: Path) -> None:
    last: list[Last] = []
    job = Job(lambda report: None, last.append)
    job.cancel()
    job.start(Add(str(own_gguf), "talk", "mine"))
    job.wait()

    assert last == [Cancelled()]
    assert added.added() == []


def test_closing_ends_a_test_that_has_just_begun(own_gguf: Path) -> None:
    last: list[Last] = []
    job = Job(lambda report: None, last.append)
    job.start(Test("pocket"))
    job.close()

    assert last == [Cancelled()]
    ours = [child.cmdline() for child in psutil.Process().children()]
    assert not [words for words in ours if "desktop.assistant.own_models.process" in words]
