"""`medley evaluate`: turns what was typed into a plan and hands it to training.

Knows the command line's words for it; measures nothing and imports training only when asked.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli import argument_values as values
from desktop.cli.options import Parser, add_device, add_json, add_seed, needs_extra
from plugins.errors import KnownError

if TYPE_CHECKING:
    from training.evaluation.plan import Plan

NOT_FOR = {
    "composition": ("metrics", "phrasings", "rows"),
    "paraphrases": ("metrics", "rows", "steps"),
}
"""Options that mean nothing to a suite."""
FORMER = {"second-ring": "composition", "wordings": "paraphrases"}
"""Suites by the names that they had in the version before."""


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley evaluate`."""
    parser.add_argument("bundle", nargs="?", default="pocket", help="name or folder")
    parser.add_argument(
        "--suite", nargs="+", default=["pocketworld"], metavar=("NAME", "DIR"),
        help="pocketworld, composition (counts, relations, loudness, order, speed), paraphrases "
        "(is every phrasing understood?), or folder DIR: captioned media as COCO, AudioCaps or "
        "MSR-VTT have them",
    )  # fmt: skip
    parser.add_argument(
        "--limit", type=values.positive, metavar="N",
        help="cases per direction, language and combination (default: 25)",
    )  # fmt: skip
    parser.add_argument(
        "--language", choices=["en", "zh", "both"], help="of the questions (default: both)"
    )
    parser.add_argument(
        "--metrics", type=values.words, metavar="PARTS",
        help="only these parts: attributes, routing, formats, paper",
    )  # fmt: skip
    parser.add_argument(
        "--rows", type=values.words, metavar="ROWS",
        help="only these rows of the table, as 'image -> text,refusal', and no other part",
    )  # fmt: skip
    parser.add_argument(
        "--quick", action="store_true", help="attributes only, in English, seen combinations"
    )
    parser.add_argument(
        "--phrasings", choices=["held-out", "development"],
        help="wording of the questions: kept for reports (default), or for between trainings",
    )  # fmt: skip
    add_seed(parser)
    parser.add_argument(
        "--steps", type=values.positive, metavar="N", help="diffusion steps per artifact"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write report and contact sheets here as well"
    )
    add_device(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Measure a bundle; print tables or one JSON object."""
    plan = plan_of(options)
    with needs_extra():
        from training.evaluation import run as evaluation
    return evaluation.main(
        bundle=options.bundle,
        limit=options.limit,
        as_json=options.json,
        out=options.out,
        plan=plan,
        device=options.device,
    )


def plan_of(options: argparse.Namespace) -> Plan:
    """What is to be measured: everything, or with --quick the small form.

    Raises:
        KnownError: an unknown suite or part, or a folder or option where none belongs, or no folder
            where one does.
    """
    from training.dialogues.phrasings import PHRASINGS
    from training.evaluation.plan import (
        COMBINATIONS,
        LANGUAGES,
        ROWS,
        SECTIONS,
        SEED,
        Plan,
    )

    suite, data = _suite(options.suite)
    _none_of(suite, *NOT_FOR.get(suite, ()), options=options)
    quick = options.quick
    language = options.language or ("en" if quick else "both")
    sections = options.metrics or (("attributes",) if quick or options.rows else SECTIONS)
    for name in sections:
        _known("part", name, SECTIONS)
    for name in options.rows or ():
        _known("row", name, ROWS)
    return Plan(
        suite=suite,
        data=data,
        languages=LANGUAGES if language == "both" else (language,),
        combinations=("seen",) if quick else COMBINATIONS,
        sections=tuple(sections),
        directions=options.rows,
        phrasings=options.phrasings or PHRASINGS[0],
        seed=SEED if options.seed is None else options.seed,
        steps=options.steps,
    )


def _suite(words: list[str]) -> tuple[str, Path | None]:
    from training.evaluation.plan import SUITES

    name, *folders = words
    if name in FORMER:
        print(f"medley: --suite {name} is now called {FORMER[name]}.", file=sys.stderr)
        name = FORMER[name]
    _known("suite", name, SUITES)
    if len(folders) != (name == "folder"):
        wanted = "one folder with captioned media" if name == "folder" else "no folder"
        raise KnownError(
            f"--suite {name}: expected {wanted}, found {' '.join(folders) or 'none'}. Write "
            "--suite folder DIR, --suite pocketworld, --suite composition or --suite paraphrases; "
            "a bundle's name stands before it."
        )
    return name, Path(folders[0]).expanduser() if folders else None


def _none_of(suite: str, *names: str, options: argparse.Namespace) -> None:
    """Other suites are asked in one way and measured in one."""
    for name in names:
        if getattr(options, name):
            raise KnownError(
                f"--suite {suite}: expected no --{name}, which is for the suite pocketworld. "
                "Leave it out."
            )


def _known(what: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else "choose among these."
        raise KnownError(
            f"evaluate: expected a {what} of {', '.join(known)}, found {name!r}; {hint}"
        )
