"""`medley models add`, `make` and `found`: bundles of what a person has, composed by links.

Progress and warnings go to stderr, what there is at the end to stdout.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli import model_test
from desktop.cli.options import Parser, add_json
from desktop.cli.printing.output import shown
from desktop.cli.printing.sizes import size_text
from desktop.cli.printing.terminal import Screen, printable
from desktop.file_names import local
from desktop.streams import complain
from plugins.errors import KnownError
from runtime.catalogue.added import USES

if TYPE_CHECKING:
    from runtime.composition.adding import Addition, Wanted
    from runtime.composition.compose import Progress
    from runtime.composition.linking import How
    from runtime.composition.manifest import Parts
    from runtime.local_models.found import FoundModel
    from runtime.local_models.programs import Program
    from runtime.self_test.outcomes import SelfTest

_MODALITIES = ("image", "audio", "video")


def add_arguments_of_add(parser: Parser) -> None:
    """The grammar of `medley models add`."""
    text = (
        "a GGUF file, a folder in diffusers' layout, or one with Whisper or Kokoro; with --from "
        "the names of models"
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help=text)
    text = "another program whose models to add, as `medley models found` names it"
    parser.add_argument("--from", dest="program", default="", metavar="PROGRAM", help=text)
    text = "its name in Medley (default: made from the file's)"
    parser.add_argument("--name", default="", metavar="NAME", help=text)
    text = "what takes in pictures or sounds for it (default: the one beside it that fits)"
    parser.add_argument("--mmproj", type=Path, metavar="FILE", help=text)
    _add_copy(parser)
    text = "do not try what it can and how fast it is, which takes a minute or more"
    parser.add_argument("--no-test", action="store_true", help=text)
    add_json(parser)


def add_arguments_of_make(parser: Parser) -> None:
    """The grammar of `medley models make`."""
    parser.add_argument("name", metavar="NAME", help="the bundle's name")
    text = "the language model: a GGUF, an added model, one of the catalogue, or a bundle"
    parser.add_argument("--talk", required=True, metavar="MODEL", help=text)
    for modality in _MODALITIES:
        text = f"what is to {USES[modality]}: a decoder's folder, an added one, a bundle, or none"
        parser.add_argument(f"--{modality}", default="", metavar="DIR", help=text)
    text = "what takes in pictures or sounds (mmproj), or none (default: the one that fits)"
    parser.add_argument("--see", default="", metavar="FILE", help=text)
    text = "what hears where the bundle is talked with: an installed or added model, or a folder"
    parser.add_argument("--hear", default="", metavar="MODEL", help=text)
    text = "what speaks there"
    parser.add_argument("--speak", default="", metavar="MODEL", help=text)
    _add_copy(parser)
    add_json(parser)


def _add_copy(parser: Parser) -> None:
    text = "copy the files in place of linking them"
    parser.add_argument("--copy", action="store_true", help=text)


def add_models(options: argparse.Namespace) -> int:
    """Add what `options.paths` name, one after the other.

    Raises:
        KnownError: one cannot be added; the others are.
    """
    if len(options.paths) != 1 and (options.name or options.mmproj):
        raise KnownError(
            "expected one path where --name or --mmproj is given, found {count}. Add them one by "
            "one.",
            count=len(options.paths),
        )
    added, problems = [], []
    for one in _wanted(options):
        try:
            added.append(_add(one(), options))
        except KnownError as error:
            problems.append(error)
    tests = _tested(added, options)
    if options.json:
        print(json.dumps({"models": [_as_json(one, tests) for one in added]}))
    if problems:
        for problem in problems[1:]:
            complain(f"error: {problem}")
        raise problems[0]
    return 0


def _tested(added: list[Addition], options: argparse.Namespace) -> dict[str, SelfTest]:
    """The self-test of the one model that was added, by its name; of several only how to do it."""
    names = [one.model.name for one in added if one.bundle is not None]
    if options.no_test or not names:
        return {}
    if len(names) > 1:
        for name in names if not options.json else ():
            print(f"try it: medley models test {name}")
        return {}
    if not options.json:
        print("Trying what it can; Ctrl-C skips that, and the model stays added:", flush=True)
    try:
        return {names[0]: model_test.tested(names[0], options.json)}
    except KeyboardInterrupt:
        print(
            f"medley: skipped; {names[0]} stays added. Try it later: medley models test {names[0]}",
            file=sys.stderr,
        )
        return {}


def list_found(options: argparse.Namespace) -> int:
    """Print what other programs on this machine have."""
    from runtime.local_models.programs import find_programs

    programs = find_programs()
    if options.json:
        print(json.dumps({"programs": [_program_as_json(one) for one in programs]}))
        return 0
    if not programs:
        print("No other program with models was found on this computer.")
    for program in programs:
        print(printable(f"{program.name}  (--from {_slug(program.name)})"))
        for model in program.models:
            facts = "; ".join([*_facts(model), size_text(model.bytes)])
            print(printable(f"    {model.title}  to {USES[model.purpose]}: {facts}"))
        for problem in program.problems:
            print(printable(f"    not usable: {problem}"))
    if any(program.models for program in programs):
        print("Add one: medley models add --from PROGRAM NAME; without a name all are added.")
    return 0


def _wanted(options: argparse.Namespace) -> Iterator[Callable[[], Wanted]]:
    """What is to be added, one after the other."""
    from runtime.composition.adding import of_program, wanted

    mmproj = None if options.mmproj is None else local(options.mmproj)
    if not options.program:
        if not all(options.paths or [""]):
            raise KnownError("expected the path of a model, found none. Name its file or folder.")
        for path in options.paths:
            yield partial(wanted, local(Path(path)), mmproj)
        return
    program = _program(options.program)
    for title in options.paths or [""]:
        for one in of_program(program, title, mmproj):
            yield partial(_same, one)


def _same(one: Wanted) -> Wanted:
    return one


def _program(named: str) -> Program:
    from runtime.local_models.programs import find_programs

    programs = {_slug(program.name): program for program in find_programs()}
    if _slug(named) not in programs:
        raise KnownError(
            "expected a program whose models are on this computer, found {named}; there are: "
            "{known}.",
            named=repr(named),
            known=", ".join(programs) or "none",
        )
    return programs[_slug(named)]


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _program_as_json(program: Program) -> dict[str, Any]:
    return {
        "name": program.name,
        "option": _slug(program.name),
        "folders": [str(folder) for folder in program.folders],
        "models": [
            {
                "title": model.title,
                "kind": model.kind,
                "purpose": model.purpose,
                "bytes": model.bytes,
                "licence": model.licence,
                "path": str(model.path),
            }
            for model in program.models
        ],
        "problems": [str(problem) for problem in program.problems],
    }


def make_bundle(options: argparse.Namespace) -> int:
    """Compose the bundle that `options` name.

    Raises:
        KnownError: a part cannot be used, or the name.
    """
    from runtime.composition.making import PartNames, make

    named = PartNames(
        options.talk,
        {modality: getattr(options, modality) for modality in _MODALITIES},
        options.see,
        options.hear,
        options.speak,
    )
    with _telling(options.json) as (screen, tell):
        folder, parts = make(options.name, named, how=_how(options), tell=tell)
        for warning in parts.talker.warnings:
            screen.warn(str(warning))
    notes = [str(note) for note in parts.notes]
    if options.json:
        made = {"name": options.name, "folder": str(folder), "parts": _parts(parts), "notes": notes}
        print(json.dumps(made))
        return 0
    print(printable(f"{options.name}: composed of"))
    for use, part in _parts(parts).items():
        print(printable(f"    to {use}: {part}"))
    for note in notes:
        print(printable(f"    {note}"))
    print(f"    {shown(folder)}")
    print(printable(f'talk to it: medley ask --bundle {options.name} "Hello"'))
    print(printable(f"try all it can: medley models test {options.name}"))
    return 0


def _add(one: Wanted, options: argparse.Namespace) -> Addition:
    from runtime.composition.adding import add

    with _telling(options.json) as (screen, tell):
        addition = add(one, options.name, how=_how(options), tell=tell)
        for warning in addition.warnings:
            screen.warn(str(warning))
    if not options.json:
        _print_addition(one.found, addition)
    return addition


def _print_addition(found: FoundModel, addition: Addition) -> None:
    model = addition.model
    print(printable(f"{model.name}  {model.title}"))
    print(
        printable(
            f"    to {USES[model.purpose]}: {'; '.join([*_facts(found), size_text(model.bytes)])}"
        )
    )
    kept = "copied to" if model.is_copy else "used where it is:"
    print(printable(f"    {kept} {shown(model.path)}"))
    if addition.embedder is not None:
        print(printable(f"    takes in pictures or sounds by {addition.embedder.path.name}"))
    print(printable(_next(model.name, model.purpose)))


def _next(name: str, purpose: str) -> str:
    """What a person does with a model that was added."""
    match purpose:
        case "talk":
            return f'talk to it: medley ask --bundle {name} "Hello"'
        case "hear":
            return f"use it: medley listen FILE --model {name}"
        case "speak":
            return f'use it: medley say "Hello" --model {name}'
    return f"use it: medley models make NAME --talk MODEL --{purpose} {name}"


def _facts(found: FoundModel) -> list[str]:
    """What a person wants to know of a model, in a few words each."""
    from runtime.local_models.found import DecoderFacts, HearingFacts, TalkerFacts, VoiceFacts

    match found.facts:
        case TalkerFacts() as facts:
            trained = f"trained for {facts.n_ctx_train} tokens"
            return [f"{facts.size_label} {facts.quantisation}".strip(), trained]
        case DecoderFacts() as facts:
            shape = " x ".join(map(str, facts.condition_shape))
            return [facts.pipeline, *([f"conditioned on {shape}"] if shape else [])]
        case HearingFacts() as facts:
            return ["many languages" if facts.multilingual else "English"]
        case VoiceFacts() as facts:
            return [f"{len(facts.voices)} voices", ", ".join(facts.languages)]
    return []


def _parts(parts: Parts) -> dict[str, str]:
    """What a bundle is composed of, by what each part does."""
    made = {str(USES["talk"]): parts.talker.title}
    if parts.embedder is not None:
        made[str(USES["take in"])] = parts.embedder.path.name
    made |= {str(USES[part.modality]): part.title for part in parts.decoders}
    speech = parts.speech
    if speech is not None:
        wished = {str(USES["hear"]): speech.hear, str(USES["speak"]): speech.speak}
        made |= {use: named for use, named in wished.items() if named}
    return made


def _as_json(addition: Addition, tests: Mapping[str, SelfTest]) -> dict[str, Any]:
    model = addition.model
    found = tests.get(model.name)
    return {
        "name": model.name,
        "kind": model.kind,
        "purpose": model.purpose,
        "title": model.title,
        "licence": model.licence,
        "bytes": model.bytes,
        "path": model.path,
        "bundle": None if addition.bundle is None else str(addition.bundle),
        "mmproj": None if addition.embedder is None else str(addition.embedder.path),
        "warnings": [str(warning) for warning in addition.warnings],
        "test": None if found is None else model_test.as_json(found),
    }


def _how(options: argparse.Namespace) -> How:
    return "copy" if options.copy else "link"


@contextmanager
def _telling(quiet: bool) -> Iterator[tuple[Screen, Callable[[Progress], None]]]:
    """A screen that shows how far a composition is."""
    screen = Screen(quiet)
    try:
        yield (
            screen,
            lambda progress: screen.composing(progress.file, progress.done, progress.total),
        )
    finally:
        screen.close()
