"""`medley tools`: what the model may have done on this computer."""

from __future__ import annotations

import argparse

from desktop.cli.options import Parser
from desktop.cli.tools import servers


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley tools`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    servers.add_arguments(actions)


def run(options: argparse.Namespace) -> int:
    """Do what `options.action` names."""
    return servers.run(options)
