"""The memory of a language model with its context, as llama.cpp allocates it, told from the head of
its file. Knows no llama.cpp; `benchmarks.memory.needs` compares it with what is really taken.

Legend: N positions of one call, C positions of the context.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from runtime.language_model.gguf_check import GgufFacts
from runtime.language_model.gguf_layers import LayerFacts
from runtime.language_model.limits import N_BATCH, N_OUTPUTS, CacheType
from runtime.language_model.sequence_checkpoints import checkpoint_bytes

CACHE_BYTES: dict[CacheType, Fraction] = {"f16": Fraction(2), "q8_0": Fraction(34, 32)}
"""Bytes per number in the KV cache: float16, or blocks of 32 numbers of 8 bits with a scale."""
_BLOCK = 32
_HALF = 2
STEP = 256
"""Positions of a context come in multiples of this."""
LEAST_CONTEXT = 1024
"""Positions below which a conversation is no conversation any more."""
_FLOAT = 4
_TOKEN, _MERGE = 175, 125
"""Bytes that llama.cpp keeps of one token of the vocabulary, and of one merge."""
_CARD = 400 << 20
"""Bytes that a graphics card's driver takes for a process that computes on it."""
_K_QUANTS = frozenset({10, 11, 12, 13, 14, 15})
_REPACKED = frozenset({2, 20, 39}) | _K_QUANTS
"""Ggml tensor types of which llama.cpp may make a second copy in an order that suits the
processor: Q4_0, IQ4_NL, MXFP4 and the K-quants."""
_REPACKED_ON_ARM = frozenset({8})
"""Q8_0."""
_CPU_FACTS = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class LanguageModelNeeds:
    """Bytes of a loaded language model."""

    weights: int
    """Its file, which is mapped."""
    cache: int
    """Keys and values of every position of the context, and the states of recurrent layers."""
    copied: int
    """The second copy that llama.cpp makes of weights; 0 where it makes none."""
    compute: int = 0
    """What one call works with; it grows with the context."""
    words: int = 0
    """The vocabulary."""
    checkpoints: int = 0
    """Places that the sequence can go back to, where the model's memory cannot drop a tail."""
    vram: int = 0
    """Those of all these that lie on a graphics card, and what its driver takes there."""

    @property
    def repack(self) -> bool:
        """True if llama.cpp should make that copy."""
        return self.copied > 0

    @property
    def total(self) -> int:
        """All together."""
        loaded = self.weights + self.cache + self.copied + self.words
        return loaded + self.compute + self.checkpoints

    @property
    def ram(self) -> int:
        """What lies in the machine's own memory."""
        return self.total - max(self.vram - _CARD, 0)


def language_model(
    facts: GgufFacts,
    weights: int,
    n_ctx: int,
    *,
    free: int | None,
    gpu_layers: int = 0,
    cache: CacheType = "f16",
) -> LanguageModelNeeds:
    """The memory of a GGUF with a context of `n_ctx` positions.

    K-quants are never copied: it buys next to nothing and doubles the memory. Others are where the
    copy fits and the processor has no tiles: llama.cpp's kernels for these end the process where a
    container or a virtual machine announces tiles that it does not permit.

    Args:
        facts: of the file's head.
        weights: bytes of the file, or of all its shards.
        n_ctx: positions of the context.
        free: bytes that the machine has to give; None where nobody knows.
        gpu_layers: layers on a graphics card, -1 for all of them; then nothing is copied.
        cache: how keys and values are kept.
    """
    on_card = gpu_layers != 0
    needs = LanguageModelNeeds(
        weights=weights,
        cache=cache_bytes(facts, n_ctx, cache),
        copied=0,
        compute=compute_bytes(facts, n_ctx, on_card=on_card)
        + (0 if on_card else converted_bytes(facts, n_ctx)),
        words=_TOKEN * facts.n_vocab + _MERGE * _merges(facts),
        checkpoints=checkpoint_bytes(facts, n_ctx),
    )
    if on_card:
        return replace(needs, vram=vram_bytes(facts, n_ctx, gpu_layers, cache))
    copied = _copied(facts)
    fits = free is None or needs.total + copied <= free
    return replace(needs, copied=copied if fits else 0)


def context_that_fits(
    facts: GgufFacts, free: int, *, most: int | None = None, gpu_layers: int = 0
) -> int:
    """The largest context, in positions, whose model takes at most `free` bytes; 0 where none does.

    Args:
        facts: of the file's head.
        free: bytes of memory; of the card's where all layers are there.
        most: no more than these; None is what the model was trained for.
        gpu_layers: as for `language_model`.
    """
    most = facts.n_ctx_train if most is None else most

    def fits(n_ctx: int) -> bool:
        weights = facts.tensor_bytes
        needs = language_model(facts, weights, n_ctx, free=0, gpu_layers=gpu_layers)
        return (needs.vram or needs.total) <= free

    if fits(most):
        return most
    return STEP * _largest(most // STEP, lambda steps: fits(STEP * steps))


def layers_that_fit(facts: GgufFacts, free_vram: int, n_ctx: int, cache: CacheType = "f16") -> int:
    """How many layers may lie on a graphics card with `free_vram` bytes, as llama.cpp counts them:
    the output is one, and comes first. 0 where not even that fits."""
    count = layer_count(facts)
    return _largest(count, lambda layers: vram_bytes(facts, n_ctx, layers, cache) <= free_vram)


def layer_count(facts: GgufFacts) -> int:
    """The layers of a model as llama.cpp counts them for a graphics card, its output among them."""
    return len(_layers(facts)) + 1


def small_cache(facts: GgufFacts) -> bool:
    """True if keys and values can be kept in blocks of 8-bit numbers, which must fill each head."""
    heads = facts.number("attention.head_count", 1)
    width = -(-facts.d_model // heads)
    sizes = [facts.number(f"attention.{what}_length", width) for what in ("key", "value")]
    latent = facts.number("attention.key_length_mla", 0)
    return not latent and all(size % _BLOCK == 0 for size in sizes)


def cache_bytes(facts: GgufFacts, n_ctx: int, cache: CacheType = "f16") -> int:
    """Keys and values of every layer that attends, and the states of those that are recurrent.
    A layer with a window keeps that, and what one call brings."""
    return sum(_cache(facts, number, n_ctx, cache) for number in range(len(_layers(facts))))


def compute_bytes(facts: GgufFacts, n_ctx: int, *, on_card: bool = False) -> int:
    """The largest of what llama.cpp's graph holds at once: at attention, at the network behind it
    and at the output. Flash attention, which only a card uses, spares the scores of all heads."""
    length = _padded(n_ctx)
    batch = min(N_BATCH, length)
    width, heads = facts.d_model, facts.number("attention.head_count", 1)
    layers = _layers(facts)
    queries = max([layer.queries for layer in layers] + [0]) or width
    keys = max([layer.keys for layer in layers] + [0]) or _heads_width(facts)[0]
    masks = length + (_window(facts, n_ctx) if any(layer.windowed for layer in layers) else 0)
    scores = masks + (0 if on_card else heads * length)
    attention = batch * (scores + 3 * width + 2 * queries + 2 * keys)
    forward = batch * (3 * _forward_width(facts) + 5 * width)
    output = N_OUTPUTS * (facts.n_vocab + 2 * width)
    return _FLOAT * (max(attention, forward, output) + facts.n_vocab)


def converted_bytes(facts: GgufFacts, n_ctx: int) -> int:
    """What the processor's kernels work with beside the graph: the scores of all heads as float16,
    since the values in the cache are that; with a short context the widest input, in 8 bits."""
    length = _padded(n_ctx)
    scores = length * facts.number("attention.head_count", 1) * _HALF
    return min(N_BATCH, length) * max(scores, _forward_width(facts))


def vram_bytes(facts: GgufFacts, n_ctx: int, gpu_layers: int, cache: CacheType = "f16") -> int:
    """Bytes on a graphics card with so many layers there, -1 for all; see `layers_that_fit`."""
    layers = _layers(facts)
    count = len(layers) + 1 if gpu_layers < 0 else min(gpu_layers, len(layers) + 1)
    if count == 0:
        return 0
    numbers = range(len(layers) + 1 - count, len(layers))
    there = sum(layers[number].size + _cache(facts, number, n_ctx, cache) for number in numbers)
    return _CARD + facts.output_bytes + there + compute_bytes(facts, n_ctx, on_card=True)


def _cache(facts: GgufFacts, number: int, n_ctx: int, cache: CacheType) -> int:
    """Of the layer of that number."""
    layers = _layers(facts)
    layer = layers[number]
    state = _FLOAT * _state_values(facts) if layer.recurrent else 0
    own = len(layers) - facts.number("nextn_predict_layers", 0)
    sharing = len(layers) - facts.number("attention.shared_kv_layers", 0)
    if not layer.attends or number >= min(own, sharing):
        return state
    kept = _window(facts, n_ctx) if layer.windowed else _padded(n_ctx)
    return state + int(kept * CACHE_BYTES[cache] * _position_values(facts, layer))


def _window(facts: GgufFacts, n_ctx: int) -> int:
    """Positions that a layer with a window keeps."""
    return _padded(min(facts.number("attention.sliding_window", 0) + N_BATCH, n_ctx))


def _position_values(facts: GgufFacts, layer: LayerFacts) -> int:
    """Numbers that one layer keeps of one position."""
    if layer.keys:
        return layer.keys + layer.values
    if layer.recurrent:
        return 0  # Its joined projection is that of a linear attention, which keeps a state.
    keys, values = _heads_width(facts)
    return keys + (0 if facts.number("attention.key_length_mla", 0) else values)


def _heads_width(facts: GgufFacts) -> tuple[int, int]:
    """Numbers of the keys and of the values at one position, by the heads that are stated."""
    heads = facts.number("attention.head_count", 1)
    width = -(-facts.d_model // heads)
    kv_heads = facts.number("attention.head_count_kv", heads)
    return (
        kv_heads * facts.number("attention.key_length", width),
        kv_heads * facts.number("attention.value_length", width),
    )


def _state_values(facts: GgufFacts) -> int:
    """Numbers of a recurrent layer's state."""
    if head := facts.number("wkv.head_size", 0):
        return facts.d_model * (head + 2)
    if kernel := facts.number("shortconv.l_cache", 0):
        return facts.d_model * (kernel - 1)
    inner, state = facts.number("ssm.inner_size", 0), facts.number("ssm.state_size", 0)
    channels = inner + 2 * facts.number("ssm.group_count", 0) * state
    return (facts.number("ssm.conv_kernel", 1) - 1) * channels + state * inner


def _forward_width(facts: GgufFacts) -> int:
    """The width of the network behind attention; of a mixture, that of the experts in use."""
    plain = facts.number("feed_forward_length", 4 * facts.d_model)
    used = facts.number("expert_used_count", 0)
    mixed = used * (facts.number("expert_feed_forward_length", 0) + facts.d_model)
    return mixed if used else plain


def _layers(facts: GgufFacts) -> tuple[LayerFacts, ...]:
    """The layers; as many equal ones as are stated where the tensors do not tell."""
    if facts.layers:
        return facts.layers
    return (LayerFacts(attends=True),) * facts.number("block_count", 1)


def _merges(facts: GgufFacts) -> int:
    found = facts.metadata.get("tokenizer.ggml.merges")
    return int(found[1]) if isinstance(found, tuple) else 0


def _padded(n_ctx: int) -> int:
    return -(-n_ctx // STEP) * STEP


def _largest(most: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `most` that fits, where all smaller ones do; 0 where none does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _copied(facts: GgufFacts) -> int:
    """Bytes of the second copy that is worth making."""
    kinds = _REPACKED | _REPACKED_ON_ARM if _on_arm() else _REPACKED
    copied = sum(size for kind, size in facts.bytes_by_type.items() if kind in kinds)
    k_quants = sum(size for kind, size in facts.bytes_by_type.items() if kind in _K_QUANTS)
    return copied if 2 * k_quants < copied and not _has_tiles() else 0


def _on_arm() -> bool:
    return platform.machine().lower() in ("aarch64", "arm64")


def _has_tiles() -> bool:
    """True if the processor says that it has AMX tiles."""
    try:
        return " amx_tile" in _CPU_FACTS.read_text("utf-8", "replace")
    except OSError:
        return False
