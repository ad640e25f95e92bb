"""Bundles on requests and questions about Pocketworld in words that no list holds.

Pocketworld's oracle judges what is made, and reads what is said. Of a request that is answered by a
medium it is also read what the words of the answer state, without the decoder's mistakes.

    python -m benchmarks.aligned [--bundle NAME|DIR ...] [--steps N] [--every N] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.aligned.items import Item, case_of, load
from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.engine import Engine
from runtime.opening import EngineOptions, open_engine
from training.evaluation.judging import put
from training.pocketworld.captions import read_caption

BUNDLES = ("pocket", "starter")


@dataclass(frozen=True)
class Outcome:
    """One answer."""

    direction: str
    language: str
    asked: str
    said: str
    made: list[str]
    routed: bool
    """The right medium, or none where words are wanted."""
    facts: int
    said_right: int
    """Facts that the words state."""
    right: int
    """Facts that the medium shows; of an answer in words as `said_right`."""
    seconds: float


def main() -> int:
    """Print a line per answer and the tables; 2 where a bundle cannot be opened."""
    options = _options()
    told: dict[str, list[Outcome]] = {}
    for name in options.bundle or BUNDLES:
        told[name] = []
        try:
            bundle = Bundle.open(find_bundle(name), verify="size")
            with open_engine(EngineOptions(bundle, threads=options.threads)) as engine:
                engine.load()
                for outcome in outcomes(engine, load()[:: options.every], options.steps):
                    told[name].append(outcome)
                    print(_line(outcome), flush=True)
        except KnownError as error:
            print(f"aligned: {error}", file=sys.stderr)
            return 2
        print(f"\n{name}\n\n{table(told[name])}\n", flush=True)
        if options.json is not None:
            answers = {known: [asdict(one) for one in some] for known, some in told.items()}
            options.json.write_text(json.dumps(answers, ensure_ascii=False, indent=1), "utf-8")
    return 0


def outcomes(engine: Engine, items: tuple[Item, ...], steps: int | None) -> Iterator[Outcome]:
    """The answers of a bundle, judged, one after the other."""
    with tempfile.TemporaryDirectory(prefix="medley-aligned-") as folder:
        for number, item in enumerate(items):
            began = time.perf_counter()
            result = put(engine, case_of(number, item, Path(folder)), steps)
            answer = result.answers[0]
            stated = read_caption(answer.text)
            yield Outcome(
                item.direction, item.language, item.text, answer.text.strip(), answer.modalities,
                all(result.routed), len(item.facts),
                sum(stated.get(name) == value for name, value in item.facts.items()),
                sum(judgement.right for judgement in result.judgements),
                time.perf_counter() - began,
            )  # fmt: skip


def table(heard: list[Outcome]) -> str:
    """Markdown: a row per direction and language, and one for all."""
    rows = [
        "| asked | language | answers | right medium | facts in the words | facts shown |",
        "|---|---|---|---|---|---|",
    ]
    keys = sorted({(one.direction, one.language) for one in heard})
    for direction, language in keys:
        some = [o for o in heard if (o.direction, o.language) == (direction, language)]
        rows.append(_row(direction, language, some))
    for language in sorted({one.language for one in heard}):
        rows.append(_row("all", language, [one for one in heard if one.language == language]))
    return "\n".join([*rows, _row("all", "", heard)])


def _row(direction: str, language: str, some: list[Outcome]) -> str:
    facts = sum(one.facts for one in some)
    shares = (
        sum(one.routed for one in some) / max(1, len(some)),
        sum(one.said_right for one in some) / max(1, facts),
        sum(one.right for one in some) / max(1, facts),
    )
    shown = " | ".join(f"{100 * share:.0f} %" for share in shares)
    return f"| {direction} | {language} | {len(some)} | {shown} |"


def _line(one: Outcome) -> str:
    made = "+".join(one.made) or "words"
    mark = "" if one.routed else "WRONG "
    said = " ".join(one.said.split())[:110]
    return f"{one.seconds:5.1f} s  {mark}{one.direction} -> {made} {one.right}/{one.facts}  {said}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.aligned",
        description="Bundles on Pocketworld, in words that no list holds.",
    )
    parser.add_argument("--bundle", action="append", help="default: pocket, starter")
    parser.add_argument("--steps", type=int, help="of every decoder; default: the bundle's own")
    parser.add_argument("--every", type=int, default=1, help="take every Nth item alone")
    parser.add_argument("--threads", type=int, help="default: Medley's own choice")
    parser.add_argument("--json", type=Path, help="write every answer, whole, to this file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
