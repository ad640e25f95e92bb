"""The inputs of one call into llama.cpp, and where they lie in the context.

Every array whose address llama.cpp holds is kept in an attribute for as long as it may be read.

Legend: N positions of one call, D model width, W width of an embedding that is an input.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any, Final

import llama_cpp.llama_cpp as llama  # noqa: TID253
import numpy as np
from numpy.typing import NDArray

from plugins.errors import BugError

Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]

N_BATCH: Final = 512
"""Positions of one call into llama.cpp."""
N_COORDINATES: Final = 4
"""Rotary coordinates of an embedding in models that have more than one (M-RoPE)."""
_M_ROPE: Final = (llama.LLAMA_ROPE_TYPE_MROPE, llama.LLAMA_ROPE_TYPE_IMROPE)


class Batch:
    """One batch for every call of a session."""

    def __init__(self, model: Any, limit: int) -> None:
        """For a loaded `model`, which takes at most `limit` positions in one call."""
        self.d_model = int(llama.llama_model_n_embd(model))
        self.d_input = int(llama.llama_model_n_embd_inp(model))
        """W; more than D in models whose deeper layers take a part of an embedding."""
        self._limit = limit
        m_rope = llama.llama_model_rope_type(model) in _M_ROPE
        self._coordinates = N_COORDINATES if m_rope else 1
        self._token: Any = (llama.llama_token * N_BATCH)()
        self._pos: Any = (llama.llama_pos * (N_BATCH * N_COORDINATES))()
        self._output: Any = (ctypes.c_int8 * N_BATCH)()
        self._embeddings = np.zeros((0, self.d_input), np.float32)
        batch: Any = llama.llama_batch()
        batch.pos = self._pos
        batch.logits = self._output
        batch.n_seq_id = None
        batch.seq_id = None
        self._batch = batch

    def tokens(self, ids: Sequence[int], n_past: int, *, outputs: int) -> Any:
        """llama.cpp's batch of `ids` from `n_past` on, with outputs of the last ones."""
        self._place(len(ids), n_past, outputs)
        self._token[: len(ids)] = ids
        self._batch.token = self._token
        self._batch.embd = None
        return self._batch

    def embeddings(
        self, embeddings: Float32, n_past: int, *, outputs: int, coordinates: Int32 | None = None
    ) -> Any:
        """As `tokens`, of embeddings [N, W] or [N, D]; `coordinates` [4, N] are those of a model
        with M-RoPE where they do not lie in a row."""
        if embeddings.ndim != 2 or embeddings.shape[1] not in (self.d_model, self.d_input):
            raise BugError(
                f"expected embeddings [N, {self.d_input}], found {list(embeddings.shape)}"
            )
        self._place(len(embeddings), n_past, outputs)
        if coordinates is not None:
            self._pos[: coordinates.size] = coordinates.ravel().tolist()
        # What is not made for the deeper layers is nothing to them.
        missing = self.d_input - embeddings.shape[1]
        padded = np.pad(embeddings, ((0, 0), (0, missing))) if missing else embeddings
        self._embeddings = np.ascontiguousarray(padded, np.float32)
        self._batch.embd = self._embeddings.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        self._batch.token = None
        return self._batch

    def _place(self, count: int, n_past: int, outputs: int) -> None:
        if not 0 < count <= self._limit:
            raise BugError(f"expected 1 to {self._limit} positions in one call, found {count}")
        # All coordinates of what lies in a row are equal; of tokens only the first is read.
        row = [*range(n_past, n_past + count)]
        self._pos[: count * self._coordinates] = row * self._coordinates
        self._output[:count] = [0] * (count - outputs) + [1] * outputs
        self._batch.n_tokens = count
