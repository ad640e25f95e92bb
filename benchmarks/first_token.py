"""Time to the first token at turn 20 against turn 1, for equal new input with a picture each turn.

Every turn holds a picture of 8 positions and the same number of words. What came before is in
the KV cache, so a turn should cost what is new in it.

    python -m benchmarks.first_token [--gguf FILE] [--turns N] [--repeats N]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks.decode_loop import POCKET
from runtime.answer import AnswerOptions
from runtime.chunks import Chunk, MediaChunk, TokenChunk
from runtime.language_model import LanguageModel

GOAL = 1.2
PICTURE_POSITIONS = 8
ANSWER_TOKENS = 12


def first_tokens(model: LanguageModel, turns: int, seed: int) -> Iterator[float]:
    """Seconds from the prompt of each turn to its first token, in one growing conversation."""
    source = np.random.default_rng(seed)
    words = model.tokenize("what is this? a red boat on the sea at night")
    prompt: list[Chunk] = []
    options = AnswerOptions(max_new_tokens=ANSWER_TOKENS, banned=model.end_tokens)
    for turn in range(turns):
        # Each conversation begins with a word of its own, so nothing of the last one is reused.
        opening = (int(source.integers(4, model.n_vocab)), *words) if turn == 0 else tuple(words)
        picture = source.normal(0, 0.05, (PICTURE_POSITIONS, model.d_model)).astype(np.float32)
        prompt += [MediaChunk(f"{seed}/{turn}", picture), TokenChunk(opening)]
        begin = time.perf_counter()
        model.prefill(prompt)
        with closing(model.generate(options)) as answer:
            next(answer)
            yield time.perf_counter() - begin
            for _ in answer:
                pass
        held = [cell for cell in model.cells if isinstance(cell, int)]
        prompt.append(TokenChunk(tuple(held[-ANSWER_TOKENS:])))


def main() -> None:
    """Print the ratio of the last turn to the first: the median over repeated conversations."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gguf", type=Path, default=POCKET)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--threads", type=int, help="default: Medley's own choice")
    args = parser.parse_args()
    first, last = [], []
    n_ctx = args.turns * 48 + 64
    with LanguageModel(args.gguf, n_ctx=n_ctx, n_threads=args.threads) as model:
        for seed in range(args.repeats + 1):
            seconds = list(first_tokens(model, args.turns, seed))
            if seed:  # the first conversation warms up
                first.append(seconds[0])
                last.append(seconds[-1])
    ratio = statistics.median(last) / statistics.median(first)
    print(
        f"first token: turn {args.turns} / turn 1 = {ratio:.3f} (goal <= {GOAL}); "
        f"{statistics.median(last) * 1e3:.1f} / {statistics.median(first) * 1e3:.1f} ms"
    )


if __name__ == "__main__":
    main()
