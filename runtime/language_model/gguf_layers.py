"""What each layer of a language model holds, told by the names and shapes of its tensors: models
mix layers of several kinds, and the keys of a GGUF file describe only some of them.

Knows the file format's names; knows no llama.cpp.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_BLOCK = re.compile(r"blk\.(\d{1,3})\.(.+)")
_JOINED = frozenset({"attn_qkv.weight", "attn_kv_a_mqa.weight"})
"""Projections that hold more than keys in one."""
_RECURRENT = re.compile(r"ssm_|shortconv\.|time_mix_")
"""Tensors of layers that keep a state in place of keys and values of every position."""


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


class LayerTally:
    """Collects the layers while the tensors of a file are looked at."""

    def __init__(self) -> None:
        self._layers: dict[int, LayerFacts] = {}
        self._output = {"output.weight": 0, "token_embd.weight": 0}

    def add(self, name: str, shape: Sequence[int], size: int) -> None:
        """One more tensor, of `size` bytes; `shape` has the length of a row first."""
        if name in self._output:
            self._output[name] = size
        found = _BLOCK.fullmatch(name)
        if found is None:
            return
        number, part = int(found[1]), found[2]
        layer = self._layers.get(number, LayerFacts())
        self._layers[number] = _with(replace(layer, size=layer.size + size), part, shape)

    @property
    def output_bytes(self) -> int:
        """Bytes of the output, which may be the table of the input."""
        return self._output["output.weight"] or self._output["token_embd.weight"]

    def layers(self) -> tuple[LayerFacts, ...]:
        """Every layer in order; one without tensors is empty."""
        count = max(self._layers, default=-1) + 1
        return tuple(self._layers.get(number, LayerFacts()) for number in range(count))


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
