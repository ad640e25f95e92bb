"""The command line's grammar: every command and option. Knows nothing of what they do.

Errors are `UsageError`s of one sentence; an unknown word is answered with the nearest known one.
"""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from plugins.errors import KnownError

DEFAULT_OUT = Path("medley-out")


class UsageError(KnownError):
    """The command line does not fit the grammar."""


class Parser(argparse.ArgumentParser):
    """Raises instead of printing usage and leaving."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["allow_abbrev"] = False
        super().__init__(*args, **kwargs)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}. Try `{self.prog} --help`.")


class _Medium(argparse.Action):
    """Collects --image, --audio and --video in the order in which they were typed."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        media = [*(getattr(namespace, "media", None) or []), (self.const, values)]
        namespace.media = media


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments, `command` and `run_options` among them.

    Raises:
        UsageError: an unknown command or option, a missing or ill-typed value.
        SystemExit: after `--help` or `--version`.
    """
    parser, commands = build()
    first = next((word for word in argv if not word.startswith("-")), None)
    if first is not None and first not in commands:
        raise UsageError(f"unknown command {first!r}{_nearest(first, commands)}")
    options, extra = parser.parse_known_args(argv)
    if extra:
        known = _option_strings(commands[options.command]) if options.command else ["--help"]
        word = extra[0].split("=")[0]
        kind = "option" if word.startswith("-") else "argument"
        raise UsageError(f"unknown {kind} {word!r}{_nearest(word, known)}")
    return options


def build() -> tuple[Parser, dict[str, Parser]]:
    """The parser, and the parser of each command by name."""
    parser = Parser(
        prog="medley",
        description="An offline assistant that takes and gives text, pictures, sounds and clips.",
    )
    parser.add_argument("--version", action="version", version=f"medley {version('medley')}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    commands: dict[str, Parser] = {}

    def command(name: str, text: str) -> Parser:
        commands[name] = subparsers.add_parser(name, help=text, description=text)
        return commands[name]

    _ask(command("ask", "Answer one request; made files are saved and named."))
    _chat(command("chat", "Talk in the terminal."))
    _render(command("render", "Make an artifact again from the recipe inside a made file."))
    _evaluate(command("evaluate", "Measure a bundle in every direction."))
    _train(command("train", "Train the embedded bundle from nothing."))
    _models(command("models", "List bundles, or prove one."))
    _json(command("doctor", "Say what this machine can run."))
    return parser, commands


def _ask(parser: Parser) -> None:
    parser.add_argument("prompt", nargs="*", help="what you want; several words need no quotes")
    for modality in ("image", "audio", "video"):
        parser.add_argument(
            f"--{modality}",
            action=_Medium,
            const=modality,
            metavar="FILE",
            dest="media",
            help="a file to look at or listen to; may be given several times",
        )
    _out(parser)
    _seed(parser)
    parser.add_argument(
        "--only",
        type=_words,
        metavar="KINDS",
        help="answer only in these, for example text,image",
    )
    parser.add_argument("--steps", type=_positive, metavar="N", help="diffusion steps per artifact")
    _bundle(parser)
    _json(parser)


def _chat(parser: Parser) -> None:
    _out(parser)
    _seed(parser)
    _bundle(parser)


def _render(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="RECIPE_FILE", help="a file that Medley made")
    _out(parser)
    _bundle(parser, default=None)
    _json(parser)


def _evaluate(parser: Parser) -> None:
    parser.add_argument("bundle", nargs="?", default="pocket", help="name or folder")
    parser.add_argument("--limit", type=_positive, metavar="N", help="examples per direction")
    _json(parser)


def _train(parser: Parser) -> None:
    parser.add_argument("what", choices=["pocket"])
    parser.add_argument("--resume", action="store_true", help="go on where the last run ended")
    parser.add_argument(
        "--device", default="auto", metavar="D", help="auto, cpu, cuda, cuda:1, ..."
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the bundle is written")


def _models(parser: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    text = "List the bundles that were found."
    _json(actions.add_parser("list", help=text, description=text))
    text = "Prove that a bundle is complete and unchanged."
    verify = actions.add_parser("verify", help=text, description=text)
    verify.add_argument("name", metavar="NAME", help="name or folder")


def _out(parser: Parser) -> None:
    parser.add_argument(
        "--out",
        type=Path,
        default=DEFAULT_OUT,
        metavar="DIR",
        help=f"where made files go (default: {DEFAULT_OUT})",
    )


def _seed(parser: Parser) -> None:
    parser.add_argument("--seed", type=_seed_value, metavar="N", help="same seed, same answer")


def _bundle(parser: Parser, default: str | None = "pocket") -> None:
    parser.add_argument("--bundle", default=default, metavar="NAME|DIR", help="which model")


def _json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _positive(text: str) -> int:
    number = _integer(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1, found {text!r}")
    return number


def _seed_value(text: str) -> int:
    number = _integer(text)
    if not 0 <= number < 2**32:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to {2**32 - 1}, found {text!r}")
    return number


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a whole number, found {text!r}") from None


def _words(text: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip().lower() for word in text.split(",") if word.strip()))
    if not words:
        raise argparse.ArgumentTypeError("expected a list such as text,image, found nothing")
    return words


def _option_strings(parser: argparse.ArgumentParser) -> list[str]:
    return [option for action in parser._actions for option in action.option_strings]


def _nearest(word: str, known: Iterable[str]) -> str:
    known = list(known)
    if near := difflib.get_close_matches(word, known, n=1, cutoff=0.5):
        return f"; did you mean {near[0]!r}?"
    return f"; known: {', '.join(known)}."
