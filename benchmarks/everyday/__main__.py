"""Everyday questions, requests for media and plain talk, answered by a bundle and judged.

python -m benchmarks.everyday [--bundle NAME] [--set development|held-out] [--kind KIND]
                              [--json FILE] [--limit N] [--threads N] [--render]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.everyday.items import KINDS, SETS, Item, Kind, load, spread
from benchmarks.everyday.talking import Outcome, outcomes
from benchmarks.everyday.telling import as_json, line, table
from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.opening import EngineOptions, open_engine


def main() -> int:
    """Print a line per item and the table; 2 where the bundle cannot be opened."""
    options = _options()
    items = chosen(options)
    heard: list[Outcome] = []
    try:
        bundle = Bundle.open(find_bundle(options.bundle), verify="size")
        with open_engine(EngineOptions(bundle, threads=options.threads)) as engine:
            engine.load()
            for outcome in outcomes(engine, items, render=options.render):
                heard.append(outcome)
                print(line(outcome), flush=True)
    except KnownError as error:
        print(f"everyday: {error}", file=sys.stderr)
        return 2
    print(f"\nbundle {options.bundle}, {options.set} set\n\n{table(heard)}")
    if options.json is not None:
        answers = [as_json(outcome) for outcome in heard]
        told = {"bundle": options.bundle, "set": options.set, "table": table(heard)}
        options.json.write_text(
            json.dumps({**told, "items": answers}, ensure_ascii=False, indent=1), "utf-8"
        )
    return 0


def chosen(options: argparse.Namespace) -> list[tuple[Kind, Item]]:
    """The items that the options name, each with its kind."""
    return [
        (kind, item)
        for kind in options.kind or KINDS
        for item in spread(load(kind, options.set), options.limit)
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.everyday",
        description="Everyday questions, requests for media and plain talk, judged.",
    )
    parser.add_argument("--bundle", default="starter")
    parser.add_argument("--set", choices=SETS, default="development")
    parser.add_argument("--kind", choices=KINDS, action="append", help="default: every kind")
    parser.add_argument("--json", type=Path, help="write every answer, whole, to this file")
    parser.add_argument("--limit", type=int, help="items of each kind, taken from all of it")
    parser.add_argument("--threads", type=int, help="default: Medley's own choice")
    parser.add_argument("--render", action="store_true", help="make the media too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
