"""`medley tools servers`: the MCP servers whose tools may be used."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from typing import TYPE_CHECKING, Any

from desktop.cli import argument_values as values
from desktop.cli.options import Parser, UsageError, add_json
from desktop.cli.printing.terminal import printable
from desktop.file_names import local
from desktop.tools import servers
from desktop.tools.protocol import Server
from desktop.tools.server_import import imported_servers
from desktop.tools.servers import ConfiguredServer
from plugins.errors import KnownError

if TYPE_CHECKING:
    from desktop.tools.client import ToolsClient
    from desktop.tools.protocol import Report, ServerState, ToolInfo

START_S = 90.0
"""Seconds that a server gets to start in a test; some are fetched by their starter first."""


def add_arguments(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """The grammar of `medley tools servers`, as one of the commands of `medley tools`."""
    text = "MCP servers: programs of this computer that bring tools."
    parser = subparsers.add_parser("servers", help=text, description=text)
    actions = parser.add_subparsers(dest="servers_action", metavar="ACTION", required=True)
    text = "List the servers, what each runs and what it inherits."
    add_json(actions.add_parser("list", help=text, description=text))
    _add_add(actions)
    text = "Take over servers from the JSON of another program or a read-me, switched off."
    one = actions.add_parser("import", help=text, description=text)
    one.add_argument("file", metavar="FILE", help="the JSON, or - for what is pasted here")
    for action, text in (
        ("enable", "Let a server run, with your rights."),
        ("disable", "Stop a server."),
        ("remove", "Forget a server."),
    ):
        named = actions.add_parser(action, help=text, description=text)
        named.add_argument("name", metavar="NAME", help="as `medley tools servers list` shows it")
    text = "Start a server, list its tools, and end it."
    test = actions.add_parser("test", help=text, description=text)
    test.add_argument("name", metavar="NAME", help="as `medley tools servers list` shows it")
    add_json(test)


def _add_add(actions: argparse._SubParsersAction[Parser]) -> None:
    text = "Add a server, switched off; its command follows --."
    parser = actions.add_parser("add", help=text, description=text)
    parser.add_argument("name", metavar="NAME", help="letters, digits, - and _")
    parser.add_argument(
        "words", nargs="*", metavar="COMMAND", help="the program and its arguments, after --"
    )
    parser.add_argument("--url", default="", metavar="URL", help="its address on this computer")
    parser.add_argument("--cwd", default="", metavar="DIR", help="the folder in which it starts")
    parser.add_argument(
        "--env", action="append", default=[], metavar="NAME=VALUE", help="a variable it gets"
    )
    parser.add_argument(
        "--header", action="append", default=[], metavar="NAME=VALUE", help="sent to its address"
    )
    text = "the longest call, in seconds (default: 30)"
    parser.add_argument("--timeout", type=values.positive, default=30, metavar="S", help=text)


def run(options: argparse.Namespace) -> int:
    """Do what `options.servers_action` names."""
    match options.servers_action:
        case "list":
            return list_servers(options.json)
        case "add":
            return add_server(options)
        case "import":
            return import_servers(options.file)
        case "remove":
            servers.remove_server(options.name)
            print(printable(f"{options.name} is forgotten."))
        case "test":
            return test_server(options.name, options.json)
        case action:
            one = servers.switch_server(options.name, on=action == "enable")
            _print_server(one)
    return 0


def list_servers(as_json: bool) -> int:
    """Print every server; the values of its variables and headers are not shown."""
    found = servers.configured_servers()
    if as_json:
        print(json.dumps({"servers": [_described(one) for one in found]}))
        return 0
    for one in found:
        _print_server(one)
    if not found:
        print("There are no servers. `medley tools servers import -` takes their JSON.")
    return 0


def add_server(options: argparse.Namespace) -> int:
    """Add the one that `options` describes."""
    command, *args = options.words or [""]
    server = Server(
        options.name,
        command=command,
        args=tuple(args),
        env=_pairs("--env", options.env),
        cwd=options.cwd and str(local(options.cwd).absolute()),
        url=options.url,
        headers=_pairs("--header", options.header),
        timeout_s=float(options.timeout),
    )
    one = ConfiguredServer(server)
    servers.add_servers(one)
    _print_server(one)
    _print_how_to_enable([one])
    return 0


def import_servers(file: str) -> int:
    """Take over the servers of a file, or of what is pasted."""
    if file == "-":
        if sys.stdin.isatty():
            print("Paste the JSON, then press Ctrl-D.", file=sys.stderr)
        text = sys.stdin.read()
    else:
        text = local(file).read_text("utf-8", "replace")
    found = imported_servers(text)
    known = {one.name for one in servers.configured_servers()}
    new = [one for one in found.servers if one.name not in known]
    servers.add_servers(*new)
    for one in new:
        _print_server(one)
    for one in found.servers:
        if one.name in known:
            print(printable(f"{one.name}: there is one of this name already; it stays as it is."))
    for problem in found.problems:
        print(printable(str(problem)), file=sys.stderr)
    if new:
        _print_how_to_enable(new)
    return 0 if found.servers else 2


def test_server(name: str, as_json: bool) -> int:
    """Start a server, print its tools, end it.

    Raises:
        KnownError: it did not get ready; why.
    """
    server = servers.find_server(name).server
    state, tools, problems = _connected(server)
    if state.state != "ready":
        raise KnownError(state.problem or f"{name} did not get ready within {START_S:.0f} s.")
    if as_json:
        told = [{"name": t.name, "title": t.title, "description": t.description} for t in tools]
        about = {"name": name, "title": state.title, "version": state.version}
        print(json.dumps({**about, "tools": told, "problems": problems}))
        return 0
    print(printable(f"{name}: {state.title or 'ready'} {state.version}".rstrip()))
    for tool in tools:
        first = tool.description.split("\n")[0]
        print(printable(f"    {tool.name}: {first}"))
        if tool.notice is not None:
            print(printable(f"        {tool.notice}"))
    for problem in problems:
        print(printable(problem), file=sys.stderr)
    return 0


def _connected(server: Server) -> tuple[ServerState, list[ToolInfo], list[str]]:
    from desktop.tools.client import ToolsClient
    from desktop.tools.protocol import Tools

    told = threading.Event()

    def listen(report: Report) -> None:
        if isinstance(report, Tools) and any(one.state != "starting" for one in report.servers):
            told.set()

    with ToolsClient(listen) as client:
        client.configure(servers=(server,))
        client.start()
        told.wait(START_S)
        return _state_of(client, server), _tools_of(client, server), _problems(client)


def _state_of(client: ToolsClient, server: Server) -> ServerState:
    from desktop.tools.protocol import ServerState

    states = [one for one in client.servers if one.name == server.name]
    return states[0] if states else ServerState(server.name, "starting")


def _tools_of(client: ToolsClient, server: Server) -> list[ToolInfo]:
    return [tool for tool in client.tools if tool.server == server.name]


def _problems(client: ToolsClient) -> list[str]:
    return [str(problem) for problem in client.problems]


def _pairs(option: str, given: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    for name, sign, _ in pairs:
        if not name or not sign:
            raise UsageError(f"{option}: expected NAME=VALUE, found {name!r}.")
    return {name: value for name, _, value in pairs}


def _print_server(one: ConfiguredServer) -> None:
    print(printable(f"{one.name}  ({'on' if one.enabled else 'off'})"))
    print(printable(f"    {'connects to' if one.server.url else 'runs'}: {one.command_line}"))
    if one.server.cwd:
        print(printable(f"    in: {one.server.cwd}"))
    if one.inherits:
        print(printable(f"    inherits: {', '.join(one.inherits)}"))
    if one.server.headers:
        print(printable(f"    sends: {', '.join(sorted(one.server.headers))}"))


def _print_how_to_enable(new: list[ConfiguredServer]) -> None:
    print("A server runs with your rights: it can read and change what you can.")
    for one in new:
        print(printable(f"To switch it on: medley tools servers enable {one.name}"))


def _described(one: ConfiguredServer) -> dict[str, Any]:
    return {
        "name": one.name,
        "enabled": one.enabled,
        "command": one.server.command,
        "args": list(one.server.args),
        "cwd": one.server.cwd,
        "url": one.server.url,
        "timeout_s": one.server.timeout_s,
        "inherits": list(one.inherits),
        "headers": sorted(one.server.headers),
    }
