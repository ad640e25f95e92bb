"""`medley models import nextgpt`: the published checkpoint of NExT-GPT becomes a bundle.

Progress and what a person should know beforehand go to stderr, the bundle at the end to stdout.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.options import Parser, add_json
from desktop.cli.printing.output import shown
from desktop.cli.printing.terminal import printable
from desktop.file_names import local

if TYPE_CHECKING:
    from training.importing.plan import Plan
    from training.importing.run import Progress

_EVERY_S = 10.0
"""Between two lines of progress where there is no terminal."""
_SOURCES = (
    ("delta", "PATH", "NExT-GPT's own checkpoint: pytorch_model.pt, or the folder that holds it "
     "and added_tokens.json"),
    ("language-model", "PATH", "Vicuna-7B-v0: its Hugging Face folder, or a .gguf in F16, F32 or "
     "Q8_0"),
    ("encoder", "FILE", "ImageBind: imagebind_huge.pth"),
    ("image", "DIR", "Stable Diffusion 1.5, in diffusers' layout"),
    ("audio", "DIR", "AudioLDM-l-full, in diffusers' layout"),
    ("video", "DIR", "ZeroScope v2 576w, in diffusers' layout"),
)  # fmt: skip


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley models import`."""
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    text = "Make a bundle of the published checkpoint of NExT-GPT and the models around it."
    nextgpt = kinds.add_parser(
        "nextgpt",
        help=text,
        description=f"{text} Every file is one that you have; nothing is fetched. Stopped with "
        "Ctrl-C or killed, the same command goes on where it was.",
    )
    for name, metavar, text in _SOURCES:
        nextgpt.add_argument(f"--{name}", required=True, type=Path, metavar=metavar, help=text)
    text = "the bundle's name (default: nextgpt)"
    nextgpt.add_argument("--name", default="nextgpt", metavar="NAME", help=text)
    text = "make the language model smaller: Q8_0 7.2 GB, Q4_K_M 4.2 GB (default: F16, 13.5 GB)"
    nextgpt.add_argument("--quantize", choices=("Q4_K_M", "Q8_0"), help=text)
    text = (
        "how <Img> stands in prompts: as one token, or as plain text (default: what "
        "added_tokens.json says, else text)"
    )
    nextgpt.add_argument("--media-marks", choices=("token", "text"), help=text)
    text = (
        "where long sounds and clips are looked at: up to their ends, or within, as an older "
        "loader did (default: ends)"
    )
    nextgpt.add_argument("--clip-windows", choices=("ends", "within"), default="ends", help=text)
    nextgpt.add_argument("--check", action="store_true", help="check all files and make nothing")
    add_json(nextgpt)


def run(options: argparse.Namespace) -> int:
    """Check the files that `options` name, say the terms, and make the bundle.

    Raises:
        KnownError: a file is not what it has to be, or the disk has no room.
        KeyboardInterrupt: Ctrl-C stopped it; what is finished is kept.
    """
    from training.importing.plan import Sources, Wishes, make_plan
    from training.importing.run import run as make

    files = {
        name.replace("-", "_"): local(getattr(options, name.replace("-", "_")))
        for name, *_ in _SOURCES
    }
    wishes = Wishes(options.name, options.quantize, options.media_marks, options.clip_windows)
    plan = make_plan(Sources(**files), wishes)
    if not options.json:
        _say_before(plan)
    if options.check:
        return _checked(plan, options.json)
    reporter = _Reporter(quiet=options.json)
    try:
        folder = make(plan, reporter.tell)
    finally:
        reporter.close()
    if options.json:
        found = {"name": options.name, "folder": str(folder), "left_out": list(plan.left_out)}
        print(json.dumps({**found, "media_marks": plan.marks}))
        return 0
    print(printable(f"{options.name}: made in {shown(folder)}"))
    print(printable(f"prove that it is whole: medley models verify {options.name}"))
    print(
        printable(f"try all it can, and which --media-marks fit: medley models test {options.name}")
    )
    print(printable(f'talk to it: medley ask --bundle {options.name} "Show me a cat"'))
    return 0


def _checked(plan: Plan, as_json: bool) -> int:
    needed = plan.needed_bytes({part.name for part in plan.parts})
    if as_json:
        found = {"tensors": len(plan.delta.names), "bytes": needed, "media_marks": plan.marks}
        print(json.dumps({**found, "left_out": list(plan.left_out)}))
        return 0
    print(f"All files are what they have to be; the import takes {needed / 1e9:.1f} GB of disk.")
    return 0


def _say_before(plan: Plan) -> None:
    from training.importing.manifest import TERMS

    def say(text: str) -> None:
        print(printable(text), file=sys.stderr, flush=True)

    say("What you import is not Medley's, and most of it may not be used commercially:")
    for part, terms in TERMS:
        say(f"    {part}: {terms}")
    say(f"The checkpoint has all its {len(plan.delta.names)} tensors, and nothing is left over.")
    if plan.left_out:
        say(f"Not taken over: {_summed(plan.left_out)}")
    how = "one token" if plan.marks == "token" else "plain text"
    why = "as its added_tokens.json says" if plan.marks_known else "as it was most likely trained"
    chosen = plan.wishes.marks is not None
    say(f"<Img> stands in prompts as {how}, {'as you chose' if chosen else why}.")


def _summed(names: tuple[str, ...]) -> str:
    """What is left out, towers of many tensors as one."""
    counts: dict[str, int] = {}
    for name in names:
        pieces = name.split(".")
        kind = name
        if name.startswith("modality_"):
            kind = f"ImageBind's {pieces[1]}"
        elif "inv_freq" in name:
            kind = "tables of rotary positions"
        counts[kind] = counts.get(kind, 0) + 1
    return ", ".join(f"{kind} ({n} tensors)" if n > 1 else kind for kind, n in counts.items())


class _Reporter:
    """Says how far an import is: one line that moves on a terminal, else a line now and then."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._moves = sys.stderr.isatty()
        self._open = False
        self._title = ""
        self._last = -_EVERY_S

    def tell(self, progress: Progress) -> None:
        """Show how far it is."""
        if self._quiet:
            return
        now, new = time.monotonic(), progress.title != self._title
        if progress.kept:
            self._line(f"{progress.title}: done before, and unchanged")
            return
        if not new and now - self._last < (0.2 if self._moves else _EVERY_S):
            return
        self._title, self._last = progress.title, now
        left = "" if progress.left_s is None else f", {_time_text(progress.left_s)} left"
        gigabytes = f"{progress.done / 1e9:.1f} of {progress.total / 1e9:.1f} GB"
        text = f"{progress.title}: {gigabytes}{left}"
        if not self._moves:
            self._line(text)
            return
        sys.stderr.write(f"\r\x1b[K{printable(text)}")
        sys.stderr.flush()
        self._open = True

    def close(self) -> None:
        """Leave the terminal at the start of a line."""
        if self._open:
            sys.stderr.write("\n")
            self._open = False

    def _line(self, text: str) -> None:
        self.close()
        print(printable(text), file=sys.stderr, flush=True)


def _time_text(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
