"""The evaluation of the shipped Pocket, part by part and as small as it goes: does it run, and does
it report what was measured? How good Pocket is, only a large limit tells.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from plugins.api import Recipe
from runtime.bundle.bundle import Bundle
from runtime.engine import Engine
from training.evaluation import paper_metrics, routing_comparison
from training.evaluation import run as evaluation
from training.evaluation.judging import Result, put, write_true
from training.evaluation.metrics.embeddings import Embeddings
from training.evaluation.plan import Plan
from training.evaluation.questions import cases
from training.evaluation.session import EvaluationRun
from training.evaluation.sheets.contact_sheet import choose, held_out_cases, write_sheets
from training.pocketworld.captions import canonical
from training.pocketworld.scene import Scene

STEPS = 1


@pytest.fixture(scope="module")
def session(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> EvaluationRun:
    return EvaluationRun(engine, tmp_path_factory.mktemp("session"), 20_000, STEPS, lambda: None)


@pytest.fixture(scope="module")
def results(session: EvaluationRun) -> list[Result]:
    """A request, a description and an edit."""
    asked = cases(
        1, session.folder, directions=("text -> image", "image -> text", "edit in a second turn")
    )
    return [put(session.engine, case, STEPS) for case in asked]


def test_the_same_request_is_rendered_from_the_models_own_caption(
    session: EvaluationRun, results: list[Result]
) -> None:
    groups = routing_comparison.comparable(results, 5)
    assert list(groups) == ["image"]
    assert len(groups["image"]) == 1
    (pair,) = routing_comparison.compare_route(session, "image", groups["image"])
    judgements = groups["image"][0].judgements
    assert (pair.modality, pair.requests) == ("image", 1)
    assert pair.projected.n == pair.captioned.n == len(judgements)
    assert pair.projected.share == sum(judgement.right for judgement in judgements) / len(
        judgements
    )
    assert set(pair.by_attribute) == {judgement.name for judgement in judgements}


def test_another_format_answers_the_same_cases(
    session: EvaluationRun, results: list[Result]
) -> None:
    bundle = session.engine.bundle
    own, others = routing_comparison.formats_to_try(bundle)
    assert (own, others) == ("F16", ("Q8_0", "Q4_K_M"))
    small = routing_comparison.in_format(bundle, "Q4_K_M", session.folder)
    answers = list(routing_comparison.answers_of(small, session, results[:2]))
    assert [answer.case for answer in answers] == [result.case for result in results[:2]]
    row = routing_comparison.format_row("Q4_K_M", small, answers, results[:2])
    exact = routing_comparison.format_row(own, bundle, results[:2], results[:2])
    assert row.megabytes < exact.megabytes
    assert (exact.same_words.share, exact.condition_cosine) == (1.0, pytest.approx(1.0))
    assert 0.5 < row.condition_cosine < 1.0


def test_the_papers_measures_of_captions_and_of_sounds(session: EvaluationRun) -> None:
    found = [*paper_metrics.caption_measures(session, "image", 2)]
    found += paper_metrics.made_measures(
        session, Embeddings(session.engine, session.folder), "audio", 3
    )
    by_name = {(one.direction, one.name): one for one in found}
    assert {name for _, name in by_name} == {"BLEU-4", "METEOR", "CIDEr", "FD", "IS", "KL"}
    best = by_name["image -> text", "BLEU-4"]
    assert best.anchor == pytest.approx(1.0)  # the true caption is among the references
    assert 0 <= best.value <= best.anchor
    sounds = by_name["text -> audio", "FD"]
    assert sounds.anchor is not None
    assert sounds.value > sounds.anchor > 0
    assert 1 <= by_name["text -> audio", "IS"].value <= 3


def test_a_clip_is_more_like_its_own_caption_than_like_another(
    session: EvaluationRun, tmp_path: Path
) -> None:
    scenes = [Scene("boat", "red", "sea"), Scene("frog", "green", "grass", time="night")]
    rng = np.random.default_rng(0)
    paths = [write_true("video", s, rng, tmp_path / s.thing) for s in scenes]
    captions = [canonical(scene, "video") for scene in scenes]
    embeddings = Embeddings(session.engine, tmp_path)
    found = paper_metrics.clipsim(embeddings, "text -> video", captions, paths, paths[::-1])
    assert found.anchor is not None
    assert found.value > found.anchor + 0.1


def test_sheets_show_every_case_with_its_media_inside(
    results: list[Result], tmp_path: Path
) -> None:
    write_sheets(choose(results, 24), tmp_path, "pocket")
    page = (tmp_path / "contact-sheet.html").read_text("utf-8")
    asked = sum(len(result.case.questions) for result in results)
    made = sum(len(answer.artifacts) for result in results for answer in result.answers)
    assert page.count("<article") == asked == 4
    assert page.count('<figure class="given">') == 1
    assert page.count('<figure class="made">') == made >= 1
    assert len(re.findall(r'src="data:(image/jpeg|video/mp4);base64,', page)) == made + 1
    assert "http" not in page
    assert (tmp_path / "contact-sheet-1.png").read_bytes().startswith(b"\x89PNG")


def test_a_sheet_of_24_has_all_directions_both_languages_and_unseen_combinations(
    tmp_path: Path,
) -> None:
    asked = held_out_cases(24, tmp_path)
    assert len(asked) == 24
    assert len({case.direction for case in asked}) == 12
    assert {case.language for case in asked} == {"en", "zh"}
    assert sum(case.unseen for case in asked) == 6


def test_the_whole_command_reports_as_json_and_in_a_folder(
    pocket: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Plan(steps=STEPS, directions=("image -> text", "plain talk"), languages=("en", "zh"))
    code = evaluation.main(
        bundle=str(pocket.folder), limit=1, as_json=True, out=tmp_path, plan=plan
    )
    report = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (report["bundle"], report["limit"], report["complete"]) == ("pocket", 1, True)
    assert [(row["direction"], row["language"]) for row in report["rows"]] == [
        (direction, language)
        for language in ("en", "zh")
        for direction in ("image -> text", "plain talk")
    ]
    assert report["oracle_on_true_media"]["image"]["share"] > 0.9
    assert json.loads((tmp_path / "report.json").read_text("utf-8")) == report
    assert "| image -> text |" in (tmp_path / "report.md").read_text("utf-8")
    assert (tmp_path / "contact-sheet.html").is_file()


def test_recipes_are_kept_when_media_are_let_go(results: list[Result]) -> None:
    (made,) = results[0].without_media().answers[-1].artifacts
    assert made.data == b""
    assert Recipe.from_json(made.recipe).condition.embeds is not None
