"""`medley tools`: what the model may have done on this computer, what it did, and with which MCP
servers."""

from __future__ import annotations

import argparse

from desktop.cli.options import Parser
from desktop.cli.tools import kept, servers


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley tools`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    kept.add_arguments(actions)
    servers.add_arguments(actions)


def run(options: argparse.Namespace) -> int:
    """Do what `options.action` names."""
    return servers.run(options) if options.action == "servers" else kept.run(options)
