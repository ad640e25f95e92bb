"""Hands `medley train` to the school. Imports it only when asked."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop.cli.optional import needs_extra

FIRST_EVALUATION = 2
"""Cases per direction in the evaluation that ends a training."""


def train(options: argparse.Namespace) -> int:
    """Train the embedded bundle or show how far its training is, or align a person's own parts."""
    if options.what == "align":
        from desktop.cli.train_align import align

        return align(options)
    from training.pocket.recipe import Recipe

    if options.what == "familiarity":
        with needs_extra():
            from training.familiarity import media as familiarity
        return familiarity.main(options.bundle, Recipe().familiarity)
    if options.list:
        return show_stages(options.out, options.side_by_side or 2)
    with needs_extra():
        from training.pocket import run as pocket
    bundle = pocket.main(
        resume=options.resume, only=options.only, again=options.again,
        begin_with=options.begin_with, device=options.device, out=options.out,
        processes=options.processes, at_once=options.side_by_side,
    )  # fmt: skip
    return 0 if bundle is None else first_evaluation(bundle)


def first_evaluation(bundle: Path) -> int:
    """Say what a bundle that was just trained gets right."""
    from training.evaluation import run as evaluation

    code = evaluation.main(bundle=str(bundle), limit=FIRST_EVALUATION, as_json=False)
    print(f"Pocket is in {bundle}. Try it: medley ask --bundle {bundle} 'draw a boat'")
    return code


def show_stages(out: Path | None, at_once: int) -> int:
    """Print the stages of a run, without importing anything that computes."""
    from training.pocket.recipe import DEFAULT_RUNS, STAGES
    from training.trainer.stage_table import show

    show(STAGES, out or DEFAULT_RUNS, at_once=at_once)
    return 0
