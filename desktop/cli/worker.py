"""`medley worker --stdio`: be the engine of a Medley on another computer, over stdin and stdout."""

from __future__ import annotations

import argparse

from desktop.cli.options import Parser, UsageError


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley worker`."""
    parser.add_argument(
        "--stdio",
        action="store_true",
        help="take commands from stdin and report to stdout; ssh starts it so",
    )


def run(options: argparse.Namespace) -> int:
    """Serve one connection."""
    if not options.stdio:
        raise UsageError("expected --stdio; another Medley starts it with that, over ssh.")
    from runtime.worker.remote.far_end import main

    main()
