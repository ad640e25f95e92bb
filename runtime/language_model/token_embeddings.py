"""Input embeddings of signal tokens, read from a GGUF file that was already checked.

Knows the file format through `gguf`; knows no llama.cpp and no torch.

Legend: N tokens asked for, V vocabulary, D the language model's width.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

from plugins.errors import KnownError
from runtime.language_model.gguf_values import open_gguf, rows_of
from runtime.language_model.text.fillers import alone

_TENSOR = "token_embd.weight"
_TYPES = "tokenizer.ggml.token_type"
_NAMES: dict[int | None, str] = {int(kind): kind.name for kind in gguf.TokenType}


def read_token_embeddings(path: Path, ids: Sequence[int], *, d_model: int) -> NDArray[np.float32]:
    """[N, D] rows of the token embedding, dequantized to float32.

    Raises:
        KnownError: the file has no token embedding of this width, or not as many rows, or one of
            the tokens is none that only a model can write.
    """
    reader = open_gguf(path)
    _check_types(path, reader, ids)
    tensor = next((t for t in reader.tensors if t.name == _TENSOR), None)
    shape = [] if tensor is None else [int(n) for n in tensor.shape]
    if tensor is None or len(shape) != 2 or shape[0] != d_model or max(ids) >= shape[1]:
        raise KnownError(
            "{path}: expected {tensor} of width {d_model} with a row for token {ids}, found "
            "{shape}. Use the language model that belongs to this bundle.",
            path=path.name,
            tensor=_TENSOR,
            d_model=d_model,
            ids=max(ids),
            shape=shape or "none",
        )
    return rows_of(path, tensor, np.asarray(ids))


def _check_types(path: Path, reader: gguf.GGUFReader, ids: Sequence[int]) -> None:
    """A token that is not marked as control can be typed by a person; a filler may be."""
    field = reader.fields.get(_TYPES)
    for token in sorted(alone(ids)):
        kind = None
        if field is not None and token < len(field.data):
            kind = int(field.parts[field.data[token]][0])
        if kind != gguf.TokenType.CONTROL:
            raise KnownError(
                "{path}: expected the signal token {token} to be of type CONTROL, so that "
                "nobody can type it, found {found}. Export the language model again with its "
                "signal tokens marked as special.",
                path=path.name,
                token=token,
                found=_NAMES.get(kind, "none"),
            )
