"""The command line's grammar: every command and option. Knows nothing of what they do.

Errors are `UsageError`s of one sentence; an unknown word is answered with the nearest known one.
"""

from __future__ import annotations

import argparse
import difflib
import os
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from desktop import argument_values as values
from desktop.named_files import local
from plugins.errors import KnownError

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


class _Medium(argparse.Action):
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


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments, `command` among them. Without a command, `files` are for the window.

    Raises:
        UsageError: an unknown command or option, a missing or ill-typed value.
        SystemExit: after `--help` or `--version`.
    """
    parser, commands = build()
    first = next((word for word in argv if not word.startswith("-")), None)
    if files := _files(argv, commands):
        return argparse.Namespace(command=None, files=files)
    if first is not None and first not in commands:
        raise UsageError(f"unknown command {first!r}{_nearest(first, commands)}")
    options, extra = parser.parse_known_args(argv)
    if extra:
        known = _option_strings(commands[options.command]) if options.command else ["--help"]
        word = extra[0].split("=")[0]
        kind = "option" if word.startswith("-") else "argument"
        raise UsageError(f"unknown {kind} {word!r}{_nearest(word, known)}")
    if options.command is None:
        options.files = []
    return options


def _files(argv: Sequence[str], commands: Iterable[str]) -> list[Path]:
    """What is to be attached in the window: only names of files, and the first is no command."""
    if not argv or argv[0] in commands or any(word.startswith("-") for word in argv):
        return []
    paths = [local(word).absolute() for word in argv]
    if not any(path.is_file() or os.sep in word for path, word in zip(paths, argv, strict=True)):
        return []
    if missing := next((path for path in paths if not path.is_file()), None):
        raise UsageError(f"expected files to attach, found no file {missing}. Check the name.")
    return paths


def build() -> tuple[Parser, dict[str, Parser]]:
    """The parser, and the parser of each command by name."""
    parser = Parser(
        prog="medley",
        usage="%(prog)s [--help] [--version] [FILE ...] | COMMAND ...",
        description="An offline assistant that takes and gives text, pictures, sounds and clips. "
        "Without a command the window opens; FILEs are attached to your first message.",
    )
    parser.add_argument("--version", action="version", version=f"medley {version('medley')}")
    subparsers = parser.add_subparsers(
        dest="command", metavar="COMMAND", parser_class=Parser, prog="medley"
    )
    commands: dict[str, Parser] = {}

    def command(name: str, text: str) -> Parser:
        commands[name] = subparsers.add_parser(name, help=text, description=text)
        return commands[name]

    _ask(command("ask", "Answer one request; made files are saved and named."))
    _chat(command("chat", "Talk in the terminal."))
    _render(command("render", "Make an artifact again from the recipe inside a made file."))
    _evaluate(command("evaluate", "Measure a bundle in every direction."))
    _train(command("train", "Train the embedded bundle."))
    _models(command("models", "List, fetch, remove or prove bundles and models."))
    _plugins(command("plugins", "List plugins, or switch one on or off."))
    _library(command("library", "Check, back up, export, import or search the library."))
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
    parser.add_argument(
        "--file",
        action=_Medium,
        const=FILE,
        metavar="FILE",
        dest="media",
        help="a medium or document of any kind, told by its content; may be given several times",
    )
    _out(parser)
    _seed(parser)
    parser.add_argument(
        "--only",
        type=values.words,
        metavar="KINDS",
        help="answer only in these, for example text,image",
    )
    parser.add_argument(
        "--steps", type=values.positive, metavar="N", help="diffusion steps per artifact"
    )
    _manner(parser)
    _bundle(parser)
    _json(parser)


def _chat(parser: Parser) -> None:
    _out(parser)
    _seed(parser)
    _manner(parser)
    _bundle(parser)


def _render(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="RECIPE_FILE", help="a file that Medley made")
    _out(parser)
    _bundle(parser, default=None)
    _json(parser)


def _evaluate(parser: Parser) -> None:
    parser.add_argument("bundle", nargs="?", default="pocket", help="name or folder")
    parser.add_argument(
        "--suite", nargs="+", default=["pocketworld"], metavar=("NAME", "DIR"),
        help="pocketworld, second-ring (counts, relations, loudness, order, speed), wordings (is "
        "every phrasing understood?), or folder DIR: captioned media as COCO, AudioCaps or MSR-VTT "
        "have them",
    )  # fmt: skip
    parser.add_argument(
        "--limit", type=values.positive, metavar="N",
        help="cases per direction, language and combination (default: 25)",
    )  # fmt: skip
    parser.add_argument(
        "--language", choices=["en", "zh", "both"], help="of the questions (default: both)"
    )
    parser.add_argument(
        "--metrics", type=values.words, metavar="PARTS",
        help="only these parts: attributes, routing, formats, paper",
    )  # fmt: skip
    parser.add_argument(
        "--rows", type=values.words, metavar="ROWS",
        help="only these rows of the table, as 'image -> text,refusal', and no other part",
    )  # fmt: skip
    parser.add_argument(
        "--quick", action="store_true", help="attributes only, in English, seen combinations"
    )
    parser.add_argument(
        "--phrasings", choices=["held-out", "development"],
        help="wording of the questions: kept for reports (default), or for between trainings",
    )  # fmt: skip
    _seed(parser)
    parser.add_argument(
        "--steps", type=values.positive, metavar="N", help="diffusion steps per artifact"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write report and contact sheets here as well"
    )
    _json(parser)


def _train(parser: Parser) -> None:
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    text = "Train the embedded bundle from nothing, all of it or one stage."
    pocket = kinds.add_parser("pocket", help=text, description=text)
    pocket.add_argument("--resume", action="store_true", help="go on where the last run ended")
    one = pocket.add_mutually_exclusive_group()
    one.add_argument("--only", metavar="STAGE", help="train this stage alone, or go on with it")
    one.add_argument("--again", metavar="STAGE", help="train a finished stage further")
    pocket.add_argument(
        "--begin-with", metavar="NAME|DIR", help="begin a new run with the parts of a bundle"
    )
    pocket.add_argument(
        "--list", action="store_true", help="show the stages, what they trained and how long"
    )
    _device(pocket)
    pocket.add_argument(
        "--processes", type=values.positive, default=1, metavar="N",
        help="that share every batch, on some cores or a GPU each (default: 1)",
    )  # fmt: skip
    pocket.add_argument(
        "--side-by-side", type=values.positive, metavar="N",
        help="stages at a time, each on its share of the cores (default: 2; 1 on a GPU)",
    )  # fmt: skip
    pocket.add_argument("--out", type=Path, metavar="DIR", help="folder of the run and its bundle")
    text = "Measure what a bundle of Pocketworld knows, so that it says so of anything else."
    known = kinds.add_parser("familiarity", help=text, description=text)
    known.add_argument("bundle", metavar="NAME|DIR", help="the bundle, which gets the measures")
    text = "Join your own language model, encoder and renderers into a bundle, on your own data."
    _align(kinds.add_parser("align", help=text, description=text))


def _align(parser: Parser) -> None:
    needed = parser.add_argument_group("parts and data")
    needed.add_argument(
        "--language-model", required=True, metavar="GGUF|DIR|BUNDLE",
        help="a chat model; a bundle's keeps what the bundle can do already",
    )  # fmt: skip
    needed.add_argument("--encoder", metavar="BUNDLE|DIR", help="takes in media")
    needed.add_argument(
        "--renderer", action="append", required=True, metavar="ID|DIR",
        help="an installed renderer, a decoder's folder, or id=folder; may be given several times",
    )  # fmt: skip
    needed.add_argument(
        "--data", action="append", required=True, metavar="DIR",
        help="a folder with captions or dialogues; may be given several times",
    )  # fmt: skip
    needed.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the run and its bundle"
    )
    parser.add_argument("--name", help="of the bundle (default: the folder's)")
    parser.add_argument(
        "--template", metavar="BUNDLE", help="write conversations as this bundle does"
    )
    parser.add_argument(
        "--signals", action="append", type=values.count_of, metavar="KIND=N",
        help="signal tokens of a kind (default: what its renderer asks for)",
    )  # fmt: skip
    parser.add_argument(
        "--steps",
        type=values.positive,
        default=1000,
        metavar="N",
        help="of each stage (default: 1000)",
    )
    parser.add_argument(
        "--batch",
        type=values.positive,
        default=16,
        metavar="N",
        help="sequences a step (default: 16)",
    )
    parser.add_argument(
        "--stage", type=int, choices=(1, 2, 3, 4), default=4, help="the last stage to train"
    )
    parser.add_argument("--resume", action="store_true", help="go on where the last run ended")
    _device(parser)


def _models(parser: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    text = "List the bundles that were found, and the models that are here or can be fetched."
    _json(actions.add_parser("list", help=text, description=text))
    text = "Fetch models; the only command that connects to the internet."
    get = actions.add_parser("get", help=text, description=text)
    text = "as `medley models list` shows them; starter and starter-small mean several"
    get.add_argument("names", nargs="+", metavar="NAME", help=text)
    text = "say how to refuse, and go on whatever cannot be had; for `make run`"
    get.add_argument("--first-run", action="store_true", help=text)
    _json(get)
    text = "Take fetched models off the disk."
    remove = actions.add_parser("remove", help=text, description=text)
    remove.add_argument("names", nargs="+", metavar="NAME", help="as for `get`")
    text = "Prove that a bundle or a fetched model is complete and unchanged."
    verify = actions.add_parser("verify", help=text, description=text)
    verify.add_argument("name", metavar="NAME", help="name or folder")


def _plugins(parser: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    text = "List the plugins that are installed."
    _json(actions.add_parser("list", help=text, description=text))
    for action, text in (("enable", "Let a plugin run."), ("disable", "Stop a plugin.")):
        one = actions.add_parser(action, help=text, description=text)
        one.add_argument("name", metavar="NAME", help="as `medley plugins list` shows it")


def _library(parser: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, text: str) -> Parser:
        one: Parser = actions.add_parser(name, help=text, description=text)
        one.add_argument("--library", type=Path, metavar="FILE", help="default: your own")
        return one

    check = action("check", "Read everything and say whether it is sound.")
    check.add_argument(
        "--repair", type=Path, metavar="NEW_FILE", help="save what can be read into a new file"
    )
    _json(check)
    action("backup", "Copy the whole library into a new file.").add_argument("file", type=Path)
    export = action("export", "Write conversations as files to read, keep and import.")
    export.add_argument(
        "target", type=Path, help="a new folder, or a new file where the name ends in .zip"
    )
    export.add_argument(
        "--conversation", type=values.positive, metavar="N",
        help="its number in `medley library search` (default: all, each a zip file in TARGET)",
    )  # fmt: skip
    text = "Add what was exported, or all conversations of another library's file."
    action("import", text).add_argument("source", type=Path)
    search = action("search", "List conversations, or messages with these words.")
    search.add_argument("words", nargs="*", help='parts of words; "several in this order"')
    search.add_argument(
        "--only",
        type=values.words,
        metavar="KINDS",
        help="with media of these kinds, as image,audio",
    )
    search.add_argument(
        "--limit", type=values.positive, default=20, metavar="N", help="default: 20"
    )
    _json(search)


def _out(parser: Parser) -> None:
    parser.add_argument(
        "--out",
        type=Path,
        default=DEFAULT_OUT,
        metavar="DIR",
        help=f"where made files go (default: {DEFAULT_OUT})",
    )


def _device(parser: Parser) -> None:
    parser.add_argument(
        "--device", default="auto", metavar="D", help="auto, cpu, cuda, cuda:1, ..."
    )


def _manner(parser: Parser) -> None:
    parser.add_argument(
        "--system", metavar="TEXT", help="what the model is told about its task, instead of its own"
    )
    parser.add_argument(
        "--temperature",
        type=values.temperature,
        metavar="T",
        help="0 always takes the likeliest word, higher varies more (default: the bundle's)",
    )


def _seed(parser: Parser) -> None:
    parser.add_argument("--seed", type=values.seed, metavar="N", help="same seed, same answer")


def _bundle(parser: Parser, default: str | None = "auto") -> None:
    parser.add_argument("--bundle", default=default, metavar="NAME|DIR", help="which model")


def _json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _option_strings(parser: argparse.ArgumentParser) -> list[str]:
    """Of a command and of the commands under it."""
    found = [option for action in parser._actions for option in action.option_strings]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                found += _option_strings(below)
    return found


def _nearest(word: str, known: Iterable[str]) -> str:
    known = list(known)
    if near := difflib.get_close_matches(word, known, n=1, cutoff=0.5):
        return f"; did you mean {near[0]!r}?"
    return f"; known: {', '.join(known)}."
