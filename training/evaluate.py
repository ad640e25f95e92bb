"""`medley evaluate`: the table of what a bundle gets right, direction by direction."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from runtime.bundle import Bundle, find_bundle
from runtime.engine import Engine
from training.examination import SEED, Result, cases, oracle_of, put, write_true
from training.pocketworld.scene import SHOWN, random_scene

DEFAULT_LIMIT = 25
"""Cases a direction."""


def main(*, bundle: str | None, limit: int | None, as_json: bool) -> int:
    """Evaluate a bundle on Pocketworld and print a table or one JSON object."""
    count = limit or DEFAULT_LIMIT
    opened = Bundle.open(find_bundle(bundle or "pocket"))
    with tempfile.TemporaryDirectory(prefix="medley-evaluate-") as name:
        folder = Path(name)
        oracle = oracle_accuracy(count, folder)
        with Engine(opened) as engine:
            results = []
            for case in cases(count, folder):
                results.append(put(engine, case))
                if sys.stderr.isatty():
                    print(f"\r{len(results)} answers", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    report = summary(results, oracle, opened.name, count)
    print(json.dumps(report) if as_json else table(report))
    return 0


def oracle_accuracy(count: int, folder: Path) -> dict[str, float]:
    """Share of attributes that the oracle reads right from true renderings, written as files."""
    shares = {}
    for kind, (modality, names) in enumerate(SHOWN.items()):
        right = 0
        for number in range(count):
            rng = np.random.default_rng([SEED, 40 + kind, number])
            scene = random_scene(rng)
            path = write_true(modality, scene, rng, folder / f"oracle-{modality}-{number}")
            shown = oracle_of(modality, path.read_bytes())
            right += sum(shown[name] == getattr(scene, name) for name in names)
        shares[modality] = right / (count * len(names))
    return shares


def summary(
    results: Sequence[Result], oracle: dict[str, float], bundle: str, count: int
) -> dict[str, Any]:
    """Everything measured, as plain data."""
    grouped: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        grouped[result.case.direction].append(result)
    directions = {name: _direction(group) for name, group in grouped.items()}
    routed = sum(result.routed for result in results) / len(results)
    return {
        "bundle": bundle,
        "cases_per_direction": count,
        "routing": routed,
        "oracle_on_true_media": oracle,
        "directions": directions,
    }


def _direction(group: Sequence[Result]) -> dict[str, Any]:
    by_name: dict[str, list[bool]] = defaultdict(list)
    for result in group:
        for name, right in result.right.items():
            by_name[name].append(right)
    every = [right for marks in by_name.values() for right in marks]
    return {
        "cases": len(group),
        "routing": sum(result.routed for result in group) / len(group),
        "attributes": sum(every) / len(every),
        "by_attribute": {name: sum(marks) / len(marks) for name, marks in by_name.items()},
    }


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = [
        f"{report['bundle']}: {report['cases_per_direction']} cases a direction; attributes are "
        "judged by measuring pixels, spectra and motion",
        "",
        f"{'direction':24} {'routing':>8} {'attributes':>11}  by attribute",
    ]
    for name, row in report["directions"].items():
        marks = "  ".join(f"{key} {share:.0%}" for key, share in row["by_attribute"].items())
        lines.append(f"{name:24} {row['routing']:8.0%} {row['attributes']:11.1%}  {marks}")
    oracle = "  ".join(f"{m} {share:.1%}" for m, share in report["oracle_on_true_media"].items())
    lines += ["", f"routing, all: {report['routing']:.1%}", f"oracle on true media: {oracle}"]
    return "\n".join(lines)
