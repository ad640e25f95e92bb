"""Tokens per second by the number of threads, on a quiet and on a busy machine, and what is chosen.

The numbers take turns, so that all of them see the same machine. What Medley chooses by itself is
one of them.

    python -m benchmarks.threads [--gguf FILE] [--tokens N] [--repeats N] [--busy N[,N...]]
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from benchmarks._busy import busy
from benchmarks.decode_loop import POCKET
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import AnswerOptions
from runtime.language_model.threads import LEAST_WINDOW_S, Threads, physical_cores


def tokens_per_second(model: LanguageModel, prompt: list[int], tokens: int) -> tuple[float, float]:
    """Tokens per second of a new prompt, and of a greedy answer after it."""
    model.prefill([TokenChunk((prompt[-1],))])
    begin = time.perf_counter()
    model.prefill([TokenChunk(tuple(prompt))])
    middle = time.perf_counter()
    for _ in model.generate(AnswerOptions(max_new_tokens=tokens, banned=model.end_tokens)):
        pass
    end = time.perf_counter()
    return len(prompt) / (middle - begin), tokens / (end - middle)


def measured(model: LanguageModel, most: int, tokens: int, repeats: int) -> list[str]:
    """A line for each number of threads, and one for what is chosen."""
    prompt = model.tokenize("A red boat lies on the sea at night. " * 8)
    speeds: dict[int, list[tuple[float, float]]] = {count: [] for count in range(1, most + 1)}
    chooser, chosen = Threads(most), []
    for repeat in range(repeats + 1):
        for count, found in speeds.items():
            time.sleep(LEAST_WINDOW_S)
            chosen.append(chooser.choose())
            model._session.use_threads(count)
            speed = tokens_per_second(model, prompt, tokens)
            if repeat:  # the first round warms up
                found.append(speed)
    medians = {
        count: [statistics.median(column) for column in zip(*found, strict=True)]
        for count, found in speeds.items()
    }
    lines = [
        f"{count} threads: {prefill:6.1f} tokens/s of a prompt, {decode:6.1f} of an answer"
        for count, (prefill, decode) in medians.items()
    ]
    usual = statistics.mode(chosen)
    best = max(decode for _, decode in medians.values())
    share = chosen.count(usual) / len(chosen)
    return [
        *lines,
        f"chosen: {usual} threads ({share:.0%} of the time), "
        f"{medians[usual][1] / best:.2f} of the best answer's speed",
    ]


def main() -> None:
    """Print the lines for each number of other processes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gguf", type=Path, default=POCKET)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--busy", default="0,2", help="how many other processes spin")
    args = parser.parse_args()
    most = physical_cores()
    with LanguageModel(args.gguf, n_ctx=args.tokens + 256, n_threads=most) as model:
        for others in map(int, args.busy.split(",")):
            with busy(others):
                print(f"{others} other processes, {most} cores:", flush=True)
                for line in measured(model, most, args.tokens, args.repeats):
                    print(f"  {line}", flush=True)


if __name__ == "__main__":
    main()
