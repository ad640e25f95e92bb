"""`medley evaluate`: turns what was typed into a plan and hands it to the school.

Knows the command line's words for it; measures nothing and imports the school only when asked.
"""

from __future__ import annotations

import argparse
import difflib
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.optional import needs_extra
from plugins.errors import KnownError

if TYPE_CHECKING:
    from training.dialogues.phrasings import PHRASINGS
    from training.evaluation.plan import Plan


NOT_FOR = {
    "second-ring": ("metrics", "phrasings", "rows"),
    "wordings": ("metrics", "rows", "steps"),
}
"""Options that mean nothing to a suite."""


def evaluate(options: argparse.Namespace) -> int:
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
    )


def plan_of(options: argparse.Namespace) -> Plan:
    """What is to be measured: everything, or with --quick the small form.

    Raises:
        KnownError: an unknown suite or part, or a folder or option where none belongs, or no folder
            where one does.
    """
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
    _known("suite", name, SUITES)
    if len(folders) != (name == "folder"):
        wanted = "one folder with captioned media" if name == "folder" else "no folder"
        raise KnownError(
            f"--suite {name}: expected {wanted}, found {' '.join(folders) or 'none'}. Write "
            "--suite folder DIR, --suite pocketworld, --suite second-ring or --suite wordings; a "
            "bundle's name stands before it."
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
