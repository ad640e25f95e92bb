"""`medley models`: which bundles and models there are, and whether one is what it says."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from desktop.cli import model_get
from desktop.cli.model_get import described, print_model, verify_fetched
from desktop.cli.options import Parser, add_json
from desktop.cli.printing.output import shown
from desktop.cli.printing.terminal import printable
from plugins.errors import KnownError
from plugins.printable import one_line
from plugins.switches import enabled_plugins
from runtime.bundle.bundle import (
    BundleEntry,
    bundle_roots,
    find_bundle,
    list_bundles,
    read_manifest,
)
from runtime.catalogue.entry import entries, groups

if TYPE_CHECKING:
    from runtime.components.verify import CheckLine


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley models`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    text = "List the bundles that were found, and the models that are here or can be fetched."
    add_json(actions.add_parser("list", help=text, description=text))
    text = "Fetch models; the only command that connects to the internet."
    get = actions.add_parser("get", help=text, description=text)
    text = "as `medley models list` shows them; starter and starter-small mean several"
    get.add_argument("names", nargs="+", metavar="NAME", help=text)
    text = "say how to refuse, and go on whatever cannot be had; for `make run`"
    get.add_argument("--first-run", action="store_true", help=text)
    add_json(get)
    text = "Take fetched models off the disk."
    remove = actions.add_parser("remove", help=text, description=text)
    remove.add_argument("names", nargs="+", metavar="NAME", help="as for `get`")
    text = "Prove that a bundle or a fetched model is complete and unchanged."
    verify = actions.add_parser("verify", help=text, description=text)
    verify.add_argument("name", metavar="NAME", help="name or folder")


def run(options: argparse.Namespace) -> int:
    """List, fetch, remove or prove what `options` name."""
    match options.action:
        case "list":
            return list_models(options.json)
        case "get" if options.first_run:
            return model_get.get_on_first_run(tuple(options.names))
        case "get":
            return model_get.get_models(tuple(options.names), options.json)
        case "remove":
            return model_get.remove_models(tuple(options.names))
    return verify_model(options.name)


def list_models(as_json: bool) -> int:
    """Print every bundle that can be named, and every model that is here or can be fetched."""
    found = [_described(entry) for entry in list_bundles()]
    models = [described(entry) for entry in entries().values()]
    if as_json:
        named = {group.name: list(group.members) for group in groups().values()}
        print(json.dumps({"bundles": found, "models": models, "groups": named}))
        return 0
    if not found:
        print("No bundles found. They are looked for in:")
        for root in bundle_roots():
            print(f"  {shown(root)}")
    for bundle in found:
        _print_bundle(bundle)
    print("\nModels of the catalogue; fetch one with `medley models get NAME`:")
    for model in models:
        print_model(model)
    for group in groups().values():
        print(printable(f"{group.name}  {group.title}"))
        print(f"    means {', '.join(group.members)}")
    return 0


def verify_model(name: str) -> int:
    """Check a bundle file by file and part by part, or a fetched model, saying so as it goes.

    Raises:
        KnownError: no such bundle or model, or something is wrong with it.
    """
    if name in entries() and all(bundle.name != name for bundle in list_bundles()):
        return verify_fetched(name)
    from runtime.components.verify import verify_bundle  # brings torch

    report = verify_bundle(find_bundle(name), _print_check, enabled_plugins())
    wrong = [line for line in report.lines if line.problem]
    if wrong:
        first = f"{wrong[0].what}: {wrong[0].problem}"
        more = f" (and {len(wrong) - 1} more, listed above)" if len(wrong) > 1 else ""
        raise KnownError(f"bundle {name} is not sound: {first}{more}. Install it again.")
    print(f"{len(report.lines)} checks passed: {shown(report.folder)} is whole and unchanged.")
    return 0


def _print_check(line: CheckLine) -> None:
    mark = "WRONG" if line.problem else "ok"
    detail = f": {one_line(line.problem)}" if line.problem else ""
    print(f"{mark:6}{shown(line.what)}{detail}", flush=True)


def _described(entry: BundleEntry) -> dict[str, Any]:
    base: dict[str, Any] = {"name": entry.name, "folder": str(entry.folder)}
    try:
        manifest = read_manifest(entry.folder)
    except KnownError as error:
        return base | {"problem": str(error)}
    return base | {
        "title": manifest.title,
        "version": manifest.version,
        "description": manifest.description,
        "routing": manifest.routing,
        "answers_in": ["text", *manifest.signals],
        "licences": sorted({licence.spdx for licence in manifest.licences}),
        "bytes": sum(f.stat().st_size for f in entry.folder.rglob("*") if f.is_file()),
    }


def _print_bundle(bundle: dict[str, Any]) -> None:
    if "problem" in bundle:
        print(f"{shown(bundle['name'])}  broken: {printable(bundle['problem'])}")
        return
    print(printable(f"{bundle['name']}  {bundle['title']} {bundle['version']}"))
    print(printable(f"    {bundle['description']}"))
    print(printable(f"    answers in {', '.join(bundle['answers_in'])} ({bundle['routing']})"))
    size = bundle["bytes"] / 1e6
    print(printable(f"    {size:.1f} MB, licence {', '.join(bundle['licences'])}"))
    print(f"    {shown(bundle['folder'])}")
