"""What the commands' grammars share: the parser, and options that several commands have.

Each command brings its own grammar by a function `add_arguments`. Knows no command.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from desktop.cli import argument_values as values
from plugins.errors import KnownError
from runtime.messages import Sampling

DEFAULT_OUT = Path("medley-out")
FILE = "file"
"""In place of a modality: whatever the file holds."""


class UsageError(KnownError):
    """The command line does not fit the grammar."""


class Parser(argparse.ArgumentParser):
    """Raises instead of printing usage and leaving."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["allow_abbrev"] = False
        super().__init__(*args, **kwargs)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}. Try `{self.prog} --help`.")


class Media(argparse.Action):
    """Collects --image, --audio, --video and --file in the order in which they were typed."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        media = [*(getattr(namespace, "media", None) or []), (self.const, values)]
        namespace.media = media


class _Renamed(argparse.Action):
    """An option under its former name: it works, and says what it is called now."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        print(f"medley: {option_string} is now called {self.const}.", file=sys.stderr)
        setattr(namespace, self.dest, values)


def add_former_name(parser: argparse._ActionsContainer, former: str, now: argparse.Action) -> None:
    """Let an option be given under the name that it had in the version before."""
    parser.add_argument(
        former,
        action=_Renamed,
        dest=now.dest,
        const=now.option_strings[0],
        type=now.type or str,
        default=argparse.SUPPRESS,
        help=argparse.SUPPRESS,
    )


def add_out(parser: Parser) -> None:
    """`--out DIR`, where made files go."""
    parser.add_argument(
        "--out",
        type=Path,
        default=DEFAULT_OUT,
        metavar="DIR",
        help=f"where made files go (default: {DEFAULT_OUT})",
    )


def add_device(parser: Parser) -> None:
    """`--device D`."""
    parser.add_argument(
        "--device",
        type=values.device,
        default="auto",
        metavar="D",
        help="where to compute: auto (the best there is), cpu, cuda, cuda:1, mps",
    )


def add_manner(parser: Parser) -> None:
    """`--system TEXT`, `--temperature T`, `--top-p P` and `--max-tokens N`; see `sampling`."""
    parser.add_argument(
        "--system", metavar="TEXT", help="what the model is told about its task, instead of its own"
    )
    parser.add_argument(
        "--temperature",
        type=values.temperature,
        metavar="T",
        help="0 always takes the likeliest word, higher varies more (default: the bundle's)",
    )
    parser.add_argument(
        "--top-p",
        type=values.top_p,
        metavar="P",
        help="chooses among the likeliest words that make up this share (default: the bundle's)",
    )
    parser.add_argument(
        "--max-tokens",
        type=values.positive,
        metavar="N",
        help="cuts an answer after so many tokens (default: the bundle's)",
    )


def sampling(options: argparse.Namespace) -> Sampling:
    """How the language model samples, as `add_manner` has it."""
    return Sampling(options.temperature, options.top_p, options.max_tokens)


def add_think(parser: Parser) -> None:
    """`--think` and `--no-think`."""
    parser.add_argument(
        "--think",
        action=argparse.BooleanOptionalAction,
        help="let a model that can think before its answer do so, or not (default: the bundle's)",
    )


def add_seed(parser: Parser) -> None:
    """`--seed N`."""
    parser.add_argument("--seed", type=values.seed, metavar="N", help="same seed, same answer")


def add_bundle(parser: Parser, default: str | None = "auto") -> None:
    """`--bundle NAME|DIR`."""
    parser.add_argument("--bundle", default=default, metavar="NAME|DIR", help="which model")


def add_on(parser: Parser) -> None:
    """`--on NAME`."""
    parser.add_argument(
        "--on",
        default="",
        metavar="NAME",
        help="have another computer answer (see `medley remote`; default: this one)",
    )


def add_json(parser: Parser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


@contextmanager
def needs_extra() -> Iterator[None]:
    """Says how to get a package that only training needs.

    Raises:
        KnownError: a package is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in {"training", "runtime", "plugins"}:
            raise
        raise KnownError(
            f"training and evaluation need the package {error.name}, which is not installed. "
            "Install Medley with its train extra: pip install 'medley[train]'."
        ) from error
