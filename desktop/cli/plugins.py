"""`medley plugins`: which plugins are installed, and which of them may run.

A plugin's code is never imported here: what is shown comes from its static manifest.
"""

from __future__ import annotations

import argparse
import difflib
import json
from typing import Any

from desktop.cli.options import Parser, add_json
from desktop.cli.printing.terminal import printable
from plugins.errors import KnownError
from plugins.manifest import PluginManifest, discover
from plugins.switches import enabled_plugins, switch


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley plugins`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    text = "List the plugins that are installed."
    add_json(actions.add_parser("list", help=text, description=text))
    for action, text in (("enable", "Let a plugin run."), ("disable", "Stop a plugin.")):
        one = actions.add_parser(action, help=text, description=text)
        one.add_argument("name", metavar="NAME", help="as `medley plugins list` shows it")


def run(options: argparse.Namespace) -> int:
    """List the plugins, or switch the one that `options` names."""
    if options.action == "list":
        return list_plugins(options.json)
    return switch_plugin(options.name, on=options.action == "enable")


def list_plugins(as_json: bool) -> int:
    """Print every plugin that was found, and what is wrong with the rest."""
    found = discover(enabled_plugins())
    if as_json:
        problems = [{"name": p.plugin, "problem": p.what} for p in found.problems]
        print(json.dumps({"plugins": [_described(p) for p in found.plugins], "problems": problems}))
        return 0
    for plugin in found.plugins:
        state = "built in" if plugin.built_in else "on" if plugin.enabled else "off"
        print(printable(f"{plugin.name} {plugin.version}  ({state})"))
        for renderer in plugin.renderers:
            print(printable(f"    {renderer.modality}: {renderer.description} [{renderer.id}]"))
        for reader in plugin.readers:
            reads = ", ".join(reader.modalities)
            print(printable(f"    reads {reads}: {reader.description} [{reader.id}]"))
        for tool in plugin.tools:
            touches = ", ".join(tool.touches)
            print(printable(f"    tool {tool.name}: {tool.description} [{touches}]"))
    for problem in found.problems:
        print(printable(f"{problem.plugin}  broken: {problem.what}"))
    return 0


def switch_plugin(name: str, *, on: bool) -> int:
    """Let a plugin run, or stop it from running.

    Raises:
        KnownError: no such plugin is installed, or it comes with Medley.
    """
    known = {p.name: p for p in discover().plugins if not p.built_in}
    if on and name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "install it first."
        raise KnownError(f"no plugin {name!r}; known: {', '.join(known) or 'none'}; {hint}")
    switch(name, on=on)
    print(f"{printable(name)} is {'on' if on else 'off'}.")
    return 0


def _described(plugin: PluginManifest) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "version": plugin.version,
        "enabled": plugin.enabled,
        "built_in": plugin.built_in,
        "renderers": [
            {"id": r.id, "modality": r.modality, "description": r.description}
            for r in plugin.renderers
        ],
        "readers": [
            {
                "id": r.id,
                "modalities": list(r.modalities),
                "description": r.description,
                "model": r.model,
            }
            for r in plugin.readers
        ],
        "tools": [
            {
                "name": t.name,
                "title": t.title,
                "description": t.description,
                "touches": list(t.touches),
                "asks": t.asks,
            }
            for t in plugin.tools
        ],
    }
