"""The command line's grammar: the commands, whose modules bring their own arguments.

Errors are `UsageError`s of one sentence; an unknown word is answered with the nearest known one.
"""

from __future__ import annotations

import argparse
import importlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from desktop.cli.options import Parser, UsageError
from desktop.file_names import local

COMMANDS = {
    "ask": "Answer one request; made files are saved and named.",
    "chat": "Talk in the terminal.",
    "say": "Say a text aloud, or into a sound or a clip.",
    "render": "Make an artifact again from the recipe inside a made file.",
    "listen": "Write down what is said in a sound or a clip.",
    "evaluate": "Measure a bundle in every direction.",
    "train": "Train the embedded bundle.",
    "models": "List, fetch, remove or prove bundles and models.",
    "plugins": "List plugins, or switch one on or off.",
    "tools": "Say what the model may have done, and with which MCP servers.",
    "library": "Check, back up, export, import or search the library.",
    "talk": "Talk with your voice, in the terminal.",
    "serve": "Serve other programs on this computer, as OpenAI's API does.",
    "mcp": "Serve one other program as an MCP server, over stdin and stdout.",
    "remote": "Add, list, try or remove other computers that may answer.",
    "worker": "Be the engine of a Medley on another computer; ssh starts it.",
    "doctor": "Say what this machine can run.",
}
"""What there is, with a line of help each; a module of this package holds each of them."""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments, `command` among them. Without a command, `files` are for the window.

    Raises:
        UsageError: an unknown command or option, a missing or ill-typed value.
        SystemExit: after `--help` or `--version`.
    """
    if not argv:
        return argparse.Namespace(command=None, files=[])
    first = next((word for word in argv if not word.startswith("-")), None)
    if files := _files(argv):
        return argparse.Namespace(command=None, files=files)
    if first is not None and first not in COMMANDS:
        raise UsageError(f"unknown command {first!r}{_nearest(first, COMMANDS)}")
    parser, commands = build(only=first or "")
    options, extra = parser.parse_known_args(argv)
    if extra:
        known = _option_strings(commands[options.command]) if options.command else ["--help"]
        word = extra[0].split("=")[0]
        kind = "option" if word.startswith("-") else "argument"
        raise UsageError(f"unknown {kind} {word!r}{_nearest(word, known)}")
    if options.command is None:
        options.files = []
    return options


def opens_window(argv: Sequence[str]) -> bool:
    """Whether this is a command line for the window, with or without files.

    Raises:
        UsageError: it names files, of which one is not there.
    """
    return not argv or bool(_files(argv))


def _files(argv: Sequence[str]) -> list[Path]:
    """What is to be attached in the window: only names of files, and the first is no command."""
    if not argv or argv[0] in COMMANDS or any(word.startswith("-") for word in argv):
        return []
    paths = [local(word).absolute() for word in argv]
    if not any(path.is_file() or os.sep in word for path, word in zip(paths, argv, strict=True)):
        return []
    if missing := next((path for path in paths if not path.is_file()), None):
        raise UsageError(f"expected files to attach, found no file {missing}. Check the name.")
    return paths


def module(command: str) -> Any:
    """The module of a command, which has `add_arguments(parser)` and `run(options)`."""
    return importlib.import_module(f"desktop.cli.{command}")


def build(only: str | None = None) -> tuple[Parser, dict[str, Parser]]:
    """The parser, and the parser of each command by name. With `only`, the other commands have no
    arguments, and their modules are not imported."""
    parser = Parser(
        prog="medley",
        usage="%(prog)s [--help] [--version] [FILE ...] | COMMAND ...",
        description="An offline assistant that takes and gives text, pictures, sounds and clips. "
        "Without a command the window opens; FILEs are attached to your first message.",
    )
    parser.add_argument("--version", action=_Version)
    subparsers = parser.add_subparsers(
        dest="command", metavar="COMMAND", parser_class=Parser, prog="medley"
    )
    commands: dict[str, Parser] = {}
    for name, text in COMMANDS.items():
        commands[name] = subparsers.add_parser(name, help=text, description=text)
        if only is None or name == only:
            module(name).add_arguments(commands[name])
    return parser, commands


class _Version(argparse.Action):
    """Says which Medley this is, and ends."""

    def __init__(self, **options: Any) -> None:
        super().__init__(nargs=0, help="show program's version number and exit", **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"medley {version('medley')}")
        parser.exit()


def _option_strings(parser: argparse.ArgumentParser) -> list[str]:
    """Of a command and of the commands under it."""
    found = [option for action in parser._actions for option in action.option_strings]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                found += _option_strings(below)
    return found


def _nearest(word: str, known: Iterable[str]) -> str:
    import difflib

    known = list(known)
    if near := difflib.get_close_matches(word, known, n=1, cutoff=0.5):
        return f"; did you mean {near[0]!r}?"
    return f"; known: {', '.join(known)}."
