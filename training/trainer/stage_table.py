"""A run as a table: the state, time and trained parameters of every stage.

Knows the files of a run's stages; no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from training.trainer import progress
from training.trainer.progress import Done, Parameters, Progress, percent
from training.trainer.schedule import ends_after
from training.trainer.stages import Stage

WIDTH = 140
"""Columns of a table that goes to a file or a pipe."""


def show(
    stages: Sequence[Stage], runs: Path, console: Console | None = None, *, at_once: int = 1
) -> None:
    """Print a table of a run: every stage, its state, its time and what it trained.

    Once all are done, it also says when the last would be with `at_once` at the same time, each
    taking as long as it did.
    """
    table = Table(box=box.SIMPLE, pad_edge=False)
    for title in ("stage", "learns"):
        table.add_column(title)
    for title in ("state", "time", "trained", "of", "share"):
        table.add_column(title, justify="right", no_wrap=True)
    seconds: dict[str, float] = {}
    left = False
    devices: dict[str, None] = {}
    for stage in stages:
        folder = runs / stage.name
        done = progress.read_done(folder / "done")
        reached = None if done else progress.read_progress(folder / "progress.json")
        found = done or reached
        seconds[stage.name] = found.seconds if found else 0.0
        left = left or done is None
        if found and found.device:
            devices[found.device] = None
        table.add_row(
            stage.name,
            stage.learns,
            _state(done, reached),
            duration(found.seconds) if found else "",
            *_counted(found.parameters if found else None),
        )
    table.add_section()
    table.add_row("all", "", "", duration(sum(seconds.values())))
    if at_once > 1 and not left:
        table.add_row(
            f"all, {at_once} at a time", "", "", duration(ends_after(stages, seconds, at_once))
        )
    shown = console or Console(highlight=False)
    if not shown.is_terminal:
        shown.width = WIDTH
    shown.print(table)
    if devices:
        shown.print(f"Computed on: {'; '.join(devices)}.")


def _state(done: Done | None, reached: Progress | None) -> str:
    if reached:
        return f"step {reached.step} of {reached.steps}"
    return "done" if done else "-"


def _counted(parameters: Parameters | None) -> tuple[str, str, str]:
    if parameters is None:
        return "", "", ""
    return f"{parameters.trained:,}", f"{parameters.total:,}", percent(parameters.share)


def duration(seconds: float) -> str:
    """1 h 02 min, 3 min 20 s or 12 s."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02} min"
    return f"{whole // 60} min {whole % 60:02} s" if whole >= 60 else f"{whole} s"
