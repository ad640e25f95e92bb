"""The stages of a training run: their inputs, their state, and their times.

Knows folders and names; knows not what the stages do, and no torch.
"""

from __future__ import annotations

import difflib
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from plugins.errors import KnownError
from training.trainer import progress
from training.trainer.progress import Done

START = "start"
"""The subfolder with the weights that a stage starts from when it is trained further."""


@dataclass(frozen=True)
class Stage:
    """One step of a recipe."""

    name: str
    """The name of the stage and of its folder."""
    learns: str
    """A description in a few words."""
    needs: tuple[str, ...] = ()
    """Stages whose results it reads."""
    result: str = ""
    """The file in the stage's folder from which further training would start; empty if there is
    none."""
    minutes: float = 0.0
    """About, on two cores: tells which of several stages begins first."""


class Stages:
    """A run's folder with one folder per stage; a stage with a `done` file is not run again.

    Where several processes train together, the main one's results are kept; the others do the same
    work in a folder that is thrown away.
    """

    def __init__(
        self, folder: Path, *, main: bool = True, wait: Callable[[], None] = lambda: None
    ) -> None:
        """`wait` returns when every process has come to it."""
        self.folder = folder
        self.main = main
        self.wait = wait

    def run(self, name: str, work: Callable[[Path], None]) -> None:
        """Do `work(folder of the stage)` unless it is done."""
        folder = self.folder / name
        found = (folder / "done").is_file()
        self.wait()
        if found:
            self._say(f"{name}: done before")
        elif self.main:
            self._work(name, folder, work)
        else:
            with tempfile.TemporaryDirectory(prefix="medley-stage-") as scratch:
                work(Path(scratch))
        self.wait()

    def _work(self, name: str, folder: Path, work: Callable[[Path], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        before = progress.read_progress(folder / "progress.json")
        started = time.monotonic()
        work(folder)
        spent = time.monotonic() - started + (before.seconds if before else 0.0)
        reached = progress.read_progress(folder / "progress.json")
        done = Done(round(spent, 1))
        if reached:
            done = Done(round(spent, 1), reached.parameters, reached.device)
        progress.write(done, folder / "done")
        for leftover in ("checkpoint.pt", "progress.json"):
            (folder / leftover).unlink(missing_ok=True)
        self._say(f"{name}: done in {spent / 60:.1f} min")

    def _say(self, text: str) -> None:
        if self.main:
            print(text, flush=True)


def find(name: str, stages: Sequence[Stage]) -> Stage:
    """The stage of that name.

    Raises:
        KnownError: there is none.
    """
    known = {stage.name: stage for stage in stages}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        meant = f"; did you mean {near[0]!r}?" if near else "."
        raise KnownError(f"no stage {name!r}{meant} Known: {', '.join(known)}.")
    return known[name]


def check_needs(stage: Stage, runs: Path) -> None:
    """Is everything there that a stage reads?

    Raises:
        KnownError: a stage that it needs is not done.
    """
    missing = [name for name in stage.needs if not (runs / name / "done").is_file()]
    if missing:
        raise KnownError(
            f"{stage.name} needs {', '.join(missing)}, not done in {runs}; do "
            f"{'it' if len(missing) == 1 else 'them'} first with --only, or leave --only out and "
            "add --resume to do all that is missing."
        )


def take_again(stage: Stage, stages: Sequence[Stage], runs: Path) -> None:
    """Have a stage that is done learn further: what it learned moves to where it begins.

    Raises:
        KnownError: the stage is not done, or can only be trained anew.
    """
    if not stage.result:
        known = ", ".join(one.name for one in stages if one.result)
        raise KnownError(
            f"{stage.name} cannot learn further; those that can: {known}. To train it anew, delete "
            f"{runs / stage.name} and give --only {stage.name}."
        )
    folder = runs / stage.name
    if not (folder / "done").is_file():
        raise KnownError(f"{stage.name} is not done in {runs}; finish it with --only first.")
    start = folder / START
    if (folder / stage.result).exists():
        shutil.rmtree(start, ignore_errors=True)
        start.mkdir()
        (folder / stage.result).rename(start / stage.result)
    (folder / "losses.jsonl").unlink(missing_ok=True)
    (folder / "done").unlink()
