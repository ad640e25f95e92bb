"""The command: parts in order, progress, and what is reported when it is stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runtime.bundle.bundle import Bundle
from training.evaluation import run as evaluation
from training.evaluation.judging import Case, Result, put
from training.evaluation.plan import Plan
from training.evaluation.run import oracle_accuracy
from training.pocketworld.scene import SHOWN


def test_the_oracle_reads_true_media_right_from_their_files(tmp_path: Path) -> None:
    accuracy = oracle_accuracy(4, tmp_path)
    assert set(accuracy) == set(SHOWN)
    assert min(share.share for share in accuracy.values()) >= 0.98, accuracy


def test_without_a_plan_every_direction_is_asked_in_english(
    tiny_bundle: Bundle, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "put", lambda _, case, __: Result(case, [], [True]))
    assert evaluation.main(bundle=str(tiny_bundle.folder), limit=1, as_json=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["bundle"], report["suite"]) == ("tiny", "pocketworld")
    assert len(report["rows"]) == 14
    assert {(row["language"], row["combinations"]) for row in report["rows"]} == {("en", "seen")}
    assert report["routing"]["share"] == 1.0


def test_a_bundle_is_asked_through_the_real_engine(
    tiny_bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Plan(limit=2, directions=("plain talk", "image -> text"))
    assert evaluation.main(bundle=str(tiny_bundle.folder), limit=1, as_json=False, plan=plan) == 0
    printed = capsys.readouterr().out
    assert "tiny: suite pocketworld, limit 1" in printed
    # It answers everything with words and three artifacts.
    assert "routing, all answers: 0.0%" in printed
    assert "| plain talk " in printed


def test_what_was_answered_is_reported_when_it_is_stopped(
    tiny_bundle: Bundle,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Case] = []

    def stopped(*given: object) -> Result:
        engine, case, steps = given
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(case)  # type: ignore[arg-type]
        return put(engine, case, steps)  # type: ignore[arg-type]

    monkeypatch.setattr(evaluation, "put", stopped)
    plan = Plan(directions=("plain talk", "refusal"), sections=("attributes", "paper"))
    code = evaluation.main(
        bundle=str(tiny_bundle.folder), limit=5, as_json=True, out=tmp_path / "out", plan=plan
    )
    report = json.loads(capsys.readouterr().out)
    assert code == 130
    assert report["complete"] is False
    assert [row["cases"] for row in report["rows"]] == [1, 1]
    assert "STOPPED" in (tmp_path / "out" / "report.md").read_text("utf-8")
