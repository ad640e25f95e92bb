"""`medley train pocket`: the embedded bundle from nothing, in one resumable command.

The order is the paper's: language model, encoder and decoders first (stand-ins for Vicuna,
ImageBind and the diffusion models), then the three alignment stages, then export,
parity check, the bundle and a first evaluation.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import torch

from plugins.errors import KnownError
from runtime.bundle import Bundle
from training import align, encoder, evaluate, language, pocket_decoders, polish
from training.pocket_bundle import write_pocket
from training.recipe import Recipe
from training.stages import Stages

DEFAULT_RUNS = Path("runs") / "pocket"
FIRST_EVALUATION = 2
"""Cases a direction in the evaluation that ends a training."""


def main(*, resume: bool, device: str, out: Path | None, recipe: Recipe | None = None) -> int:
    """Train Pocket.

    Args:
        resume: go on with a run that was stopped; without it a run that is there is refused.
        device: where to compute; this recipe runs on `cpu` (`auto` means that too).
        out: folder of the run; the bundle is written to `out/bundle`.

    Raises:
        KnownError: there is a run already, or the device is not one this recipe runs on.
    """
    if device not in ("auto", "cpu"):
        raise KnownError(
            f"train pocket: expected device auto or cpu, found {device!r}; this recipe computes "
            "on the processor. Leave --device out."
        )
    runs = out or DEFAULT_RUNS
    if runs.exists() and any(runs.iterdir()) and not resume:
        raise KnownError(
            f"train pocket: {runs} already holds a run; add --resume to go on with it, or name "
            "another folder with --out."
        )
    train_all(Stages(runs), recipe or Recipe())
    bundle = Bundle.open(runs / "bundle")
    evaluate.main(bundle=str(bundle.folder), limit=FIRST_EVALUATION, as_json=False)
    print(
        f"Pocket is in {bundle.folder}. Try it: medley ask --bundle {bundle.folder} 'draw a boat'"
    )
    return 0


def train_all(stages: Stages, recipe: Recipe) -> None:
    """Every stage that is not done yet."""
    runs = stages.folder
    torch.manual_seed(recipe.seed)
    pocket_decoders.teach_decoders(stages, recipe)
    stages.run("encoder", lambda folder: encoder.teach(folder, runs, recipe))
    stages.run("language", lambda folder: language.teach(folder, recipe))
    stages.run("features", lambda folder: align.write_features(folder, runs, recipe))
    stages.run("stage1", lambda folder: align.stage1(folder, runs, recipe))
    stages.run("stage2", lambda folder: align.stage2(folder, runs, recipe))
    stages.run("stage3", lambda folder: align.stage3(folder, runs, recipe))
    stages.run("stage4", lambda folder: polish.stage4(folder, runs, recipe))
    shutil.rmtree(runs / "bundle", ignore_errors=True)
    write_pocket(runs / "bundle", runs, recipe)
