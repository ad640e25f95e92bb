"""An estimate of the time of `medley train pocket` on this machine, from a few steps of each stage.

    python -m benchmarks.recipe [--parallel-stages N | --processes N] [--steps N] [--share PART]

Runs every stage of the recipe at its full width and batch, for a few steps on a few media. The time
of a stage is then its steps at the measured speed, and the rest of it (making and encoding media)
as much longer as the recipe has more media. Stages that are trained side by side are measured so:
as many copies of one at the same time, and the whole is when the last stage ends, each beginning as
it would in a training. Loading counts with the rest, so the sum is a little too long; starting
processes, some seconds per stage, does not.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from training.pocket.recipe import STAGES, Recipe
from training.pocket.run import ALONE, train_in_one_of, train_one
from training.trainer import devices
from training.trainer.processes import Group
from training.trainer.progress import read_done
from training.trainer.schedule import ends_after
from training.trainer.stages import Stages

STEPS = {
    "picture-text": "text_steps", "audio-text": "text_steps", "picture-vae": "picture_vae_steps",
    "image-unet": "image_steps", "sound-vae": "sound_vae_steps", "audio-unet": "audio_steps",
    "video-unet": "video_steps", "encoder": "encoder_steps", "language": "language_steps",
    "stage1": "stage1_steps", "stage2": "stage2_steps", "stage3": "stage3_steps",
    "stage4": "stage4_steps",
}  # fmt: skip
"""The recipe's number of steps, by stage."""
WITHOUT_MEDIA = ("picture-text", "audio-text", "language", "export")
"""Stages that take no longer where there are more media."""
SPEED = re.compile(r"step (\d+)/\1 .* ([\d.]+) s/step")


@dataclass(frozen=True)
class Timed:
    """One stage."""

    name: str
    steps: int
    """The steps of the recipe."""
    step_s: float
    rest_s: float
    """Seconds of the recipe's work that has no steps."""

    @property
    def seconds(self) -> float:
        """Seconds of the recipe."""
        return self.steps * self.step_s + self.rest_s


def small(recipe: Recipe, steps: int, share: float) -> Recipe:
    """The recipe with so many steps per stage and a share of its media and dialogues."""
    counts = {name: steps for name in STEPS.values()}
    media = ("pictures", "sounds", "clips")
    for name in (*media, *(f"composed_{name}" for name in media), "stage4_dialogues"):
        counts[name] = max(64, round(getattr(recipe, name) * share))
    return replace(recipe, **counts)


def timed(
    name: str, folders: Sequence[Path], recipe: Recipe, tried: Recipe, processes: int
) -> Timed:
    """Run a stage of the small recipe, in each folder at the same time, and say how long the whole
    one would take."""
    shared = processes if name not in ALONE else 1
    with tempfile.TemporaryFile("w+") as said:
        with printed_to(said.fileno()), contextlib.ExitStack() as ends:
            if len(folders) > 1 or shared > 1:
                groups = [
                    ends.enter_context(_copy(runs, name, tried, shared, len(folders)))
                    for runs in folders
                ]
                for group in groups:
                    while not group.ended():
                        continue
            else:
                train_one(Stages(folders[0]), name, tried)
        said.seek(0)
        found = [float(speed) for _, speed in SPEED.findall(said.read())]
    ended = [read_done(runs / name / "done") for runs in folders]
    seconds = sum(done.seconds for done in ended if done) / len(folders)
    step_s = sum(found) / len(folders)
    steps = STEPS.get(name)
    spent = step_s * getattr(tried, steps) if steps else 0.0
    more = 1.0 if name in WITHOUT_MEDIA else recipe.pictures / tried.pictures
    return Timed(
        name, getattr(recipe, steps) if steps else 0, step_s, max(0.0, seconds - spent) * more
    )


def _copy(runs: Path, name: str, tried: Recipe, processes: int, beside: int) -> Group:
    """A stage in one of the folders, begun."""
    return Group(
        processes, train_in_one_of, processes, "auto", runs, name, tried, beside=beside, name=name
    )


@contextlib.contextmanager
def printed_to(file: int) -> Iterator[None]:
    """Redirect the output of this process, and of those that it starts, to an open file."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(file, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def main() -> int:
    """Print one line per stage, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=12, help="a stage")
    parser.add_argument("--share", type=float, default=0.04, help="of the media (0.04)")
    parser.add_argument("--processes", type=int, default=1, help="that share the batches (1)")
    parser.add_argument(
        "--parallel-stages", type=int, help="stages at the same time (as in training)"
    )
    options = parser.parse_args()
    at_once = devices.stages_at_once("auto", options.processes, options.parallel_stages)
    devices.use("auto")
    recipe = Recipe()
    tried = small(recipe, options.steps, options.share)
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="medley-recipe-") as folder:
        for stage in STAGES:
            folders = [Path(folder) / str(number) for number in range(at_once)]
            found = timed(stage.name, folders, recipe, tried, options.processes)
            seconds[found.name] = found.seconds
            print(
                f"{found.name:16} {found.steps:5} steps at {found.step_s:5.2f} s, "
                f"the rest {found.rest_s:5.0f} s: {found.seconds / 60:6.1f} min",
                flush=True,
            )
    hours = ends_after(STAGES, seconds, at_once) / 3600
    print(f"the whole recipe, {at_once} at a time: {hours:.1f} h")
    return 0


if __name__ == "__main__":
    sys.exit(main())
