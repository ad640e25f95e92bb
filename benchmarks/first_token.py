"""Time to the first token at turn 20 against turn 1, for equal new input with a picture each turn.

Every turn holds a picture and the same number of words. What came before is in the KV cache, so a
turn should cost what is new in it. Measured twice: what a person waits for, from the question to
the first event of the engine, with a picture's file that it has not seen; and the language model
alone. There, what grows is attention to what came before, which in a model as small as Pocket is
much beside its weights; its share is told by the time within llama.cpp.

    python -m benchmarks.first_token [--turns N] [--repeats N] [--threads N] [--cpu]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np
from PIL import Image

from benchmarks._clock import Clock, add_options
from benchmarks.decode_loop import POCKET
from runtime.engine import Engine
from runtime.language_model.chunks import Chunk, MediaChunk, TokenChunk
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import AnswerOptions
from runtime.messages import MediaPart, Message, Sampling, TextPart, Turn, TurnDone
from runtime.opening import EngineOptions, open_engine

GOAL = 1.2
PICTURE_POSITIONS = 8
ANSWER_TOKENS = 12


class Stopwatch:
    """Seconds within llama.cpp's decoding since it was last read."""

    def __init__(self, clock: Clock) -> None:
        self.now = clock.now
        self._seconds = 0.0
        self._decode = llama.llama_decode
        llama.llama_decode = self._timed

    def read(self) -> float:
        """Seconds until now; it begins anew."""
        seconds, self._seconds = self._seconds, 0.0
        return seconds

    def remove(self) -> None:
        """Time no more."""
        llama.llama_decode = self._decode

    def _timed(self, *given: Any) -> Any:
        begin = self.now()
        code = self._decode(*given)
        self._seconds += self.now() - begin
        return code


def first_tokens(
    model: LanguageModel, turns: int, seed: int, watch: Stopwatch
) -> Iterator[tuple[float, float]]:
    """Seconds from the prompt of each turn to its first token, and those of them in llama.cpp, in
    one growing conversation."""
    source = np.random.default_rng(seed)
    words = model.tokenize("what is this? a red boat on the sea at night")
    prompt: list[Chunk] = []
    options = AnswerOptions(max_new_tokens=ANSWER_TOKENS, banned=model.end_tokens)
    for turn in range(turns):
        # Each conversation begins with a word of its own, so nothing of the last one is reused.
        opening = (int(source.integers(4, model.n_vocab)), *words) if turn == 0 else tuple(words)
        picture = source.normal(0, 0.05, (PICTURE_POSITIONS, model.d_model)).astype(np.float32)
        prompt += [MediaChunk(f"{seed}/{turn}", picture), TokenChunk(opening)]
        watch.read()
        begin = watch.now()
        model.prefill(prompt)
        with closing(model.generate(options)) as answer:
            next(answer)
            yield watch.now() - begin, watch.read()
            for _ in answer:
                pass
        held = [cell for cell in model.cells if isinstance(cell, int)]
        prompt.append(TokenChunk(tuple(held[-ANSWER_TOKENS:])))


def whole_turns(
    engine: Engine, folder: Path, turns: int, seed: int, clock: Clock
) -> Iterator[float]:
    """Seconds from each question to the first event, in one conversation that grows."""
    source = np.random.default_rng(seed)
    sampling = Sampling(temperature=0.0, max_new_tokens=ANSWER_TOKENS)
    messages: list[Message] = []
    for turn in range(turns):
        path = folder / f"{seed}-{turn}.png"
        Image.fromarray(source.integers(0, 256, (64, 64, 3), np.uint8)).save(path)
        words = TextPart("what is this? a red boat on the sea at night")
        messages.append(Message("user", (MediaPart("image", str(path)), words)))
        begin = clock.now()
        answer = engine.answer(Turn(tuple(messages), ("text",), seed=1, sampling=sampling))
        next(answer)
        yield clock.now() - begin
        *_, done = answer
        if not isinstance(done, TurnDone) or done.dropped_messages:
            raise RuntimeError(f"expected an answer to the whole conversation, found {done}")
        messages.append(done.reply)


def summary(what: str, first: list[float], last: list[float]) -> str:
    """One line: the ratio of the medians."""
    ends = [statistics.median(seconds) * 1e3 for seconds in (last, first)]
    return (
        f"first token, {what}: last turn / turn 1 = {ends[0] / ends[1]:.3f} (goal <= {GOAL}); "
        f"{ends[0]:.1f} / {ends[1]:.1f} ms"
    )


def main() -> None:
    """Print the ratio of the last turn to the first: the median over repeated conversations."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gguf", type=Path, default=POCKET)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=15)
    add_options(parser)
    args = parser.parse_args()
    clock = Clock(args)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_engine(EngineOptions("pocket", device="cpu", threads=clock.threads)) as engine,
    ):
        runs = [
            list(whole_turns(engine, Path(folder), args.turns, seed, clock))
            for seed in range(args.repeats + 1)
        ][1:]  # the first conversation warms up
    print(summary("from the question on", [run[0] for run in runs], [run[-1] for run in runs]))
    watch = Stopwatch(clock)
    with LanguageModel(args.gguf, n_ctx=args.turns * 48 + 64, n_threads=clock.threads) as model:
        pairs = [
            list(first_tokens(model, args.turns, seed, watch)) for seed in range(args.repeats + 1)
        ][1:]
    watch.remove()
    for number, what in enumerate(("language model alone", "of that in llama.cpp")):
        print(
            summary(what, [pair[0][number] for pair in pairs], [pair[-1][number] for pair in pairs])
        )


if __name__ == "__main__":
    main()
