"""A run is shown as a table."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from training.trainer import progress
from training.trainer.progress import Done, Parameters, Progress
from training.trainer.stage_table import duration, show
from training.trainer.stages import Stage

TWO = (Stage("one", "much", minutes=2), Stage("two", "more", minutes=1))


def shown(runs: Path, width: int = 100, at_once: int = 1) -> str:
    out = io.StringIO()
    show(TWO, runs, Console(file=out, width=width), at_once=at_once)
    return out.getvalue()


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.4, "0 s"),
        (59.4, "59 s"),
        (200, "3 min 20 s"),
        (3599.7, "1 h 00 min"),
        (3720, "1 h 02 min"),
    ],
)
def test_durations_are_said_as_people_do(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_a_narrow_terminal_still_shows_every_stage(tmp_path: Path) -> None:
    assert "one" in shown(tmp_path, width=60)
    assert "two" in shown(tmp_path, width=60)


def test_a_run_that_is_done_tells_its_time_with_stages_at_once(tmp_path: Path) -> None:
    progress.write(Done(400.0, Parameters(1, 2), "cpu"), tmp_path / "one" / "done")
    reached = Progress(5, 10, 100.0, Parameters(1, 2), "cpu")
    progress.write(reached, tmp_path / "two" / "progress.json")
    begun = shown(tmp_path, at_once=2)
    assert "step 5 of 10" in begun
    assert "8 min 20 s" in begun
    assert "at a time" not in begun
    progress.write(Done(300.0, Parameters(1, 2), "cpu"), tmp_path / "two" / "done")
    ended = shown(tmp_path, at_once=2)
    assert "11 min 40 s" in ended
    assert ended.splitlines()[-3].split() == "all, 2 at a time 6 min 40 s".split()
    assert "at a time" not in shown(tmp_path)
