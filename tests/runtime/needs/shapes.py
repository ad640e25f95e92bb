"""GGUF files of any shape: of zeros, which take no room on the disk, or of random weights."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from numpy.typing import NDArray

_BLOCKS = {Kind.Q4_0: (32, 18), Kind.Q8_0: (32, 34), Kind.F16: (1, 2), Kind.F32: (1, 4)}
_SCALES = {Kind.Q4_0: 0.02 / 4.61, Kind.Q8_0: 0.02 / 73}
_Tensor = tuple[str, tuple[int, ...], Kind]


@dataclass(frozen=True)
class Shape:
    """The sizes of a language model."""

    architecture: str = "llama"
    layers: int = 4
    width: int = 512
    forward: int = 1376
    heads: int = 8
    kv_heads: tuple[int, ...] = (8,)
    """By layer, over and over; 0 for a layer that does not attend."""
    head: int = 0
    """Numbers of one head; 0 is the width by the heads."""
    tokens: int = 8000
    experts: int = 0
    window: int = 0
    tied: bool = False
    weights: Kind = Kind.F16
    table: Kind = Kind.F16
    """Of the input and the output."""

    def kv(self, layer: int) -> int:
        """Heads of keys and values."""
        return self.kv_heads[layer % len(self.kv_heads)]


SEVEN_B = Shape(
    layers=32, width=4096, forward=11008, heads=32, kv_heads=(32,), tokens=32_038,
    weights=Kind.Q4_0, table=Kind.Q8_0,
)  # fmt: skip
"""Vicuna 7B with NExT-GPT's signal tokens, as it is quantised."""
LLAMA = Shape()
QWEN2 = Shape("qwen2", 4, 896, 4864, 14, (2,), tokens=64_000)
QWEN3 = Shape("qwen3", 4, 1024, 3072, 16, (8,), head=128)
GEMMA3 = Shape("gemma3", 6, 640, 2048, 4, (1,), head=256, window=512)
PHI3 = Shape("phi3", 4, 512, 2048)
EXPERTS = Shape("qwen3moe", 4, 512, 256, 8, (4,), head=128, experts=16)
LFM2 = Shape("lfm2", 4, 512, 2048, 8, (2, 0), tied=True)
"""Every second layer is a short convolution, which keeps a state."""


def write(path: Path, shape: Shape, *, random: bool = False) -> Path:
    """Write a language model of this shape; a file of zeros is one of holes."""
    writer = gguf.GGUFWriter(path, shape.architecture)
    _write_keys(writer, shape)
    _write_vocabulary(writer, shape.tokens)
    tensors = list(_tensors(shape))
    for name, dims, kind in tensors:
        block, size = _BLOCKS[kind]
        rows = (*dims[:-1], dims[-1] // block * size)
        bytes_ = int(np.prod(rows))
        writer.add_tensor_info(name, rows, np.dtype(np.uint8), bytes_, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    if random:
        numbers = np.random.default_rng(0)
        for _, dims, kind in tensors:
            writer.write_tensor_data(_random(numbers, dims, kind))
    writer.close()
    if not random:
        os.truncate(path, _aligned(path.stat().st_size) + sum(map(_bytes, tensors)))
    return path


def _write_keys(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_block_count(shape.layers)
    writer.add_context_length(131_072)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.forward)
    writer.add_head_count(shape.heads)
    kv = [shape.kv(layer) for layer in range(shape.layers)]
    writer.add_head_count_kv(kv if len(shape.kv_heads) > 1 else kv[0])
    writer.add_layer_norm_rms_eps(1e-6)
    head = shape.head or shape.width // shape.heads
    if shape.head:
        writer.add_key_length(head)
        writer.add_value_length(head)
    if shape.architecture == "llama":
        writer.add_rope_dimension_count(head)
    if shape.window:
        writer.add_sliding_window(shape.window)
    if shape.experts:
        writer.add_expert_count(shape.experts)
        writer.add_expert_used_count(4)
        writer.add_expert_feed_forward_length(shape.forward)
    if shape.architecture == "lfm2":
        writer.add_shortconv_l_cache(3)


def _write_vocabulary(writer: gguf.GGUFWriter, count: int) -> None:
    tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{i:02X}>".encode() for i in range(256))]
    words = count - len(tokens)
    tokens += [f"\u2581w{i}".encode() for i in range(words)]
    writer.add_vocab_size(count)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(i) for i in range(count)])
    writer.add_token_types([2, 3, 3] + [6] * 256 + [1] * words)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)


def _tensors(shape: Shape) -> Iterator[_Tensor]:
    norm = "token_embd_norm.weight" if shape.architecture == "lfm2" else "output_norm.weight"
    yield "token_embd.weight", (shape.tokens, shape.width), shape.table
    yield norm, (shape.width,), Kind.F32
    if not shape.tied:
        yield "output.weight", (shape.tokens, shape.width), shape.table
    for layer in range(shape.layers):
        for name, dims, kind in (*_attention(shape, layer), *_forward(shape)):
            yield f"blk.{layer}.{name}.weight", dims, kind
        if shape.architecture == "qwen2":
            kv = shape.kv(layer) * (shape.width // shape.heads)
            for name, size in (("q", shape.width), ("k", kv), ("v", kv)):
                yield f"blk.{layer}.attn_{name}.bias", (size,), Kind.F32


def _attention(shape: Shape, layer: int) -> Iterator[_Tensor]:
    width, kind, head = shape.width, shape.weights, shape.head or shape.width // shape.heads
    queries, keys = shape.heads * head, shape.kv(layer) * head
    yield "attn_norm", (width,), Kind.F32
    if not keys:
        yield "shortconv.conv", (width, 3), Kind.F32
        yield "shortconv.in_proj", (3 * width, width), kind
        yield "shortconv.out_proj", (width, width), kind
        return
    if shape.architecture == "phi3":
        yield "attn_qkv", (queries + 2 * keys, width), kind
    else:
        yield "attn_q", (queries, width), kind
        yield "attn_k", (keys, width), kind
        yield "attn_v", (keys, width), kind
    yield "attn_output", (width, queries), kind
    if shape.architecture in ("qwen3", "qwen3moe", "gemma3", "lfm2"):
        yield "attn_q_norm", (head,), Kind.F32
        yield "attn_k_norm", (head,), Kind.F32


def _forward(shape: Shape) -> Iterator[_Tensor]:
    width, forward, kind = shape.width, shape.forward, shape.weights
    yield "ffn_norm", (width,), Kind.F32
    if shape.architecture == "gemma3":
        yield "post_attention_norm", (width,), Kind.F32
        yield "post_ffw_norm", (width,), Kind.F32
    if shape.experts:
        yield "ffn_gate_inp", (shape.experts, width), Kind.F32
        for name in ("gate", "up"):
            yield f"ffn_{name}_exps", (shape.experts, forward, width), kind
        yield "ffn_down_exps", (shape.experts, width, forward), kind
        return
    if shape.architecture == "phi3":
        yield "ffn_up", (2 * forward, width), kind
    else:
        yield "ffn_gate", (forward, width), kind
        yield "ffn_up", (forward, width), kind
    yield "ffn_down", (width, forward), kind


def _random(numbers: np.random.Generator, dims: tuple[int, ...], kind: Kind) -> NDArray[np.uint8]:
    """Weights of a standard deviation of 0.02, and norms of 1."""
    if kind is Kind.F32:
        return np.ones(dims, np.float32).view(np.uint8)
    count = int(np.prod(dims))
    if kind is Kind.F16:
        weights = numbers.standard_normal(count, np.float32) * 0.02
        return weights.astype(np.float16).view(np.uint8)
    block, size = _BLOCKS[kind]
    made = np.empty((count // block, size), np.uint8)
    made[:, 2:] = numbers.integers(0, 256, (count // block, size - 2), np.uint8)
    made[:, :2] = np.array([_SCALES[kind]], np.float16).view(np.uint8)
    return made.reshape(*dims[:-1], dims[-1] // block * size)


def _bytes(tensor: _Tensor) -> int:
    _, dims, kind = tensor
    block, size = _BLOCKS[kind]
    return _aligned(int(np.prod(dims)) // block * size)


def _aligned(size: int) -> int:
    return -(-size // 32) * 32
