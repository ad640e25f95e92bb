"""The starter as users meet it: the first answer after a cold start, the 20th turn, memory.

The first answer comes from a fresh process of the command line; the turns and the memory from an
engine in a process of its own, as the window's worker is.

    python -m benchmarks.starter [--bundle NAME|DIR] [--repeats N] [--turns N]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

import msgspec

from plugins.errors import KnownError
from runtime.bundle.bundle import find_bundle
from runtime.engine import Engine
from runtime.messages import Message, Sampling, TextDelta, TextPart, Turn, TurnDone
from runtime.opening import EngineOptions, open_engine

QUESTION = "What is the capital of France?"
THINGS = (
    "a lemon", "a fire", "the sea", "a violin", "bread", "a ladder", "snow", "a map", "coffee",
    "a lighthouse", "glass", "a kite", "wool", "a bell", "rice", "a mirror", "salt", "a drum",
    "paper", "a bridge",
)  # fmt: skip
ANSWER_TOKENS = 24
GOAL = 1.2


def cold_start(bundle: str) -> tuple[float, float, str]:
    """Seconds from nothing to the first words and to the end of an answer, and the answer."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "desktop.cli", "ask", "--bundle", bundle]
        command += ["--out", folder, QUESTION]
        begin = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            first = os.read(process.stdout.fileno(), 1)
            first_s = time.perf_counter() - begin
            answer = first + process.stdout.read()
        if process.returncode != 0:
            raise RuntimeError(f"medley ask ended with {process.returncode}")
    return first_s, time.perf_counter() - begin, answer.decode("utf-8").strip()


class Talk(msgspec.Struct):
    """One conversation."""

    first_s: list[float]
    """Seconds to the first word of each turn."""
    own: int
    """Bytes of memory of the process."""
    mapped: int
    """Bytes of files that it shares with the system."""


def conversation(bundle: str, turns: int) -> Talk:
    """A conversation in this process, after a warm-up in another one."""
    import psutil

    messages: list[Message] = []
    first_s: list[float] = []
    with open_engine(EngineOptions(bundle, device="cpu")) as engine:
        _said(engine, [Message("user", (TextPart("Good morning!"),))])
        for turn in range(turns):
            words = f"In one short sentence: what is {THINGS[turn % len(THINGS)]} good for?"
            messages.append(Message("user", (TextPart(words),)))
            seconds, reply = _said(engine, messages)
            first_s.append(seconds)
            messages.append(reply)
        memory = psutil.Process().memory_info()
    mapped = getattr(memory, "shared", 0)
    return Talk(first_s, memory.rss - mapped, mapped)


def _said(engine: Engine, messages: list[Message]) -> tuple[float, Message]:
    """Seconds to the first word of an answer, and the answer."""
    sampling = Sampling(temperature=0.0, max_new_tokens=ANSWER_TOKENS)
    begin, came = time.perf_counter(), 0.0
    for event in engine.answer(Turn(tuple(messages), ("text",), seed=1, sampling=sampling)):
        if isinstance(event, TextDelta):
            came = came or time.perf_counter() - begin
        elif isinstance(event, TurnDone):
            return came, event.reply
    raise RuntimeError("expected an answer, found none")


def main() -> None:
    """Print the three lines: medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--bundle", default="starter")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--here", action="store_true", help="measure this process, print JSON")
    args = parser.parse_args()
    if args.here:
        print(msgspec.json.encode(conversation(args.bundle, args.turns)).decode())
        return
    try:
        find_bundle(args.bundle)
    except KnownError as error:
        print(f"skipped: {error}")
        return
    starts = [cold_start(args.bundle) for _ in range(args.repeats)]
    first = statistics.median(start[0] for start in starts)
    whole = statistics.median(start[1] for start in starts)
    print(f"cold start: first words after {first:.1f} s, done after {whole:.1f} s: {starts[0][2]}")
    runs = [_in_its_own(args.bundle, args.turns) for _ in range(args.repeats)]
    begin, end = (statistics.median(run.first_s[turn] for run in runs) for turn in (0, -1))
    print(
        f"first token: turn {args.turns} / turn 1 = {end / begin:.2f} (goal <= {GOAL}); "
        f"{end * 1e3:.0f} / {begin * 1e3:.0f} ms"
    )
    own = statistics.median(run.own for run in runs) / 2**20
    mapped = statistics.median(run.mapped for run in runs) / 2**20
    print(f"memory of the engine's process: {own:.0f} MiB of its own, {mapped:.0f} MiB of files")


def _in_its_own(bundle: str, turns: int) -> Talk:
    command = [sys.executable, "-m", "benchmarks.starter", "--here"]
    command += ["--bundle", bundle, "--turns", str(turns)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Talk)


if __name__ == "__main__":
    main()
