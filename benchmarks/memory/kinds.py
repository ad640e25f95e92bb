"""Time to the first token at turn 20 against turn 1, for each kind of memory that models have.

A plain KV cache, one that holds a sliding window, a recurrent state and hybrids of these, as random
weights of true architectures. Measured is what a turn costs from its messages on: the prompt is
built and cut into tokens, what is new is decoded, one token is sampled. Every turn brings the same
new input, an answer that differs from what the model wrote (as the answer of a model that thinks
does, whose thinking is not sent back) and a question, so the memory must go back every time.

The models are shaped so that attention has the share that it has in a model of seven billion
weights, for in a small one it grows beyond everything else. The time outside llama.cpp is told.

    python -m benchmarks.memory.kinds [--turns N] [--repeats N] [--threads N] [--cpu] [KIND...]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks._clock import Clock, add_options
from benchmarks.first_token import Stopwatch
from runtime.bundle.manifest import TemplateSpec
from runtime.language_model.chunks import MediaChunk
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import AnswerOptions
from runtime.messages import MediaPart, Message, TextPart
from runtime.turn.prompt import PromptBuilder
from training.gguf.random_models import Size, byte_vocabulary, write_random_model

GOAL = 1.1
KINDS = {
    "plain": "llama",
    "window": "gemma3",
    "hybrid": "qwen35",
    "recurrent": "mamba",
}
SIZE = Size(d_model=512, d_ff=8192, layers=2, heads=2, kv_heads=1, head=32, window=256, state=32)
TEMPLATE = TemplateSpec(
    user_open="<|im_start|>user\n",
    user_close="<|im_end|>\n<|im_start|>assistant\n",
    answer_close="<|im_end|>\n",
)
QUESTION, ANSWER = "what is this? a red boat on the sea at night", "yes, it is"
ANSWER_TOKENS = 12


def no_media(part: MediaPart) -> tuple[MediaChunk, ...]:
    """The conversations have none."""
    raise ValueError(part.path)


def first_tokens(
    model: LanguageModel, turns: int, seed: int, watch: Stopwatch
) -> Iterator[tuple[float, float]]:
    """Seconds from the messages of each turn to its first token, and those of them outside
    llama.cpp, in one growing conversation; one exchange comes before the first that is measured."""
    messages = [Message("user", (TextPart(f"{seed} {QUESTION}"),))]
    options = AnswerOptions(max_new_tokens=ANSWER_TOKENS, banned=model.end_tokens)
    for turn in range(turns + 1):
        watch.read()
        begin = watch.now()
        builder = PromptBuilder(TEMPLATE, model, no_media, {})
        fitted = builder.fit(messages, model.n_ctx, ANSWER_TOKENS)
        model.prefill(fitted.chunks)
        with closing(model.generate(options)) as answer:
            next(answer)
            seconds = watch.now() - begin
            if turn:
                yield seconds, seconds - watch.read()
            for _ in answer:
                pass
        if fitted.dropped_messages:
            raise RuntimeError("expected a context that holds the whole conversation")
        messages.append(Message("assistant", (TextPart(ANSWER),)))
        messages.append(Message("user", (TextPart(QUESTION),)))


def measured(path: Path, turns: int, repeats: int, clock: Clock) -> tuple[list[float], ...]:
    """The first turns, the last ones, and of these the seconds outside llama.cpp."""
    watch = Stopwatch(clock)
    try:
        with LanguageModel(path, n_ctx=(turns + 2) * 96, n_threads=clock.threads) as model:
            runs = [list(first_tokens(model, turns, at, watch)) for at in range(repeats + 1)]
    finally:
        watch.remove()
    kept = runs[1:]  # the first conversation warms up
    return (
        [run[0][0] for run in kept],
        [run[-1][0] for run in kept],
        [run[0][1] for run in kept],
        [run[-1][1] for run in kept],
    )


def main() -> None:
    """Print the ratio of the last turn to the first for each kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], metavar="KIND")
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=7)
    add_options(parser)
    args = parser.parse_args()
    clock = Clock(args)
    vocabulary = byte_vocabulary("<|im_start|>", "<|im_end|>")
    with tempfile.TemporaryDirectory() as folder:
        for kind in args.kinds or KINDS:
            path = write_random_model(
                Path(folder) / f"{kind}.gguf", KINDS[kind], vocabulary, SIZE, spread=0.03
            )
            found = measured(path, args.turns, args.repeats, clock)
            first, last, own_first, own_last = (statistics.median(one) * 1e3 for one in found)
            print(
                f"first token, {kind} ({KINDS[kind]}): turn {args.turns} / turn 1 = "
                f"{last / first:.3f} (goal <= {GOAL}); {last:.1f} / {first:.1f} ms, of these "
                f"outside llama.cpp {own_last:.2f} / {own_first:.2f} ms{clock.note}",
                flush=True,
            )
            path.unlink()


if __name__ == "__main__":
    main()
