"""Input embeddings of single tokens, read from a GGUF file that was already checked.

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

_TENSOR = "token_embd.weight"


def read_token_rows(path: Path, ids: Sequence[int], *, d_model: int) -> NDArray[np.float32]:
    """[N, D] rows of the token embedding, dequantised to float32.

    Raises:
        KnownError: the file has no token embedding of this width, or not as many rows.
    """
    reader = gguf.GGUFReader(path)
    tensor = next((t for t in reader.tensors if t.name == _TENSOR), None)
    shape = [] if tensor is None else [int(n) for n in tensor.shape]
    if tensor is None or len(shape) != 2 or shape[0] != d_model or max(ids) >= shape[1]:
        raise KnownError(
            f"{path.name}: expected {_TENSOR} of width {d_model} with a row for token {max(ids)}, "
            f"found {shape or 'none'}. Use the language model that belongs to this bundle."
        )
    rows = tensor.data.reshape(shape[1], -1)[np.asarray(ids)]
    try:
        values = gguf.dequantize(rows, tensor.tensor_type)
    except NotImplementedError as error:
        raise KnownError(
            f"{path.name}: {_TENSOR} is stored as {tensor.tensor_type.name}, which cannot be read "
            "here. Quantise the language model again with token embeddings as Q8_0 or F16."
        ) from error
    return np.ascontiguousarray(values, dtype=np.float32)
