"""The whole application under Ray, where that is installed: minutes, so part of `make soak`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("ray")


@pytest.mark.soak
def test_every_request_is_answered_or_refused_while_replicas_are_killed() -> None:
    words = ["-m", "deploy.try_ray", "--clients", "4", "--each", "3"]

    ran = subprocess.run(
        [sys.executable, *words],
        cwd=Path(__file__).parents[2],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert ran.returncode == 0, ran.stdout[-4000:]
    assert ran.stdout.count("killed ray::ServeReplica") == 2
    assert "came in 1 form" in ran.stdout


@pytest.mark.soak
def test_a_batch_is_answered_by_two_engines_and_goes_on(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.jsonl"
    lines = [f'{{"prompt": "draw a {one} boat"}}' for one in ("red", "blue", "green", "white")]
    prompts.write_text("\n".join(lines))
    words = ["-m", "deploy.batch", prompts, tmp_path / "out", "--bundle", "pocket"]

    for _ in range(2):
        ran = subprocess.run(
            [sys.executable, *words, "--cpus", "2"],
            cwd=Path(__file__).parents[2],
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert ran.returncode == 0, ran.stderr[-4000:]

    assert "4 of them answered before" in ran.stdout
    assert len((tmp_path / "out/outcomes.jsonl").read_text().splitlines()) == 4
    assert len(list((tmp_path / "out").glob("*.png"))) == 4
