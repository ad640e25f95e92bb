"""`python -m tools.shell_files FOLDER`: the manual page of `medley` and its completions for shells,
made from the command line's own grammar."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from desktop.cli.arguments import build

SHELLS = ("bash", "zsh")


def main(words: list[str]) -> int:
    """Write the files and name them."""
    folder = Path(words[0])
    folder.mkdir(parents=True, exist_ok=True)
    parser, commands = build()
    files = {"medley.1": manual_page(parser, commands)}
    import shtab

    files |= {f"medley.{shell}": shtab.complete(parser, shell=shell) for shell in SHELLS}
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
        print(folder / name)
    return 0


def manual_page(
    parser: argparse.ArgumentParser, commands: Mapping[str, argparse.ArgumentParser]
) -> str:
    """The page in roff, every command with its options."""
    lines = [
        f'.TH MEDLEY 1 "" "medley {version("medley")}" "User Commands"',
        ".SH NAME",
        "medley \\- an offline assistant for text, pictures, sounds and clips",
        ".SH SYNOPSIS",
        ".B medley",
        "[FILE ...]",
        ".br",
        ".B medley",
        "COMMAND ...",
        ".SH DESCRIPTION",
        _roff(parser.description or ""),
        ".SH COMMANDS",
    ]
    for name, command in commands.items():
        lines += [f".SS medley {name}", _roff(command.description or ""), *_options(command)]
    lines += [
        ".SH EXIT STATUS",
        "0 for an answer, 2 for something that can be put right, 130 when stopped with Ctrl\\-C.",
        ".SH FILES",
        ".TP",
        "$XDG_DATA_HOME/medley",
        "Conversations, media and models.",
        ".TP",
        "$XDG_CONFIG_HOME/medley",
        "Which plugins and servers are switched on.",
    ]
    return "\n".join(lines) + "\n"


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The options of a command, and of the commands under it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield ".TP"
                yield f".B {_roff(name)}"
                yield _roff(below.description or "")
                yield ".RS"
                yield from _options(below)
                yield ".RE"
        elif action.help != argparse.SUPPRESS and "--help" not in action.option_strings:
            names = ", ".join(action.option_strings) or str(action.metavar or action.dest)
            values = f" {action.metavar}" if action.option_strings and action.metavar else ""
            yield ".TP"
            yield f".B {_roff(names + values)}"
            yield _roff((action.help or "").replace("%%", "%"))


def _roff(text: str) -> str:
    """Text in which nothing is taken for roff."""
    tidy = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + tidy if tidy.startswith((".", "'")) else tidy


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
