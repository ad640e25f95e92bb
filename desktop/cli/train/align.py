"""`medley train align`: hands your own components and data to training.

Knows the command line; imports training only when asked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop.cli import argument_values as values
from desktop.cli.options import Parser, add_device, needs_extra
from plugins.switches import enabled_plugins


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley train align`."""
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
        "--lora-rank", type=values.positive, default=32, metavar="N",
        help="width of what the language model learns (default: 32)",
    )  # fmt: skip
    parser.add_argument(
        "--keep-layers", type=values.positive, default=0, metavar="N",
        help="of the language model, from below, stay as they are: several times as fast",
    )  # fmt: skip
    parser.add_argument(
        "--lines", type=values.positive, default=4000, metavar="N",
        help="with --keep-layers: dialogues that are learned from at most (default: 4000)",
    )  # fmt: skip
    parser.add_argument(
        "--own-answers", type=values.positive, default=160, metavar="N",
        help="with --keep-layers: the model's own to plain questions, which it keeps giving "
        "(default: 160)",
    )  # fmt: skip
    parser.add_argument(
        "--stage", type=int, choices=(1, 2, 3, 4), default=4, help="the last stage to train"
    )
    parser.add_argument("--resume", action="store_true", help="go on where the last run ended")
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Align the parts that `options` name into a bundle in `options.out`."""
    with needs_extra():
        from training.align.run import main
        from training.align.settings import Settings
    settings = Settings(
        language_model=options.language_model,
        encoder=options.encoder,
        renderers=tuple(options.renderer),
        data=tuple(options.data),
        name=options.name or options.out.name or "mine",
        template=options.template,
        steps=options.steps,
        batch=options.batch,
        lora_rank=options.lora_rank,
        keep_layers=options.keep_layers,
        lines=options.lines,
        own_answers=options.own_answers,
        signals=dict(options.signals or ()),
    )
    return main(
        settings,
        out=options.out,
        resume=options.resume,
        device=options.device,
        stage=options.stage,
        enabled_plugins=enabled_plugins(),
    )
