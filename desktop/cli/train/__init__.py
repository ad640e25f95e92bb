"""`medley train`: hands what was typed to training, imported only when asked."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop.cli import argument_values as values
from desktop.cli.options import Parser, add_device, add_former_name, needs_extra
from desktop.cli.train import align

FIRST_EVALUATION = 2
"""Cases per direction in the evaluation that ends a training."""


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley train`."""
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    text = "Train the embedded bundle from nothing, all of it or one stage."
    pocket = kinds.add_parser("pocket", help=text, description=text)
    pocket.add_argument("--resume", action="store_true", help="go on where the last run ended")
    one = pocket.add_mutually_exclusive_group()
    one.add_argument("--only", metavar="STAGE", help="train this stage alone, or go on with it")
    further = one.add_argument(
        "--continue", dest="again", metavar="STAGE", help="train a finished stage further"
    )
    add_former_name(one, "--again", further)
    start = pocket.add_argument(
        "--init-from", metavar="NAME|DIR", help="start a new run from the parts of a bundle"
    )
    add_former_name(pocket, "--begin-with", start)
    pocket.add_argument(
        "--list", action="store_true", help="show the stages, what they trained and how long"
    )
    add_device(pocket)
    pocket.add_argument(
        "--processes", type=values.positive, default=1, metavar="N",
        help="that share every batch, on some cores or a GPU each (default: 1)",
    )  # fmt: skip
    parallel = pocket.add_argument(
        "--parallel-stages", type=values.positive, metavar="N",
        help="stages at a time, each on its share of the cores (default: 2; 1 on a GPU)",
    )  # fmt: skip
    add_former_name(pocket, "--side-by-side", parallel)
    pocket.add_argument("--out", type=Path, metavar="DIR", help="folder of the run and its bundle")
    text = "Measure what a bundle of Pocketworld knows, so that it says so of anything else."
    known = kinds.add_parser("familiarity", help=text, description=text)
    known.add_argument("bundle", metavar="NAME|DIR", help="the bundle, which gets the measures")
    text = "Join your own language model, encoder and renderers into a bundle, on your own data."
    align.add_arguments(kinds.add_parser("align", help=text, description=text))


def run(options: argparse.Namespace) -> int:
    """Train the embedded bundle or show how far its training is, or align a person's own parts."""
    if options.what == "align":
        return align.run(options)
    from training.pocket.recipe import Recipe

    if options.what == "familiarity":
        with needs_extra():
            from training.familiarity import media as familiarity
        return familiarity.main(options.bundle, Recipe().familiarity)
    if options.list:
        return show_stages(options.out, options.parallel_stages or 2)
    with needs_extra():
        from training.pocket import run as pocket
    bundle = pocket.main(
        resume=options.resume, only=options.only, again=options.again,
        init_from=options.init_from, device=options.device, out=options.out,
        processes=options.processes, at_once=options.parallel_stages,
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
