"""What each layer of a language model holds, told by the names and shapes of its tensors: models
mix layers of several kinds, and the keys of a GGUF file describe only some of them.

Knows the file format's names; knows no llama.cpp.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from runtime.language_model.gguf_head import GgufHead, GgufTensor

_BLOCK = re.compile(r"blk\.(\d{1,3})\.(.+)")
_JOINED = frozenset({"attn_qkv.weight", "attn_kv_a_mqa.weight"})
"""Projections that hold more than keys in one."""
_RECURRENT = re.compile(r"ssm_|shortconv\.|time_mix_")
"""Tensors of layers that keep a state in place of keys and values of every position."""
_WINDOWED = {
    "afmoe": 4, "cohere2": 4, "cohere2moe": 4, "exaone4": 4, "exaone-moe": 4, "gemma2": 2,
    "gemma3": 6, "gemma3n": 5, "gpt-oss": 2, "laguna": 4, "mellum": 4, "muse-glimmer": 4,
    "olmo2": 4, "plamo3": 8, "smallthinker": 4,
}  # fmt: skip
"""Of so many layers one attends to everything, by architecture."""
_WHOLE_FIRST = frozenset({"cohere2moe", "laguna", "smallthinker"})
"""Where that is the first of them."""


@dataclass(frozen=True)
class LayerFacts:
    """One layer."""

    size: int = 0
    """Bytes of its tensors."""
    queries: int = 0
    """Numbers of the queries at one position; 0 where no tensor of their own tells."""
    keys: int = 0
    values: int = 0
    attends: bool = False
    """Whether it has tensors of attention, be they apart or in one."""
    recurrent: bool = False
    """Whether it keeps a state."""
    windowed: bool = False
    """Whether it attends to the nearest positions only, and keeps no others."""


def layers_of(head: GgufHead, architecture: str) -> tuple[LayerFacts, ...]:
    """Every layer in order; one without tensors is empty."""
    found: dict[int, LayerFacts] = {}
    for name, tensor in head.tensors.items():
        if block := _BLOCK.fullmatch(name):
            layer = found.get(int(block[1]), LayerFacts())
            layer = replace(layer, size=layer.size + tensor.size)
            found[int(block[1])] = _with(layer, block[2], tensor.shape)
    layers = [found.get(number, LayerFacts()) for number in range(max(found, default=-1) + 1)]
    return tuple(
        replace(layer, windowed=_is_windowed(head, architecture, number))
        for number, layer in enumerate(layers)
    )


def output_bytes(tensors: Mapping[str, GgufTensor]) -> int:
    """Bytes of the output, which may be the table of the input."""
    found = tensors.get("output.weight") or tensors.get("token_embd.weight")
    return 0 if found is None else found.size


def _is_windowed(head: GgufHead, architecture: str, number: int) -> bool:
    """As llama.cpp has it: the file says it of each layer, or how many lie between two that attend
    to everything; otherwise the architecture has a number of its own."""
    if not head.number(f"{architecture}.attention.sliding_window"):
        return False
    key = f"{architecture}.attention.sliding_window_pattern"
    if flags := head.lists.get(key):
        return number < len(flags) and bool(flags[number])
    every = head.number(key) or _WINDOWED.get(architecture, 0)
    if architecture in _WHOLE_FIRST:
        return every > 0 and number % every != 0
    return number % every < every - 1 if every else False


def _with(layer: LayerFacts, part: str, shape: Sequence[int]) -> LayerFacts:
    rows = shape[1] if len(shape) > 1 else 0
    if _RECURRENT.match(part):
        return replace(layer, recurrent=True)
    if part == "attn_k.weight":
        return replace(layer, keys=rows, attends=True)
    if part == "attn_v.weight":
        return replace(layer, values=rows, attends=True)
    if part in ("attn_q.weight", "attn_q_b.weight"):
        return replace(layer, queries=rows, attends=True)
    return replace(layer, attends=layer.attends or part in _JOINED)
