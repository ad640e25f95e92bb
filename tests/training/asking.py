"""Has a suite ask the shipped Pocket, and gives its report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from training.evaluation import run as evaluation
from training.evaluation.plan import Plan


def asked_of_pocket(plan: Plan, out: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The report on one case of everything in the plan, whole and the same as the written one."""
    assert evaluation.main(bundle="pocket", limit=1, as_json=True, out=out, plan=plan) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert json.loads((out / "report.json").read_text("utf-8")) == report
    assert (report["suite"], report["complete"]) == (plan.suite, True)
    return report
