"""`medley models apply`: a bundle of what an alignment learned and the language model it is of."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop.cli.options import Parser
from desktop.cli.printing.output import shown
from desktop.file_names import local


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley models apply`."""
    text = "the folder that `medley train align --keep-layers` wrote"
    parser.add_argument("delta", type=Path, metavar="DIR", help=text)
    text = "the language model that it is of (default: the one of the catalogue, if it is here)"
    parser.add_argument("--talk", type=Path, metavar="GGUF", help=text)
    text = "the bundle's name (default: the delta's)"
    parser.add_argument("--name", default="", metavar="NAME", help=text)


def run(options: argparse.Namespace) -> int:
    """Make the bundle; one of this name that was composed before is replaced.

    Raises:
        KnownError: the delta is broken, its language model is not here, or the name is no name.
    """
    from runtime.composition import names
    from runtime.composition.delta import apply_delta, find_base, read_delta

    delta = local(options.delta)
    if options.name:
        names.checked(options.name)
    base = find_base(delta, read_delta(delta)[0]) if options.talk is None else local(options.talk)
    folder = apply_delta(delta, base, options.name)
    print(f"The bundle {folder.name} is in {shown(folder)}.")
    print(f"Try it: medley ask --bundle {folder.name} 'What is the capital of France?'")
    return 0
