"""`medley mcp`: Medley as an MCP server, for one other program that starts it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from desktop.cli.options import Parser, add_bundle, add_device
from desktop.file_names import local
from desktop.program import own_command


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley mcp`."""
    add_bundle(parser)
    add_device(parser)
    parser.add_argument(
        "--library", type=Path, metavar="FILE", help="what is searched (default: your own)"
    )
    text = "print what to paste into the settings of other programs"
    parser.add_argument("--settings", action="store_true", help=text)


def run(options: argparse.Namespace) -> int:
    """Serve until the other program closes stdin; stdout is the protocol's alone."""
    if options.settings:
        print(settings())
        return 0
    import asyncio

    from desktop.mcp_server.server import serve
    from desktop.mcp_server.work import Work
    from runtime.bundle.bundle import find_bundle

    find_bundle(options.bundle)
    if sys.stdin.isatty():
        print(f"Another program is to start this one. Its settings:\n{settings()}", file=sys.stderr)
    library = None if options.library is None else local(options.library).absolute()
    asyncio.run(serve(Work(options.bundle, {"device": options.device}, library)))
    return 0


def settings() -> str:
    """What programs that know MCP take: Claude, Cursor, LM Studio, Jan and others."""
    command, *args = own_command("mcp")
    return json.dumps({"mcpServers": {"medley": {"command": command, "args": args}}}, indent=2)
