"""The picture of a run's losses."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.trainer import loss_plot
from training.trainer.progress import LossLog


def log(runs: Path, stage: str, parts: tuple[str, ...]) -> None:
    (runs / stage).mkdir(parents=True)
    for step in (50, 100, 150):
        means = {part: 1.0 / (step * (1 + at)) for at, part in enumerate(parts)}
        if step == 100 and len(parts) > 1:
            del means[parts[-1]]
        LossLog(runs / stage / "losses.jsonl").add(step, means)


def drawn(path: Path) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(path.read_bytes())).convert("L"))


def test_a_panel_a_stage_that_has_losses(tmp_path: Path) -> None:
    stages = ["one", "two", "three", "four", "five", "never"]
    for stage in stages[:4]:
        log(tmp_path, stage, ("loss", "text", "image"))
    assert loss_plot.draw(tmp_path, stages, tmp_path / "curves.png")
    row = drawn(tmp_path / "curves.png")
    log(tmp_path, "five", ("loss",))
    loss_plot.draw(tmp_path, stages, tmp_path / "curves.png")
    rows = drawn(tmp_path / "curves.png")
    assert rows.shape == (2 * row.shape[0], row.shape[1])
    below = rows[row.shape[0] :]
    quarter = rows.shape[1] // 4
    assert below[:, :quarter].min() < 50
    assert below[:, quarter + 20 :].min() > 250, "panels without a stage are empty"


def test_a_run_without_losses_has_no_picture(tmp_path: Path) -> None:
    assert not loss_plot.draw(tmp_path, ["one"], tmp_path / "curves.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("value", "shown"), [(0.2, "0.2"), (5.0, "5"), (0.03, "0.03"), (0.4, ""), (0.6, "")]
)
def test_some_marks_between_powers_of_ten_have_labels(value: float, shown: str) -> None:
    assert loss_plot._between(value, 0) == shown
