"""A plot of a run's losses, one panel per stage. Knows matplotlib and loss logs, and no torch."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, StrMethodFormatter

from training.trainer.progress import LossLog, write_atomically

COLUMNS = 4
PANEL = (3.4, 2.5)
"""Inches."""


def draw(runs: Path, stages: Sequence[str], target: Path) -> bool:
    """Write a PNG with the losses of those stages that have any; false when none has."""
    logs = {name: LossLog(runs / name / "losses.jsonl").read() for name in stages}
    logs = {name: lines for name, lines in logs.items() if lines}
    if not logs:
        return False
    columns = min(COLUMNS, len(logs))
    rows = math.ceil(len(logs) / columns)
    with mpl.rc_context({"font.size": 8, "axes.titlesize": 9}):
        figure = Figure(figsize=(PANEL[0] * columns, PANEL[1] * rows), layout="constrained")
        panels = list(figure.subplots(rows, columns, squeeze=False).flat)
        for panel, (name, lines) in zip(panels, logs.items(), strict=False):
            _panel(panel, name, lines)
        for panel in panels[len(logs) :]:
            panel.set_axis_off()
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=110)
    write_atomically(target, buffer.getvalue())
    return True


def _panel(panel: Axes, name: str, lines: Sequence[dict[str, float]]) -> None:
    """Losses over steps, logarithmic; the sum that is minimised stands out."""
    for part in dict.fromkeys(key for line in lines for key in line if key != "step"):
        points = [(line["step"], line[part]) for line in lines if part in line]
        steps, values = zip(*points, strict=True)
        bold = part == "loss"
        panel.plot(
            steps, values, label=part, linewidth=1.8 if bold else 1.1, zorder=3 if bold else 2,
            color="black" if bold else None, marker="o" if len(points) == 1 else None, markersize=3,
        )  # fmt: skip
    panel.set_yscale("log")
    panel.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    panel.yaxis.set_minor_formatter(FuncFormatter(_between))
    panel.set_title(name)
    panel.set_xlabel("step")
    panel.grid(visible=True, which="both", alpha=0.25, linewidth=0.5)
    panel.legend(
        fontsize=6.5, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=4
    )


def _between(value: float, _: int) -> str:
    """The label of a mark between two powers of ten; empty except for 2, 3 and 5."""
    return f"{value:g}" if f"{value:e}"[0] in "235" else ""
