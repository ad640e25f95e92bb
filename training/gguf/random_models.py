"""Small language models of true architectures with random weights, for tests and benchmarks.

One of each kind of memory that llama.cpp has: a plain KV cache, one that holds a sliding window,
a recurrent state, and the hybrids of these. They say nonsense, but they compute what the real ones
do. Knows tensor names and shapes as llama.cpp wants them; the vocabulary is the caller's.

Legend: D model width, F feed-forward width, L layers, H heads, K key-value heads, W head width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from tokenizers.pre_tokenizers import ByteLevel

Shape = tuple[int, ...]
"""Rows first, as numpy has it."""
Tensors = Iterator[tuple[str, Shape]]


@dataclass(frozen=True)
class Size:
    """Widths and counts."""

    d_model: int = 64
    d_ff: int = 128
    layers: int = 4
    heads: int = 4
    kv_heads: int = 2
    head: int = 16
    window: int = 16
    """Positions that a layer with a sliding window sees."""
    state: int = 16
    """Width of a recurrent state."""


@dataclass(frozen=True)
class Vocabulary:
    """Byte-level BPE tokens by id."""

    tokens: Sequence[str]
    control: frozenset[str]
    merges: Sequence[str] = ()
    ends: str = ""
    """The token that ends an answer."""


def byte_vocabulary(*control: str) -> Vocabulary:
    """Every byte as a token, behind the given control tokens; the last of these ends an answer."""
    letters = sorted(ByteLevel.alphabet())
    merge = f"{letters[0]} {letters[1]}"
    tokens = [*control, *letters, letters[0] + letters[1]]
    return Vocabulary(tokens, frozenset(control), (merge,), control[-1])


def write_random_model(
    path: Path,
    architecture: str,
    vocabulary: Vocabulary,
    size: Size | None = None,
    *,
    seed: int = 0,
    spread: float = 0.3,
    chat_template: str = "",
) -> Path:
    """Write one of `ARCHITECTURES` to `path`; `spread` is the deviation of its weights."""
    writer = gguf.GGUFWriter(str(path), architecture)
    _write_vocabulary(writer, vocabulary)
    if chat_template:
        writer.add_chat_template(chat_template)
    source = np.random.default_rng(seed)
    write_random_tensors(
        writer, architecture, len(vocabulary.tokens), size or Size(), source, spread=spread
    )
    return path


def write_random_tensors(
    writer: gguf.GGUFWriter,
    architecture: str,
    n_vocab: int,
    size: Size,
    source: np.random.Generator,
    *,
    spread: float = 0.3,
) -> None:
    """Write the settings and tensors of a model into a file that has its vocabulary, and close
    it."""
    settings, tensors = ARCHITECTURES[architecture]
    _write_settings(writer, size, n_vocab)
    for key, value in settings(size).items():
        _add(writer, f"{architecture}.{key}", value)
    top: list[tuple[str, Shape]] = [("token_embd.weight", (n_vocab, size.d_model))]
    top.append((_OUTPUT_NORMS.get(architecture, "output_norm.weight"), (size.d_model,)))
    blocks = [(f"blk.{i}.{n}", s) for i in range(size.layers) for n, s in tensors(size, i)]
    for name, shape in [*top, *blocks]:
        writer.add_tensor(name, _values(source, name, shape, spread))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_settings(writer: gguf.GGUFWriter, size: Size, n_vocab: int) -> None:
    writer.add_vocab_size(n_vocab)
    writer.add_context_length(8192)
    writer.add_embedding_length(size.d_model)
    writer.add_block_count(size.layers)
    writer.add_feed_forward_length(size.d_ff)
    writer.add_layer_norm_rms_eps(1e-6)


def _add(writer: gguf.GGUFWriter, key: str, value: Any) -> None:
    if isinstance(value, list):
        writer.add_array(key, value)
    elif isinstance(value, float):
        writer.add_float32(key, value)
    else:
        writer.add_uint32(key, value)


def _write_vocabulary(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    kinds = (gguf.TokenType.NORMAL, gguf.TokenType.CONTROL)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(list(vocabulary.tokens))
    writer.add_token_types([kinds[token in vocabulary.control] for token in vocabulary.tokens])
    writer.add_token_merges(list(vocabulary.merges))
    if vocabulary.ends:
        writer.add_eos_token_id(list(vocabulary.tokens).index(vocabulary.ends))
    writer.add_add_bos_token(False)


def _values(source: np.random.Generator, name: str, shape: Shape, spread: float) -> Any:
    """Random numbers of the kind that the tensor needs to compute something sensible."""
    if name.endswith("ssm_a"):
        values = -source.uniform(0.1, 1.0, shape)  # a state forgets
    elif "norm" in name:
        values = source.uniform(0.5, 1.5, shape)
    elif name.startswith("token_embd"):
        values = source.normal(0, 0.3, shape)
    else:
        values = source.normal(0, spread, shape)
    return values.astype(np.float32)


def _heads(size: Size) -> dict[str, Any]:
    return {
        "attention.head_count": size.heads,
        "attention.head_count_kv": size.kv_heads,
        "attention.key_length": size.head,
        "attention.value_length": size.head,
        "rope.dimension_count": size.head,
        "rope.freq_base": 10000.0,
    }


def _attention(size: Size, gates: int = 1) -> Tensors:
    yield "attn_q.weight", (size.heads * size.head * gates, size.d_model)
    yield "attn_k.weight", (size.kv_heads * size.head, size.d_model)
    yield "attn_v.weight", (size.kv_heads * size.head, size.d_model)
    yield "attn_output.weight", (size.d_model, size.heads * size.head)


def _feed_forward(size: Size) -> Tensors:
    yield "ffn_gate.weight", (size.d_ff, size.d_model)
    yield "ffn_up.weight", (size.d_ff, size.d_model)
    yield "ffn_down.weight", (size.d_model, size.d_ff)


def _llama(size: Size, layer: int) -> Tensors:
    yield "attn_norm.weight", (size.d_model,)
    yield from _attention(size)
    yield "ffn_norm.weight", (size.d_model,)
    yield from _feed_forward(size)


def _gemma3_settings(size: Size) -> dict[str, Any]:
    return {
        **_heads(size),
        "attention.sliding_window": size.window,
        "attention.sliding_window_pattern": 2,
        "rope.freq_base_swa": 10000.0,
    }


def _gemma3(size: Size, layer: int) -> Tensors:
    yield from _llama(size, layer)
    yield "attn_q_norm.weight", (size.head,)
    yield "attn_k_norm.weight", (size.head,)
    yield "post_attention_norm.weight", (size.d_model,)
    yield "post_ffw_norm.weight", (size.d_model,)


def _qwen35_settings(size: Size) -> dict[str, Any]:
    quarter = size.head // 4
    return {
        **_heads(size),
        "rope.dimension_sections": [quarter, quarter, size.head // 2 - 2 * quarter, 0],
        "ssm.conv_kernel": 4,
        "ssm.inner_size": size.state * size.heads,
        "ssm.state_size": size.state,
        "ssm.time_step_rank": size.heads,
        "ssm.group_count": size.kv_heads,
        "full_attention_interval": 2,
    }


def _qwen35(size: Size, layer: int) -> Tensors:
    yield "attn_norm.weight", (size.d_model,)
    yield "post_attention_norm.weight", (size.d_model,)
    if (layer + 1) % 2 == 0:
        yield from _attention(size, gates=2)
        yield "attn_q_norm.weight", (size.head,)
        yield "attn_k_norm.weight", (size.head,)
    else:
        value, convolved = size.state * size.heads, size.state * (2 * size.kv_heads + size.heads)
        yield "attn_qkv.weight", (convolved, size.d_model)
        yield "attn_gate.weight", (value, size.d_model)
        yield "ssm_conv1d.weight", (convolved, 4)
        yield "ssm_dt.bias", (size.heads,)
        yield "ssm_a", (size.heads,)
        yield "ssm_beta.weight", (size.heads, size.d_model)
        yield "ssm_alpha.weight", (size.heads, size.d_model)
        yield "ssm_norm.weight", (size.state,)
        yield "ssm_out.weight", (size.d_model, value)
    yield from _feed_forward(size)


def _falcon_settings(size: Size) -> dict[str, Any]:
    return {
        **_heads(size),
        "ssm.conv_kernel": 4,
        "ssm.inner_size": size.state * size.heads,
        "ssm.state_size": size.state,
        "ssm.time_step_rank": size.heads,
        "ssm.group_count": 1,
    }


def _falcon(size: Size, layer: int) -> Tensors:
    inner = size.state * size.heads
    convolved = inner + 2 * size.state
    for name, shape in _llama(size, layer):
        yield ("ffn_norm" if name == "ffn_norm.weight" else name), shape
    yield "ssm_in.weight", (inner + convolved + size.heads, size.d_model)
    yield "ssm_conv1d.weight", (convolved, 4)
    yield "ssm_conv1d.bias", (convolved,)
    yield "ssm_dt.bias", (size.heads,)
    yield "ssm_a", (size.heads, 1)
    yield "ssm_d", (size.heads, 1)
    yield "ssm_out.weight", (size.d_model, inner)


def _lfm2_settings(size: Size) -> dict[str, Any]:
    kv_heads = [size.kv_heads if layer % 2 else 0 for layer in range(size.layers)]
    return {**_heads(size), "attention.head_count_kv": kv_heads, "shortconv.l_cache": 3}


def _lfm2(size: Size, layer: int) -> Tensors:
    yield "attn_norm.weight", (size.d_model,)
    if layer % 2:
        yield from _attention(size)
        yield "attn_q_norm.weight", (size.head,)
        yield "attn_k_norm.weight", (size.head,)
    else:
        yield "shortconv.conv.weight", (size.d_model, 3)
        yield "shortconv.in_proj.weight", (3 * size.d_model, size.d_model)
        yield "shortconv.out_proj.weight", (size.d_model, size.d_model)
    yield "ffn_norm.weight", (size.d_model,)
    yield from _feed_forward(size)


def _mamba_settings(size: Size) -> dict[str, Any]:
    return {
        "attention.head_count": 0,
        "ssm.conv_kernel": 4,
        "ssm.inner_size": 2 * size.d_model,
        "ssm.state_size": size.state,
        "ssm.time_step_rank": 4,
    }


def _mamba(size: Size, layer: int) -> Tensors:
    inner = 2 * size.d_model
    yield "attn_norm.weight", (size.d_model,)
    yield "ssm_in.weight", (2 * inner, size.d_model)
    yield "ssm_conv1d.weight", (inner, 4)
    yield "ssm_conv1d.bias", (inner,)
    yield "ssm_x.weight", (4 + 2 * size.state, inner)
    yield "ssm_dt.weight", (inner, 4)
    yield "ssm_dt.bias", (inner,)
    yield "ssm_a", (inner, size.state)
    yield "ssm_d", (inner,)
    yield "ssm_out.weight", (size.d_model, inner)


_OUTPUT_NORMS = {"lfm2": "token_embd_norm.weight"}
ARCHITECTURES: dict[
    str, tuple[Callable[[Size], dict[str, Any]], Callable[[Size, int], Tensors]]
] = {
    "llama": (_heads, _llama),
    "gemma3": (_gemma3_settings, _gemma3),
    "qwen35": (_qwen35_settings, _qwen35),
    "falcon-h1": (_falcon_settings, _falcon),
    "lfm2": (_lfm2_settings, _lfm2),
    "mamba": (_mamba_settings, _mamba),
}
"""What each needs: settings beyond the usual ones, and the tensors of one layer."""
