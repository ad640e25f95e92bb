"""`medley tools`: what the model may have done on this computer."""

from __future__ import annotations

import argparse

from desktop.cli import tool_servers
from desktop.cli.options import Parser


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley tools`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    tool_servers.add_arguments(actions)


def run(options: argparse.Namespace) -> int:
    """Do what `options.action` names."""
    return tool_servers.run(options)
