"""`medley tools list|allow|revoke|permissions|log|folders|memories`: tools, what the person decided
on them, what they did, and what is remembered."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli import argument_values as values
from desktop.cli.options import Parser, add_json
from desktop.cli.printing.output import shown
from desktop.cli.printing.terminal import printable
from desktop.file_names import local
from plugins.errors import KnownError
from plugins.printable import one_line
from storage.library import Library

if TYPE_CHECKING:
    from desktop.tools.protocol import ToolInfo, Tools

_NAMES = "as `medley tools list` shows it"


def add_arguments(actions: argparse._SubParsersAction[Parser]) -> None:
    """The grammar of these commands, as commands of `medley tools`."""

    def action(name: str, text: str, library: bool = True) -> Parser:
        one: Parser = actions.add_parser(name, help=text, description=text)
        if library:
            one.add_argument("--library", type=Path, metavar="FILE", help="default: your own")
        return one

    add_json(action("list", "List the tools, what each touches and when it asks.", library=False))
    allow = action("allow", "Have a tool called without being asked, from now on.")
    allow.add_argument("tool", metavar="TOOL", help=_NAMES)
    allow.add_argument(
        "--folder", type=Path, metavar="DIR", help="in this granted folder, for tools of files"
    )
    revoke = action("revoke", "Be asked again.")
    revoke.add_argument("permission", metavar="TOOL|NUMBER", help="a tool, or one permission of it")
    add_json(action("permissions", "List what you decided on tools."))
    log = action("log", "List the calls that were made or refused, the newest first.")
    log.add_argument("--limit", type=values.positive, default=20, metavar="N", help="default: 20")
    add_json(log)
    folders = action("folders", "List the folders that tools may reach into, or change the list.")
    folders.add_argument(
        "--add", metavar="DIR[:rw]", help="let tools read in a folder; with :rw they may write"
    )
    folders.add_argument("--remove", type=values.positive, metavar="NUMBER", help="as listed")
    add_json(folders)
    memories = action("memories", "List what is remembered of you, as Markdown.")
    memories.add_argument("--forget", type=values.positive, metavar="NUMBER", help="as in --json")
    add_json(memories)


def run(options: argparse.Namespace) -> int:
    """Do what `options.action` names."""
    match options.action:
        case "list":
            return list_tools(options.json)
        case "allow":
            return allow_tool(options.library, options.tool, options.folder)
        case "revoke":
            return revoke_permission(options.library, options.permission)
        case "permissions":
            return list_permissions(options.library, options.json)
        case "log":
            return list_calls(options.library, options.limit, options.json)
        case "folders":
            return list_folders(options.library, options.add, options.remove, options.json)
        case _:
            return list_memories(options.library, options.forget, options.json)


def list_tools(as_json: bool) -> int:
    """Print every tool that there is, and what is wrong with the rest."""
    found = there()
    if as_json:
        tools = [_described(tool) for tool in found.tools]
        print(json.dumps({"tools": tools, "problems": [str(one) for one in found.problems]}))
        return 0
    for tool in found.tools:
        touches = ", ".join(tool.touches)
        print(printable(f"{tool.name}  ({tool.server}; touches {touches}; asks {tool.asks})"))
        print(f"    {one_line(tool.description)}")
    for problem in found.problems:
        print(printable(f"missing: {problem}"))
    return 0


def there() -> Tools:
    """All tools and servers there are.

    Raises:
        KnownError: the process of the tools does not start.
    """
    from desktop.assistant.agent.toolbox import Toolbox
    from desktop.tools.servers import enabled_servers
    from plugins.switches import enabled_plugins

    with closing(Toolbox()) as toolbox:
        toolbox.configure(sorted(enabled_plugins()), enabled_servers())
        return toolbox.tools()


def allow_tool(library: Path | None, name: str, folder: Path | None) -> int:
    """Keep that a tool may be called.

    Raises:
        KnownError: there is no such tool, it asks for every call, or the folder is not granted.
    """
    tool = _found(name, there().tools)
    if tool.asks == "each":
        raise KnownError(f"{name} asks for every call; that cannot be switched off.")
    with _opened(library, write=True) as opened:
        place = "" if folder is None else os.path.realpath(local(folder))
        granted = [os.path.realpath(one.path) for one in opened.tools.folders()]
        if place and place not in granted:
            raise KnownError(
                f"{shown(place)} is not granted to tools; grant it first: "
                f"medley tools folders --add {shown(place)}"
            )
        opened.tools.decide(tool.server, tool.name, tool.definition, place, "always")
    where = f" in {shown(place)}" if place else ""
    print(f"{name} is called{where} without asking.")
    return 0


def revoke_permission(library: Path | None, which: str) -> int:
    """Forget a permission, or all of a tool.

    Raises:
        KnownError: there is none.
    """
    with _opened(library, write=True) as opened:
        there = opened.tools.decisions()
        gone = [one for one in there if which in (str(one.id), one.tool)]
        if not gone:
            raise KnownError(f"no permission {which!r}; see `medley tools permissions`.")
        for one in gone:
            opened.tools.revoke(one.id)
    print(f"{len(gone)} revoked; you are asked again.")
    return 0


def list_permissions(library: Path | None, as_json: bool) -> int:
    """Print what the person decided on tools."""
    with _opened(library) as opened:
        found = opened.tools.decisions()
    if as_json:
        print(json.dumps({"permissions": [_plain(one) for one in found]}))
        return 0
    for one in found:
        where = f" in {shown(one.folder)}" if one.folder else ""
        print(printable(f"{one.id}  {one.decision}  {one.tool} ({one.server}){where}"))
    return 0


def list_calls(library: Path | None, limit: int, as_json: bool) -> int:
    """Print what was done."""
    with _opened(library) as opened:
        found = opened.tools.logged(limit)
    if as_json:
        print(json.dumps({"calls": [_plain(one) for one in found]}))
        return 0
    for one in found:
        took = "" if one.seconds is None else f", {one.seconds:.1f} s"
        line = f"{_time(one.created_ms)}  {one.tool} ({one.server})  {one.decision}, {one.state}"
        print(printable(f"{line}{took}  {one_line(one.arguments)[:200]}"))
    return 0


def list_folders(library: Path | None, add: str | None, remove: int | None, as_json: bool) -> int:
    """Print the granted folders, after a change to them.

    Raises:
        KnownError: there is no such folder.
    """
    with _opened(library, write=add is not None or remove is not None) as opened:
        if add is not None:
            path, writable = folder_of(add)
            opened.tools.grant(str(path), writable)
        if remove is not None:
            if all(one.id != remove for one in opened.tools.folders()):
                raise KnownError(f"no folder number {remove}; see `medley tools folders`.")
            opened.tools.withdraw(remove)
        found = opened.tools.folders()
    if as_json:
        print(json.dumps({"folders": [_plain(one) for one in found]}))
        return 0
    for one in found:
        print(f"{one.id}  {shown(one.path)}  {'read and write' if one.writable else 'read only'}")
    return 0


def list_memories(library: Path | None, forget: int | None, as_json: bool) -> int:
    """Print what is remembered, after something was forgotten.

    Raises:
        KnownError: there is no such memory.
    """
    with _opened(library, write=forget is not None) as opened:
        if forget is not None:
            if all(one.id != forget for one in opened.memories.all()):
                raise KnownError(f"no memory number {forget}; see `medley tools memories --json`.")
            opened.memories.forget(forget)
        found, markdown = opened.memories.all(), opened.memories.export_markdown()
    if as_json:
        print(json.dumps({"memories": [_plain(one) for one in found]}))
    else:
        print(printable(markdown), end="")
    return 0


def folder_of(text: str) -> tuple[Path, bool]:
    """A folder as `DIR` or `DIR:rw`: its real path, and whether it may be written to.

    Raises:
        KnownError: there is no such folder.
    """
    name, writable = (text.removesuffix(":rw"), True) if text.endswith(":rw") else (text, False)
    path = Path(os.path.realpath(local(name)))
    if not path.is_dir():
        raise KnownError(f"expected a folder, found none at {shown(path)}. Check the name.")
    return path, writable


@contextmanager
def _opened(path: Path | None, *, write: bool = False) -> Iterator[Library]:
    with closing(Library.open(path, read_only=not write)) as library:
        yield library


def _found(name: str, tools: tuple[ToolInfo, ...]) -> ToolInfo:
    found = next((tool for tool in tools if tool.name == name), None)
    if found is None:
        raise KnownError(f"no tool {name!r}; see `medley tools list`.")
    return found


def _described(tool: ToolInfo) -> dict[str, Any]:
    return {
        "name": tool.name,
        "server": tool.server,
        "title": tool.title,
        "description": tool.description,
        "touches": list(tool.touches),
        "asks": tool.asks,
        "parameters": json.loads(tool.parameters),
    }


def _plain(record: Any) -> Any:
    import msgspec

    return msgspec.to_builtins(record)


def _time(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000).isoformat(" ", "seconds")
