"""`medley remote`: other computers of yours that may answer in place of this one."""

from __future__ import annotations

import argparse
import json
import time
from contextlib import closing
from typing import Any

import msgspec

from desktop.assistant.remotes.kept import (
    COMMAND,
    Remote,
    add_remote,
    find_remote,
    remotes,
    remove_remote,
)
from desktop.cli import argument_values as values
from desktop.cli.options import Parser, add_json
from desktop.cli.printing.terminal import printable
from runtime.worker.protocol import Offered


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley remote`."""
    actions = parser.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    text = "Add a computer on which Medley is installed and you can log in with a key."
    one = actions.add_parser("add", help=text, description=text)
    one.add_argument("name", metavar="NAME", help="what you call it: letters, digits, - and _")
    one.add_argument("host", metavar="USER@HOST", help="where it is, as ssh takes it")
    one.add_argument("--port", type=values.positive, default=0, metavar="N", help="ssh's port")
    one.add_argument(
        "--command",
        dest="start",
        default=COMMAND,
        metavar="WORDS",
        help=f"what starts Medley there (default: {COMMAND})",
    )
    text = "List the computers."
    add_json(actions.add_parser("list", help=text, description=text))
    text = "Forget a computer."
    one = actions.add_parser("remove", help=text, description=text)
    one.add_argument("name", metavar="NAME", help="as `medley remote list` shows it")
    text = "Connect to a computer, and list the bundles that it has."
    one = actions.add_parser("test", help=text, description=text)
    one.add_argument("name", metavar="NAME", help="as `medley remote list` shows it")
    add_json(one)


def run(options: argparse.Namespace) -> int:
    """Do what `options.action` names."""
    match options.action:
        case "add":
            add_remote(Remote(options.name, options.host, options.port, options.start))
            print(printable(_line(find_remote(options.name))))
            print("What you ask there is sent there, with its files and what was said before.")
            print(printable(f"To see whether it answers: medley remote test {options.name}"))
        case "list":
            _list(as_json=options.json)
        case "remove":
            remove_remote(options.name)
            print(printable(f"{options.name} is forgotten."))
        case _:
            _test(options.name, as_json=options.json)
    return 0


def _list(*, as_json: bool) -> None:
    known = remotes()
    if as_json:
        print(json.dumps({"remotes": [msgspec.to_builtins(one) for one in known]}))
        return
    for one in known:
        print(printable(_line(one)))
    if not known:
        print("There are none. `medley remote add NAME user@host` adds one.")


def _test(name: str, *, as_json: bool) -> None:
    """Connect, and print what is there.

    Raises:
        KnownError: why it does not answer.
    """
    from desktop.assistant.remotes.link import connect

    began = time.monotonic()
    with closing(connect(find_remote(name))) as link:
        seconds, offered = time.monotonic() - began, link.offered
    if as_json:
        print(json.dumps({"name": name, "seconds": round(seconds, 2), **_told(offered)}))
        return
    print(printable(f"{name} answers (after {seconds:.1f} s). Its bundles:"))
    for bundle in offered.bundles:
        mark = "*" if bundle.name == offered.chosen else " "
        about = ", ".join(bundle.modalities) or bundle.limits
        print(printable(f"  {mark} {bundle.name}  {bundle.title} {bundle.version} ({about})"))


def _told(offered: Offered) -> dict[str, Any]:
    return {
        "bundles": [
            {"name": one.name, "title": one.title, "modalities": list(one.modalities)}
            for one in offered.bundles
        ],
        "chosen": offered.chosen,
    }


def _line(remote: Remote) -> str:
    port = f" (port {remote.port})" if remote.port else ""
    return f"{remote.name}  {remote.host}{port}: {remote.command}"
