"""Medley's decode loop against a bare llama.cpp loop: tokens per second on the same file.

Both sides run in this process and in the same context, in turns: a busy machine slows both, and
neither has its weights at a luckier place. The bare loop is `llama_sampler_sample` and
`llama_decode`, greedy, and nothing else.

    python -m benchmarks.decode_loop [--gguf FILE] [--tokens N] [--repeats N] [--threads N] [--cpu]
                                     [--busy N]
"""

from __future__ import annotations

import argparse
import functools
import statistics
from pathlib import Path

import llama_cpp.llama_cpp as llama

from benchmarks._busy import busy
from benchmarks._clock import Clock, add_options, in_turns
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.llama_session import LlamaSession
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import AnswerOptions, Finished

POCKET = Path(__file__).resolve().parents[1] / "runtime/bundles/pocket/llm.gguf"
GOAL = 0.99


def bare_loop(session: LlamaSession, prompt: list[int], tokens: int, clock: Clock) -> float:
    """Seconds of `tokens` greedy tokens after `prompt`, with nothing of ours in between."""
    session.forget_from(0)
    session.decode_tokens(prompt, 0, logits=True)
    context, id_array = session.context, (llama.llama_token * 1)()
    sampler = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
    llama.llama_sampler_chain_add(sampler, llama.llama_sampler_init_greedy())
    begin = clock.now()
    for _ in range(tokens):
        id_array[0] = llama.llama_sampler_sample(sampler, context, -1)
        if llama.llama_decode(context, llama.llama_batch_get_one(id_array, 1)) != 0:
            raise RuntimeError("llama_decode failed")
    seconds = clock.now() - begin
    llama.llama_sampler_free(sampler)
    return seconds


def our_loop(model: LanguageModel, prompt: list[int], tokens: int, clock: Clock) -> float:
    """Seconds of `tokens` greedy tokens after `prompt`: masks, text, events, bookkeeping."""
    model.prefill([TokenChunk((prompt[0], prompt[0]))])
    model.prefill([TokenChunk(tuple(prompt))])
    options = AnswerOptions(max_new_tokens=tokens, banned=model.end_tokens, stop=("\n###",))
    begin = clock.now()
    *_, last = model.generate(options)
    seconds = clock.now() - begin
    if not isinstance(last, Finished) or last.new_tokens != tokens:
        raise RuntimeError(f"expected {tokens} tokens, found {last}")
    return seconds


def compared(
    model: LanguageModel, session: LlamaSession, tokens: int, repeats: int, clock: Clock
) -> tuple[list[float], list[float]]:
    """Seconds of each repeat, the bare loop's and ours; which is first changes."""
    prompt = model.tokenize("a red boat on the sea at night")
    loops = (
        functools.partial(bare_loop, session, prompt, tokens, clock),
        functools.partial(our_loop, model, prompt, tokens, clock),
    )
    return in_turns(*loops, repeats)


def main() -> None:
    """Print tokens per second of both and their ratio: the median over interleaved repeats."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gguf", type=Path, default=POCKET)
    parser.add_argument("--tokens", type=int, default=192)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--busy", type=int, default=0, help="processes that spin meanwhile")
    add_options(parser)
    args = parser.parse_args()
    clock = Clock(args)
    with (
        LanguageModel(args.gguf, n_ctx=args.tokens + 64, n_threads=clock.threads) as model,
        busy(args.busy),
    ):
        bare, ours = compared(model, model._session, args.tokens, args.repeats, clock)
    ratio = statistics.median(b / o for b, o in zip(bare, ours, strict=True))
    speeds = [args.tokens / statistics.median(seconds) for seconds in (ours, bare)]
    print(
        f"decode loop: ours / bare llama.cpp = {ratio:.3f} (goal >= {GOAL}); "
        f"{speeds[0]:.1f} / {speeds[1]:.1f} tokens/s, {args.tokens} tokens x {args.repeats}"
        f"{f', {args.busy} other processes' if args.busy else ''}{clock.note}"
    )


if __name__ == "__main__":
    main()
