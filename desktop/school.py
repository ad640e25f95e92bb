"""Hands `medley train` to the school. Imports it only when asked."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop.extras import needs_extra


def train(options: argparse.Namespace) -> int:
    """Train the embedded bundle or show how far its training is, or align a person's own parts."""
    if options.what == "align":
        from desktop.align import align

        return align(options)
    if options.what == "familiarity":
        with needs_extra():
            from training import familiarity
        return familiarity.main(options.bundle)
    if options.list:
        return show_stages(options.out, options.side_by_side or 2)
    with needs_extra():
        from training import pocket
    return pocket.main(
        resume=options.resume, only=options.only, again=options.again,
        begin_with=options.begin_with, device=options.device, out=options.out,
        processes=options.processes, at_once=options.side_by_side,
    )  # fmt: skip


def show_stages(out: Path | None, at_once: int) -> int:
    """Print the stages of a run, without importing anything that computes."""
    from training.recipe import DEFAULT_RUNS, STAGES
    from training.stage_table import show

    show(STAGES, out or DEFAULT_RUNS, at_once=at_once)
    return 0
