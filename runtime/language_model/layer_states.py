"""States between the layers of a loaded model, for decoders that are conditioned on them.

llama.cpp gives the states behind the last layer only; what lies between is seen by a callback that
it asks about every tensor of its compute graph. That costs time with every token, so the
conversation's context has none: a text is read in a context of its own, which shares the weights
and is gone afterwards. Knows tokens and layers; knows no decoder and no bundle.

Legend: N positions, L layers that are asked for, D model width, P positions of the context.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Sequence
from typing import Any

import llama_cpp._ctypes_extensions as extensions  # noqa: TID253
import llama_cpp.llama_cpp as llama  # noqa: TID253
import numpy as np
from llama_cpp._ggml import libggml_base_path  # noqa: TID253
from numpy.typing import NDArray

from plugins.errors import BugError, Cancelled, KnownError
from runtime.language_model.batch import Batch
from runtime.language_model.device.library import recent_llama_errors
from runtime.language_model.device.loading import opened_context
from runtime.language_model.limits import N_BATCH

Float32 = NDArray[np.float32]
MOST_POSITIONS = N_BATCH
"""The longest text."""
_STEP = 256
"""Positions of a context come in multiples of this."""
_FLOAT = 4


def layer_states(
    model: Any,
    ids: Sequence[int],
    layers: Sequence[int],
    *,
    seen: int | None = None,
    n_threads: int,
    cancelled: Callable[[], bool] = lambda: False,
) -> Float32:
    """[L, N, D] states of a text behind so many layers, as transformers' `hidden_states` counts.

    Args:
        model: a loaded llama.cpp model.
        ids: tokens of the text, N of them.
        layers: of each state, how many layers it went through; 1 to one less than there are.
        seen: how many tokens, from the first, may be attended to; those behind them are padding,
            which attends to these alone. None is all of them, each by those behind it.
        n_threads: to compute with.
        cancelled: asked between layers; must not raise.

    Raises:
        Cancelled: it was stopped.
        KnownError: the model has too few layers, or there is no memory for the context.
    """
    count = int(llama.llama_model_n_layer(model))
    if not layers or min(layers) < 1 or max(layers) >= count:
        raise KnownError(
            "language model: expected layers from 1 to {most}, found {layers}. Use the language "
            "model that the decoder's text encoder is.",
            "bundle",
            most=count - 1,
            layers=", ".join(map(str, layers)) or "none",
        )
    if not 0 < len(ids) <= MOST_POSITIONS:
        raise BugError(f"expected 1 to {MOST_POSITIONS} positions, found {len(ids)}")
    reading = _Reading(model, len(ids), layers, len(ids) if seen is None else seen, cancelled)
    context = _new_context(model, reading, n_threads)
    try:
        batch = Batch(model, len(ids))
        code = llama.llama_decode(context, batch.tokens(ids, 0, outputs=0))
    finally:
        llama.llama_free(context)
    return reading.states(code)


class _Reading:
    """What one pass through the graph meets. Its callback is kept for as long as llama.cpp may
    call it."""

    def __init__(
        self,
        model: Any,
        count: int,
        layers: Sequence[int],
        seen: int,
        cancelled: Callable[[], bool],
    ) -> None:
        self._count, self._layers, self._seen = count, layers, seen
        self._cancelled = cancelled
        self.positions = -(-count // _STEP) * _STEP
        """P."""
        self._heads = int(llama.llama_model_n_head(model))
        self._width = int(llama.llama_model_n_embd(model))
        last = max(layers)
        self._ends = {f"l_out-{n - 1}".encode(): n for n in range(1, last + 1)}
        padded = range(last) if seen < count else range(0)
        self._scores = frozenset(f"kq-{n}".encode() for n in padded)
        self._masked = 0
        self._found: dict[int, Float32] = {}
        self._stopped = False
        self._error: BaseException | None = None
        self.callback = llama.ggml_backend_sched_eval_callback(self._called)

    def states(self, code: int) -> Float32:
        """[L, N, D], once llama.cpp returned `code`."""
        if self._error is not None:
            raise self._error
        if self._stopped:
            raise Cancelled
        if code or len(self._found) < len({*self._layers}) or self._masked < len(self._scores):
            raise BugError(
                f"llama.cpp showed {len(self._found)} of {len(self._layers)} layers and "
                f"{self._masked} of {len(self._scores)} scores: {code} ({recent_llama_errors()})"
            )
        return np.stack([self._found[layer] for layer in self._layers])

    def _called(self, tensor: int, ask: bool, _: Any) -> bool:
        """Whether a tensor that is asked about is wanted; then, whether to go on behind it."""
        try:
            name = _ggml().ggml_get_name(tensor)
            if ask:
                return name in self._ends or name in self._scores
            if name in self._scores:
                self._mask(tensor)
                return True
            return self._behind(self._ends[name], tensor)
        except BaseException as error:  # noqa: BLE001  (nothing may be raised through llama.cpp)
            self._error = error
            return False

    def _behind(self, layer: int, tensor: int) -> bool:
        if layer in self._layers:
            states = np.empty((self._count, self._width), np.float32)
            _copy(tensor, states, back=False)
            self._found[layer] = states
        self._stopped = self._cancelled()
        return not self._stopped and layer < max(self._layers)

    def _mask(self, tensor: int) -> None:
        """Let no position attend to padding, itself included: its score is never the largest."""
        scores = np.empty((self._heads, self._count, self.positions), np.float32)
        _copy(tensor, scores, back=False)
        scores[:, self._seen :, self._seen :] = -np.inf
        _copy(tensor, scores, back=True)
        self._masked += 1


def _copy(tensor: int, array: Float32, *, back: bool) -> None:
    """A tensor's numbers into an array, or back, wherever it lies."""
    ggml, size = _ggml(), array.nbytes
    if ggml.ggml_nbytes(tensor) != size:
        found = ggml.ggml_nbytes(tensor)
        raise BugError(f"expected a tensor of {size} bytes in llama.cpp's graph, found {found}")
    copy = ggml.ggml_backend_tensor_set if back else ggml.ggml_backend_tensor_get
    copy(tensor, array.ctypes.data, 0, size)


def _new_context(model: Any, reading: _Reading, n_threads: int) -> Any:
    params = llama.llama_context_default_params()
    params.n_ctx = params.n_batch = params.n_ubatch = reading.positions
    params.n_threads = params.n_threads_batch = n_threads
    params.n_outputs_max = 1  # No logits are asked for.
    params.pooling_type = llama.LLAMA_POOLING_TYPE_NONE
    # Flash attention never writes the scores down that `_Reading` masks.
    params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.cb_eval = reading.callback
    return opened_context(model, params)


@functools.cache
def _ggml() -> Any:
    """The library of llama.cpp's tensors, with what is needed of it."""
    library = extensions.load_shared_library("ggml-base", libggml_base_path)
    library.ggml_get_name.restype = ctypes.c_char_p
    library.ggml_get_name.argtypes = [ctypes.c_void_p]
    library.ggml_nbytes.restype = ctypes.c_size_t
    library.ggml_nbytes.argtypes = [ctypes.c_void_p]
    for name in ("ggml_backend_tensor_get", "ggml_backend_tensor_set"):
        function = getattr(library, name)
        function.restype = None
        function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t]
    return library
