"""What native routing saves, and what it costs.

The table counts the text encoders of decoders at their true shapes (tensors without storage), and
what takes their place: a context in which the language model reads a caption. With --gguf it also
measures, on that file, the seconds of a caption, and what every token of a conversation would cost
if llama.cpp's callback were always there, which it is not.

    python -m benchmarks.memory.native_routing [--gguf FILE] [--tokens N] [--repeats N]
                                               [--threads N] [--cpu]
"""

from __future__ import annotations

import argparse
import functools
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama
import torch
from transformers import Qwen3Config, Qwen3ForCausalLM

from benchmarks._clock import Clock, add_options, in_turns
from runtime.language_model.gguf_check import GgufFacts, check_gguf
from runtime.language_model.gguf_layers import LayerFacts
from runtime.language_model.llama_session import LlamaSession
from runtime.language_model.model import LanguageModel
from runtime.language_model.threads import physical_cores
from runtime.needs.gguf import cache_bytes, compute_bytes

MOST_TOKENS = 512
"""Of a caption with its template and padding, as both pipelines have it."""
CAPTION = "<|im_start|>user\na red boat on the sea at night<|im_end|>\n<|im_start|>assistant\n"


@dataclass(frozen=True)
class TextEncoder:
    """A published decoder's text encoder."""

    decoder: str
    name: str
    settings: dict[str, Any]
    """Of `Qwen3Config`."""
    layers: str


_QWEN3_4B = {
    "hidden_size": 2560, "num_hidden_layers": 36, "intermediate_size": 9728,
    "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 151_936,
    "tie_word_embeddings": True,
}  # fmt: skip
_QWEN3_8B = {
    **_QWEN3_4B, "hidden_size": 4096, "intermediate_size": 12_288, "tie_word_embeddings": False,
}  # fmt: skip
TEXT_ENCODERS = (
    TextEncoder("Z-Image, Z-Image-Turbo", "Qwen3-4B", _QWEN3_4B, "35"),
    TextEncoder("FLUX.2 klein 4B", "Qwen3-4B", _QWEN3_4B, "9, 18, 27"),
    TextEncoder("FLUX.2 klein 9B", "Qwen3-8B", _QWEN3_8B, "9, 18, 27"),
)


def text_encoder_numbers(settings: dict[str, Any]) -> int:
    """How many numbers the weights of a Qwen3 are, those of tied embeddings once."""
    with torch.device("meta"):
        model = Qwen3ForCausalLM(Qwen3Config(**settings))
    return sum(parameter.numel() for parameter in model.parameters())


def caption_bytes(settings: dict[str, Any]) -> int:
    """Bytes of the context in which a caption is read, while it is."""
    heads, width = settings["num_attention_heads"], settings["head_dim"]
    kept = settings["num_key_value_heads"] * width
    layer = LayerFacts(queries=heads * width, keys=kept, values=kept, attends=True)
    facts = GgufFacts(
        "qwen3",
        settings["hidden_size"],
        settings["vocab_size"],
        40_960,
        0,
        {
            "qwen3.attention.head_count": heads,
            "qwen3.feed_forward_length": settings["intermediate_size"],
        },
        {},
        layers=(layer,) * settings["num_hidden_layers"],
    )
    return cache_bytes(facts, MOST_TOKENS) + compute_bytes(facts, MOST_TOKENS)


def print_table() -> None:
    """One row for each published decoder."""
    print("| decoder | text encoder | bfloat16 | float32 | native | saved | layers |")
    print("|---|---|---|---|---|---|---|")
    for one in TEXT_ENCODERS:
        numbers, native = text_encoder_numbers(one.settings), caption_bytes(one.settings)
        cells = [2 * numbers, 4 * numbers, native, 2 * numbers - native]
        sizes = " | ".join(f"{size / 1e9:.2f} GB" for size in cells)
        print(f"| {one.decoder} | {one.name} | {sizes} | {one.layers} |")
    print("saved: of bfloat16; twice that where a processor computes with float32.")


def print_speed(path: Path, tokens: int, repeats: int, clock: Clock) -> None:
    """Seconds of a caption, and tokens per second without a callback and with one."""
    last = check_gguf(path).number("block_count", 2) - 1
    with LanguageModel(path, n_ctx=MOST_TOKENS, n_threads=clock.threads) as model:
        ids = model.tokenize(CAPTION, parse_special=True)
        padded = ids + [ids[0]] * (MOST_TOKENS - len(ids))
        for what, read in (("caption", ids), ("padded caption", padded)):
            read_it = functools.partial(model.layer_states, read, (last,), seen=len(ids))
            seconds = statistics.median(_timed(read_it, clock) for _ in range(repeats))
            print(f"{what}: {len(read)} tokens in {seconds:.2f} s{clock.note}")
    session = LlamaSession(path, n_ctx=MOST_TOKENS, n_threads=clock.threads)
    try:
        found = _decoding(session, ids, tokens, repeats, clock)
    finally:
        session.close()
    without, with_one = (statistics.median(seconds) for seconds in found)
    print(f"decoding without a callback: {tokens / without:.2f} tokens/s{clock.note}")
    print(f"decoding with one: {tokens / with_one:.2f} tokens/s, {without / with_one:.3f} of that")


def _timed(work: Callable[[], object], clock: Clock) -> float:
    begin = clock.now()
    work()
    return clock.now() - begin


def _decoding(
    session: LlamaSession,
    prompt: list[int],
    tokens: int,
    repeats: int,
    clock: Clock,
) -> tuple[list[float], list[float]]:
    """Seconds of each repeat without a callback and with one, in turns."""
    callback = llama.ggml_backend_sched_eval_callback(lambda tensor, ask, data: False)
    contexts = [_context(session, clock, None), _context(session, clock, callback)]
    bare, watched = (
        functools.partial(_loop, context, prompt, tokens, clock) for context in contexts
    )
    seconds = in_turns(bare, watched, repeats)
    for context in contexts:
        llama.llama_free(context)
    return seconds


def _context(session: LlamaSession, clock: Clock, callback: Any) -> Any:
    params = llama.llama_context_default_params()
    params.n_ctx = params.n_batch = MOST_TOKENS
    params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.n_threads = params.n_threads_batch = clock.threads or physical_cores()
    if callback is not None:
        params.cb_eval = callback
    return llama.llama_init_from_model(session.model, params)


def _loop(context: Any, prompt: list[int], tokens: int, clock: Clock) -> float:
    llama.llama_memory_clear(llama.llama_get_memory(context), True)
    ids = (llama.llama_token * len(prompt))(*prompt)
    llama.llama_decode(context, llama.llama_batch_get_one(ids, len(prompt)))
    one = (llama.llama_token * 1)(prompt[0])
    begin = clock.now()
    for _ in range(tokens):
        llama.llama_decode(context, llama.llama_batch_get_one(one, 1))
    return clock.now() - begin


def main() -> None:
    """Print the table, and with --gguf the speed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--gguf", type=Path)
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--repeats", type=int, default=5)
    add_options(parser)
    args = parser.parse_args()
    print_table()
    if args.gguf is not None:
        print_speed(args.gguf, args.tokens, args.repeats, Clock(args))


if __name__ == "__main__":
    main()
