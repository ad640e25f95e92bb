"""Whether a language model has the weights of a decoder's text encoder, told by some of them.

A model that was trained further has the same shapes, and its embeddings move little; but its norms,
which every GGUF keeps as they were, are other numbers. Reads a few rows of both; knows no llama.cpp
and no torch.

Legend: R rows, W their width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from plugins.errors import KnownError
from plugins.regular_files import open_regular
from runtime.language_model.gguf_values import open_gguf, rows_of, unreadable
from runtime.local_models.safetensors_head import TensorPlace, tensor_places

Float32 = NDArray[np.float32]
LEAST_ALIKE: Final = 0.99
"""Cosine between a row and itself once quantised; between rows of other models it is near 0."""
MOST_ROUNDING: Final = 2.0**-7
"""Of a norm's largest number, how much others may differ: what rounding to bfloat16 can do."""
_EMBEDDINGS: Final = ("embed_tokens.weight", "token_embd.weight")
_EMBEDDING_ROWS, _MATRIX_ROWS = 16, 4
_NORMS: Final = {
    "input_layernorm.weight": "attn_norm.weight",
    "post_attention_layernorm.weight": "ffn_norm.weight",
}
_MATRICES: Final = {
    "self_attn.v_proj.weight": "attn_v.weight",
    "mlp.down_proj.weight": "ffn_down.weight",
}
"""Names of a block's tensors in transformers and in a GGUF."""
_KINDS: Final = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}


@dataclass(frozen=True)
class Difference:
    """A tensor that is not the same in both."""

    tensor: str
    """Its name in the GGUF."""
    alike: float
    """The least cosine of its rows."""


def difference(ggufs: Sequence[Path], weights: Sequence[Path], layers: int) -> Difference | None:
    """The first difference between a GGUF and safetensors of the same shapes, or None.

    Args:
        ggufs: the files of the language model.
        weights: the files of the text encoder.
        layers: that both have; the first, the middle one and the last are compared.

    Raises:
        KnownError: a file is broken, lacks a tensor, or stores numbers as cannot be read here.
    """
    theirs, ours = _Safetensors(weights), _Gguf(ggufs)
    for name, own_name, count in _compared(layers):
        chosen = np.unique(np.linspace(0, theirs.rows(name) - 1, count, dtype=int))
        one, other = theirs.read(name, chosen), ours.read(own_name, chosen)
        if one.shape != other.shape:
            return Difference(own_name, 0.0)
        alike = float(_cosines(one, other).min())
        rounded = float(np.abs(one - other).max()) <= MOST_ROUNDING * float(np.abs(one).max())
        if alike < LEAST_ALIKE or (count == 1 and not rounded):
            return Difference(own_name, alike)
    return None


def _compared(layers: int) -> Iterator[tuple[str, str, int]]:
    """Names in both files, and of how many rows; norms have one."""
    yield *_EMBEDDINGS, _EMBEDDING_ROWS
    for layer in sorted({0, layers // 2, layers - 1}):
        for table, count in ((_NORMS, 1), (_MATRICES, _MATRIX_ROWS)):
            for name, own_name in table.items():
                yield f"layers.{layer}.{name}", f"blk.{layer}.{own_name}", count


def _cosines(one: Float32, other: Float32) -> Float32:
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    found: Float32 = (one * other).sum(axis=1) / np.maximum(lengths, 1e-30)
    return found


class _Safetensors:
    """Rows of the tensors in safetensors files, whatever stands before their names."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._places = {
            name.removeprefix("model."): (path, place)
            for path in files
            for name, place in tensor_places(path).items()
        }

    def rows(self, name: str) -> int:
        """How many there are; 1 of a vector."""
        shape = self._place(name)[1].shape
        return shape[0] if len(shape) > 1 else 1

    def read(self, name: str, rows: NDArray[np.int_]) -> Float32:
        """[R, W]."""
        path, place = self._place(name)
        kind = _KINDS.get(place.dtype)
        if kind is None:
            raise unreadable(path, name, place.dtype)
        size = place.shape[-1] * np.dtype(kind).itemsize
        found = []
        with open_regular(path) as file:
            for row in rows.tolist():
                file.seek(place.begin + row * size)
                found.append(np.frombuffer(file.read(size), kind))
        array = np.stack(found)
        if place.dtype == "BF16":
            return (array.astype(np.uint32) << 16).view(np.float32)
        return array.astype(np.float32)

    def _place(self, name: str) -> tuple[Path, TensorPlace]:
        if name not in self._places:
            raise KnownError(
                "text encoder: expected the tensor {name} in its weights, found none. Copy the "
                "decoder's whole folder again.",
                "bundle",
                name=name,
            )
        return self._places[name]


class _Gguf:
    """Rows of the tensors in the files of a language model."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._tensors: dict[str, tuple[Path, Any]] = {}
        for path in files:
            found = open_gguf(path).tensors
            self._tensors |= {tensor.name: (path, tensor) for tensor in found}

    def read(self, name: str, rows: NDArray[np.int_]) -> Float32:
        """[R, W]; [0, 0] where there is no such tensor or it has fewer rows."""
        if name not in self._tensors:
            return np.zeros((0, 0), np.float32)
        path, tensor = self._tensors[name]
        shape = [int(n) for n in tensor.shape]
        count = shape[1] if len(shape) > 1 else 1
        if int(rows.max()) >= count:
            return np.zeros((0, 0), np.float32)
        return rows_of(path, tensor, rows)
