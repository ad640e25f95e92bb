"""`medley train pocket`: trains the embedded bundle from scratch, in one resumable command.

The order is the paper's: language model, encoder and decoders first (stand-ins for Vicuna,
ImageBind and the diffusion models), then the three alignment stages, then export,
parity check, and the bundle. Knows what every stage of the recipe runs.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from training.pocket import (
    alignment_stages,
    decoder_alignment,
    encoder,
    from_bundle,
    language_model,
    text_encoders,
)
from training.pocket import decoder_stages as decoders
from training.pocket.bundle import write_pocket
from training.pocket.recipe import DEFAULT_RUNS, STAGES, Recipe
from training.trainer import devices, loss_plot, parallel_stages
from training.trainer import processes as processes_module
from training.trainer.stage_table import show
from training.trainer.stages import Stages, check_needs, find, take_again

Work = Callable[[Path, Path, Recipe], None]
"""Reads the run's folder (second), writes to the stage's own (first)."""


def _export(folder: Path, runs: Path, recipe: Recipe) -> None:
    """Write the bundle to `runs/bundle`."""
    shutil.rmtree(runs / "bundle", ignore_errors=True)
    write_pocket(runs / "bundle", runs, recipe)


WORK: dict[str, Work] = {
    "data": decoders.make_data,
    **{stage: partial(decoders.teach_text, stage) for stage in text_encoders.READS},
    "picture-vae": decoders.teach_picture_vae,
    "image-unet": partial(decoders.teach_unet, "image"),
    "sound-vae": decoders.teach_sound_vae,
    "audio-unet": partial(decoders.teach_unet, "audio"),
    "video-unet": partial(decoders.teach_unet, "video"),
    "encoder": encoder.teach,
    "language": lambda folder, runs, recipe: language_model.teach(folder, recipe),
    "features": alignment_stages.write_features,
    "stage1": alignment_stages.stage1,
    "stage2": alignment_stages.stage2,
    "stage3": alignment_stages.stage3,
    "stage4": decoder_alignment.stage4,
    "export": _export,
}
"""The function of each stage of the recipe, by name."""
ALONE = ("data", "encoder", "features", "export")
"""Stages that are not shared by several processes: those without steps, and the one whose loss
compares all of a batch with all of it, which two halves would not do."""


def main(
    *, resume: bool, device: str, out: Path | None, only: str | None = None,
    again: str | None = None, init_from: str | None = None, processes: int = 1,
    at_once: int | None = None, recipe: Recipe | None = None,
) -> Path | None:  # fmt: skip
    """Train Pocket; the folder of its bundle, where the whole run was trained.

    Args:
        resume: go on with a run that was stopped; without it a run that is there is refused.
        device: where to compute: `auto`, `cpu`, `cuda` or `cuda:N`.
        out: folder of the run; the bundle is written to `out/bundle`.
        only: one stage of the run, begun or taken up again; what it needs must be done.
        again: one stage that is done and is to learn further.
        init_from: a bundle whose parts the run begins with; the run's folder must be new.
        processes: how many share the batches of each stage that can be shared.
        at_once: how many stages are trained at the same time; None for `machine.stages_at_once`.

    Raises:
        KnownError: there is a run already, no such stage, device or bundle, a stage is missing, or
            there is no device for each process.
    """
    runs, chosen = out or DEFAULT_RUNS, recipe or Recipe()
    devices.check_room(device, processes)
    at_once = devices.stages_at_once(device, processes, at_once)
    named = only or again
    stage = find(named, STAGES) if named else None
    if init_from:
        from_bundle.begin(init_from, runs)
        if not stage:
            print(
                f"{runs} starts from {init_from}. Choose what to train with --only or --continue."
            )
            return None
    if again and stage:
        take_again(stage, STAGES, runs)
    if stage:
        check_needs(stage, runs)
    elif runs.exists() and any(runs.iterdir()) and not resume:
        raise KnownError(
            f"train pocket: {runs} already holds a run; add --resume to go on with it, or name "
            "another folder with --out."
        )
    run = _run_on(device, runs, chosen)
    if at_once > 1 and not stage:
        done = {one.name for one in STAGES if (runs / one.name / "done").is_file()} - {"export"}
        parallel_stages.run(STAGES, done, at_once, partial(_begun, device, runs, chosen))
    else:
        for one in [stage] if stage else STAGES:
            if processes > 1 and one.name not in ALONE:
                processes_module.run(
                    processes, train_in_one_of, processes, device, runs, one.name, chosen
                )
            else:
                train_one(run, one.name, chosen)
    if run.main:
        _conclude(runs, at_once)
    return None if stage else Bundle.open(runs / "bundle").folder


def _begun(
    device: str, runs: Path, recipe: Recipe, name: str, beside: int
) -> processes_module.Group:
    """A stage in a process of its own, begun."""
    given = (1, device, runs, name, recipe)
    return processes_module.Group(1, train_in_one_of, *given, beside=beside, name=name)


def train_in_one_of(processes: int, device: str, runs: Path, name: str, recipe: Recipe) -> None:
    """One stage, in one of several processes that share its batches."""
    train_one(_run_on(device, runs, recipe), name, recipe.shared(processes))


def _run_on(device: str, runs: Path, recipe: Recipe) -> Stages:
    """The run in a folder, and this process ready to work on it."""
    devices.use(device)
    first = devices.accelerator()
    torch.manual_seed(recipe.seed)
    return Stages(runs, main=first.is_main_process, wait=first.wait_for_everyone)


def train_one(stages: Stages, name: str, recipe: Recipe) -> None:
    """Train one stage, unless it is done; the bundle is always written again."""
    if name == "export" and stages.main:
        (stages.folder / name / "done").unlink(missing_ok=True)
    stages.run(name, lambda folder: WORK[name](folder, stages.folder, recipe))


def _conclude(runs: Path, at_once: int) -> None:
    show(STAGES, runs, at_once=at_once)
    if loss_plot.draw(runs, [stage.name for stage in STAGES], runs / "curves.png"):
        print(f"The losses are drawn in {runs / 'curves.png'}.")
