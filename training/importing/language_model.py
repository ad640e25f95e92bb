"""Writes the language model of a checkpoint as one GGUF: Vicuna with the adapters merged in, and
the embeddings and the head of the checkpoint in place of its own.

One tensor is in memory at a time. Every matrix is float16, norms float32.

Legend: A [r, D] and B [D, r] an adapter, W [D, D] the matrix to which its product is added.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np

from plugins.errors import KnownError
from training.gguf.export import Array, rotary_order
from training.importing.base import Base, layers_of
from training.importing.base_checks import matrices
from training.importing.delta import EMBEDDINGS, HEAD, Delta
from training.importing.sizes import Sizes
from training.importing.tensors import Shape

_PIECE = 1 << 22
"""Numbers that are cast at once."""
_TABLES = {"token_embd.weight": EMBEDDINGS, "output.weight": HEAD}
_ROTARY = ("q_proj", "k_proj")


def shapes(sizes: Sizes) -> dict[str, Shape]:
    """Names and shapes of what is written."""
    tables = dict.fromkeys(_TABLES, (sizes.whole_vocab, sizes.d_model))
    return {name: tables.get(name, shape) for name, shape in matrices(sizes).items()}


def written_bytes(sizes: Sizes) -> int:
    """Bytes of the file, but for its head."""
    return sum(
        int(np.prod(shape)) * (4 if len(shape) == 1 else 2) for shape in shapes(sizes).values()
    )


def write_language_model(
    target: Path, base: Base, delta: Delta, sizes: Sizes, tell: Callable[[int], None]
) -> None:
    """Write the merged model to `target`, completely or not at all; `tell` gets the bytes of each
    tensor and may raise to stop.

    Raises:
        KnownError: a number is too large for float16, or none.
    """
    partial = target.with_name(f"{target.name}.partial")
    writer = gguf.GGUFWriter(str(partial), "llama")
    try:
        _write_settings(writer, sizes)
        _write_vocabulary(writer, base, sizes)
        for name, shape in shapes(sizes).items():
            kind = np.dtype(np.float32 if len(shape) == 1 else np.float16)
            size = int(np.prod(shape)) * kind.itemsize
            writer.add_tensor_info(name, shape, kind, size)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        adapted = {name: (layer, projection) for layer, name, projection in layers_of(sizes)}
        for name in shapes(sizes):
            array = _tensor(name, base, delta, sizes, adapted.get(name))
            writer.write_tensor_data(array)
            tell(array.nbytes)
        writer.close()
        os.replace(partial, target)
    finally:
        writer.close()
        partial.unlink(missing_ok=True)


def _tensor(
    name: str, base: Base, delta: Delta, sizes: Sizes, adapted: tuple[int, str] | None
) -> Array:
    if name in _TABLES:
        array: Array = delta.get(_TABLES[name]).numpy()
        return _half(array, name)
    array = base.get(name)
    if array.ndim == 1:
        return np.ascontiguousarray(array, dtype=np.float32)
    if adapted is None:
        return _half(array, name)
    a, b = (side.float().numpy() for side in delta.adapters(*adapted))
    added = sizes.lora_scale * (b @ a)
    if adapted[1] in _ROTARY:
        added = rotary_order(added, sizes.heads)
    return _half(array.astype(np.float32) + added, name)


def _half(array: Array, name: str) -> Array:
    """The array in float16; all its numbers stay finite."""
    half = np.empty(array.shape, np.float16)
    flat, written = np.ascontiguousarray(array).reshape(-1), half.reshape(-1)
    for first in range(0, flat.size, _PIECE):
        piece = flat[first : first + _PIECE]
        with np.errstate(over="ignore"):
            written[first : first + _PIECE] = piece
        if not np.isfinite(written[first : first + _PIECE]).all():
            raise KnownError(
                "language model: expected finite numbers of at most {most} in {name}, found "
                "others. Get the checkpoint and the language model again.",
                "bundle",
                most=float(np.finfo(np.float16).max),
                name=name,
            )
    return half


def _write_settings(writer: gguf.GGUFWriter, sizes: Sizes) -> None:
    width = sizes.d_model // sizes.heads
    writer.add_name("NExT-GPT")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_vocab_size(sizes.whole_vocab)
    writer.add_context_length(sizes.n_ctx)
    writer.add_embedding_length(sizes.d_model)
    writer.add_block_count(sizes.layers)
    writer.add_feed_forward_length(sizes.d_ff)
    writer.add_head_count(sizes.heads)
    writer.add_head_count_kv(sizes.heads)
    writer.add_key_length(width)
    writer.add_value_length(width)
    writer.add_rope_dimension_count(width)
    writer.add_rope_freq_base(sizes.rope_base)
    writer.add_layer_norm_rms_eps(sizes.rms_eps)


def _write_vocabulary(writer: gguf.GGUFWriter, base: Base, sizes: Sizes) -> None:
    """LLaMA's pieces, and the checkpoint's tokens as control tokens, which nobody can type. The
    template places the token that begins a text, so llama.cpp never does."""
    added, pieces = sizes.tokens, base.pieces
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([*pieces.tokens, *added])
    writer.add_token_scores([*pieces.scores, *[-1000.0] * len(added)])
    writer.add_token_types([*pieces.types, *[int(gguf.TokenType.CONTROL)] * len(added)])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(True)
