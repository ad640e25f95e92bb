"""`medley models`: which bundles and models there are, and whether one is what it says."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli import model_add, model_get, model_test
from desktop.cli.imports import delta, nextgpt
from desktop.cli.model_get import described, print_model, verify_fetched
from desktop.cli.options import Parser, add_json
from desktop.cli.printing.needs import memory_line, memory_of
from desktop.cli.printing.output import shown
from desktop.cli.printing.sizes import size_text
from desktop.cli.printing.terminal import printable
from plugins.errors import KnownError, Problem
from plugins.printable import one_line
from plugins.switches import enabled_plugins
from runtime.bundle.bundle import (
    Bundle,
    BundleEntry,
    BundleError,
    bundle_roots,
    composed_folder,
    find_bundle,
    list_bundles,
    read_manifest,
)
from runtime.bundle.checks import manifest_problems
from runtime.bundle.links import gone_targets, note_of
from runtime.catalogue import added
from runtime.catalogue.added import Added
from runtime.catalogue.entry import entries, groups, nearest_hint
from runtime.self_test import kept

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
    text = "Add models that you have: a file or folder is used where it lies."
    model_add.add_arguments_of_add(actions.add_parser("add", help=text, description=text))
    text = "List the models that other programs on this computer have."
    add_json(actions.add_parser("found", help=text, description=text))
    text = "Make a bundle of parts that you have."
    model_add.add_arguments_of_make(actions.add_parser("make", help=text, description=text))
    text = "Make a bundle of a published checkpoint and the models around it."
    nextgpt.add_arguments(actions.add_parser("import", help=text, description=text))
    text = "Make a bundle of a language model and of what an alignment taught it."
    delta.add_arguments(actions.add_parser("apply", help=text, description=text))
    text = "Take fetched models off the disk, or what was added or made out of the list."
    remove = actions.add_parser("remove", help=text, description=text)
    remove.add_argument("names", nargs="+", metavar="NAME", help="as `medley models list` has them")
    text = "Prove that a bundle, a fetched or an added model is complete and unchanged."
    verify = actions.add_parser("verify", help=text, description=text)
    verify.add_argument("name", metavar="NAME", help="name or folder")
    text = "Try whether a bundle makes sense, sees, hears and draws, and how fast it is."
    model_test.add_arguments(actions.add_parser("test", help=text, description=text))


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
            return remove(tuple(options.names))
        case "add":
            return model_add.add_models(options)
        case "found":
            return model_add.list_found(options)
        case "make":
            return model_add.make_bundle(options)
        case "import":
            return nextgpt.run(options)
        case "apply":
            return delta.run(options)
        case "test":
            return model_test.run(options)
    return verify_model(options.name)


def list_models(as_json: bool) -> int:
    """Print every bundle that can be named, and every model that is here or can be fetched."""
    found = [_described(entry) for entry in list_bundles()]
    models = [described(entry) for entry in entries().values()]
    if as_json:
        named = {group.name: list(group.members) for group in groups().values()}
        own = [_own(model) for model in added.added()]
        print(json.dumps({"bundles": found, "added": own, "models": models, "groups": named}))
        return 0
    if not found:
        print("No bundles found. They are looked for in:")
        for root in bundle_roots():
            print(f"  {shown(root)}")
    for bundle in found:
        _print_bundle(bundle)
    _print_added()
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
    if all(bundle.name != name for bundle in list_bundles()):
        if name in entries():
            return verify_fetched(name)
        if (model := added.find(name)) is not None:
            return _verify_added(model)
    from runtime.components.verify import verify_bundle  # brings torch

    report = verify_bundle(find_bundle(name), _print_check, enabled_plugins())
    wrong = [line for line in report.lines if line.problem]
    if wrong:
        first = f"{wrong[0].what}: {wrong[0].problem}"
        more = f" (and {len(wrong) - 1} more, listed above)" if len(wrong) > 1 else ""
        raise KnownError(f"bundle {name} is not sound: {first}{more}. Install it again.")
    print(f"{len(report.lines)} checks passed: {shown(report.folder)} is whole and unchanged.")
    bundle = Bundle(read_manifest(report.folder), report.folder)
    print(printable(f"It {memory_line(memory_of(bundle))}."))
    return 0


def remove(names: tuple[str, ...]) -> int:
    """Take models and bundles out of the list: what was fetched off the disk as well, of what was
    added nothing but Medley's own links and copies.

    Raises:
        KnownError: a name is unknown, or nothing of it is here.
    """
    for name in names:
        if not _removed_own(name):
            _refuse_unknown(name)
            model_get.remove_models((name,))
    return 0


def _refuse_unknown(name: str) -> None:
    """Refuse a name under which nothing was added, composed or can be fetched.

    Raises:
        KnownError: it is one.
    """
    if name in entries() or name in groups():
        return
    bundle = next((one for one in list_bundles() if one.name == name), None)
    if bundle is not None:
        raise KnownError(
            "bundle {name}: expected one that was composed on this computer, found one that came "
            "as the folder {folder}. Nothing was removed; if it is yours, remove that folder.",
            name=name,
            folder=bundle.folder,
        )
    own = [one.name for one in list_bundles() if composed_folder(one.name) is not None]
    known = [*(one.name for one in added.added()), *own, *groups(), *entries()]
    raise KnownError(
        "no model {name}: expected one that was added, composed or fetched, found none; known "
        "are {known}. {hint}",
        name=repr(name),
        known=", ".join(dict.fromkeys(known)),
        hint=nearest_hint(name, known),
    )


def _removed_own(name: str) -> bool:
    """Take away what was added or composed under a name; False if there is no such thing."""
    model = added.find(name)
    # The starter is composed as well; its name means the models that were fetched for it.
    folder = None if name in groups() else composed_folder(name)
    if model is None and folder is None:
        return False
    if folder is not None:
        from runtime.composition.compose import remove as remove_bundle

        remove_bundle(name)
    kept = "" if model is None or model.is_copy else f"; {shown(model.path)} stays where it is"
    added.forget(name)
    print(f"{printable(name)}: removed{kept}")
    return True


def _verify_added(model: Added) -> int:
    def tell(path: str, problem: Problem | None) -> None:
        _print_outcome(path, None if problem is None else str(problem))

    if not added.verify(model, tell):
        raise KnownError(
            "model {name} is not what was added: see above. Put its files back, or remove it with "
            "`medley models remove {name}` and add it again.",
            name=model.name,
        )
    print(f"{len(model.files)} checks passed: {shown(model.path)} is what was added.")
    return 0


def _print_added() -> None:
    models = added.added()
    if models:
        print("\nModels that you added:")
    for model in models:
        own = _own(model)
        print(printable(f"{model.name}  {model.title}"))
        state = f": {own['problem']}" if own["problem"] else ""
        print(printable(f"    to {added.USES[model.purpose]}{state}"))
        print(printable(f"    {size_text(model.bytes)}, licence {model.licence or 'not stated'}"))
        print(f"    {shown(model.path)}")


def _own(model: Added) -> dict[str, Any]:
    problem = added.problem(model)
    return {
        "name": model.name,
        "kind": model.kind,
        "purpose": model.purpose,
        "title": model.title,
        "licence": model.licence,
        "bytes": model.bytes,
        "path": model.path,
        "added": model.added,
        "problem": None if problem is None else str(problem),
    }


def _print_check(line: CheckLine) -> None:
    _print_outcome(line.what, line.problem)


def _print_outcome(what: str, problem: str | None) -> None:
    mark = "WRONG" if problem else "ok"
    detail = f": {one_line(problem)}" if problem else ""
    print(f"{mark:6}{shown(what)}{detail}", flush=True)


def _described(entry: BundleEntry) -> dict[str, Any]:
    base: dict[str, Any] = {"name": entry.name, "folder": str(entry.folder)}
    try:
        manifest = read_manifest(entry.folder)
        if problems := manifest_problems(manifest):
            raise BundleError(entry.folder, problems)
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
        "composed": note_of(entry.folder) is not None,
        "gone": [str(target) for target in gone_targets(entry.folder)],
        **_memory(Bundle(manifest, entry.folder)),
        **_tested(entry),
    }


def _tested(entry: BundleEntry) -> dict[str, Any]:
    found = kept.of(entry.folder)
    return {} if found is None else {"tested": model_test.as_json(found)}


def _memory(bundle: Bundle) -> dict[str, Any]:
    try:
        return {"memory": memory_of(bundle)}
    except (KnownError, OSError):
        return {}  # What is wrong with it is the matter of `verify`.


def _print_bundle(bundle: dict[str, Any]) -> None:
    if "problem" in bundle:
        print(f"{shown(bundle['name'])}  broken: {printable(bundle['problem'])}")
        return
    print(printable(f"{bundle['name']}  {bundle['title']} {bundle['version']}"))
    print(printable(f"    {bundle['description']}"))
    print(printable(f"    answers in {', '.join(bundle['answers_in'])} ({bundle['routing']})"))
    size = bundle["bytes"] / 1e6
    print(printable(f"    {size:.1f} MB, licence {', '.join(bundle['licences'])}"))
    if "memory" in bundle:
        print(printable(f"    {memory_line(bundle['memory'])}"))
    if (tested := kept.of(Path(bundle["folder"]))) is not None:
        print(f"    tested: {model_test.summary(tested)}")
    print(f"    {shown(bundle['folder'])}")
    for path in bundle["gone"]:
        print(f"    its file {shown(path)} is gone")
