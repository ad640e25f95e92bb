"""The clock of a benchmark: the wall's, or this process's share of the processor.

On a machine that is busy with something else the wall's says more about that than about Medley;
with one thread, the processor's time does not.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable


def add_options(parser: argparse.ArgumentParser) -> None:
    """`--threads N` and `--cpu`."""
    parser.add_argument("--threads", type=int, help="default: Medley's own choice; with --cpu, 1")
    parser.add_argument("--cpu", action="store_true", help="measure time of the processor")


class Clock:
    """The options from `add_options`."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.threads: int | None = args.threads or (1 if args.cpu else None)
        self.now = time.process_time if args.cpu else time.perf_counter
        self.note = "; time of the processor, one thread" if args.cpu else ""


def in_turns(
    first: Callable[[], float], second: Callable[[], float], repeats: int
) -> tuple[list[float], list[float]]:
    """Seconds of each repeat of two loops, which of them goes first changing."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for repeat in range(repeats + 1):
        for side in (0, 1) if repeat % 2 else (1, 0):
            took = (first, second)[side]()
            if repeat:  # the first pair warms up
                seconds[side].append(took)
    return seconds
