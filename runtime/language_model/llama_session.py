"""One llama.cpp model with one context: positions go in, logits and states come out.

With `batch`, `sampler` and `mtmd` the only module that touches llama.cpp's pointers. Knows
tokens and embeddings by position; knows nothing of prompts, signals, modalities or stop strings.

Every array and callback whose address llama.cpp holds is kept in an attribute for as long as it
may be read.

Legend: N positions of one call, D model width, V vocabulary.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import llama_cpp.llama_cpp as llama  # noqa: TID253
import numpy as np
from numpy.typing import NDArray

from plugins.errors import BugError, Cancelled, KnownError
from runtime.language_model.batch import Batch
from runtime.language_model.device.library import clear_errors, recent_llama_errors, start_llama
from runtime.language_model.device.loading import load_model, new_context
from runtime.language_model.limits import N_BATCH, CacheType

Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]

_ABORTED: Final = 2
_PARTIAL: Final = llama.LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY
_CLOSED: Final = "the language model session is closed"


def _never() -> bool:
    return False


class LlamaSession:
    """A loaded model and its KV cache. Not thread-safe: one thread at a time.

    The caller gives the first position of each call itself (`n_past`), so that it alone knows
    what the cache holds.
    """

    def __init__(
        self,
        path: Path,
        *,
        n_ctx: int,
        n_threads: int | None = None,
        gpu_layers: int = 0,
        card: str = "",
        cache: CacheType = "f16",
        repack: bool = False,
    ) -> None:
        """Load `path`, which must already have passed `check_gguf`.

        `card` is the one that `gpu_layers` lie on, empty for none. `repack` lets llama.cpp make a
        second copy of weights in an order that suits the processor; see `runtime.needs` for where
        that is safe.

        Raises:
            KnownError: llama.cpp cannot load the file, or there is no memory for the context.
        """
        self._context = None
        self._model = None
        start_llama()
        clear_errors()
        self._model = load_model(path, gpu_layers, card, repack)
        try:
            on_cpu = gpu_layers == 0
            self._context = new_context(self._model, n_ctx, n_threads, cache, on_cpu=on_cpu)
        except KnownError:
            self.close()
            raise
        self._vocab_pointer = llama.llama_model_get_vocab(self._model)
        self.n_vocab = int(llama.llama_vocab_n_tokens(self._vocab))
        self.n_ctx = int(llama.llama_n_ctx(self._context))
        self._window = int(llama.llama_model_n_swa(self._model))
        self.drops_any_tail = self._window == 0 and not (
            llama.llama_model_is_recurrent(self._model) or llama.llama_model_is_hybrid(self._model)
        )
        """False where `forget_from` may refuse."""
        self.n_batch = min(N_BATCH, int(llama.llama_n_batch(self._context)))
        self._batch = Batch(self._model, self.n_batch)
        self.d_model, self.d_input = self._batch.d_model, self._batch.d_input
        self._states_on = False
        self._cancelled: Callable[[], bool] = _never
        self._abort = llama.ggml_abort_callback(lambda _: self._cancelled())
        self._no_abort = llama.ggml_abort_callback()
        self._one_token: Any = (llama.llama_token * 1)()
        self._one_pos: Any = (llama.llama_pos * 1)()
        one: Any = llama.llama_batch()
        one.n_tokens = 1
        one.token = self._one_token
        one.pos = self._one_pos
        self._one = one

    def close(self) -> None:
        """Free model and context; safe to call twice."""
        context, self._context = self._context, None
        model, self._model = self._model, None
        if context is not None:
            llama.llama_free(context)
        if model is not None:
            llama.llama_model_free(model)

    @property
    def context(self) -> Any:
        """The llama.cpp context, for a sampler chain."""
        if self._context is None:
            raise BugError(_CLOSED)
        return self._context

    @property
    def model(self) -> Any:
        """The llama.cpp model, for an encoder of media."""
        if self._model is None:
            raise BugError(_CLOSED)
        return self._model

    @property
    def vocabulary(self) -> Any:
        """The vocabulary, for samplers; it lives as long as the model."""
        return self._vocab

    @property
    def _vocab(self) -> Any:
        """The vocabulary, which lives as long as the model."""
        if self._model is None:
            raise BugError(_CLOSED)
        return self._vocab_pointer

    # Text

    def tokenize(self, text: str, *, parse_special: bool) -> list[int]:
        """Token ids of `text`, nothing added. Control tokens only with `parse_special`."""
        data = text.encode("utf-8", errors="replace")
        capacity = len(data) + 8
        ids = (llama.llama_token * capacity)()
        count = llama.llama_tokenize(
            self._vocab, data, len(data), ids, capacity, False, parse_special
        )
        if count < 0:
            raise BugError(f"llama.cpp needed {-count} tokens for {len(data)} bytes")
        return list(ids[:count])

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """Bytes that `token` adds to a text; none for a control token, unless `special`."""
        capacity = 64
        while True:
            buffer = ctypes.create_string_buffer(capacity)
            count = llama.llama_token_to_piece(self._vocab, token, buffer, capacity, 0, special)
            if count >= 0:
                return buffer.raw[:count]
            capacity = -count

    def end_tokens(self) -> frozenset[int]:
        """Tokens that end an answer."""
        vocab, is_end = self._vocab, llama.llama_vocab_is_eog
        return frozenset(i for i in range(self.n_vocab) if is_end(vocab, i))

    def control_tokens(self) -> frozenset[int]:
        """Tokens that only a template places, and unused ones."""
        unwanted = (
            llama.LLAMA_TOKEN_ATTR_CONTROL
            | llama.LLAMA_TOKEN_ATTR_UNUSED
            | llama.LLAMA_TOKEN_ATTR_UNKNOWN
        )
        vocab, attributes = self._vocab, llama.llama_vocab_get_attr
        return frozenset(i for i in range(self.n_vocab) if attributes(vocab, i) & unwanted)

    def strips(self, token: int) -> tuple[bool, bool]:
        """Whether white space before a token, and behind it, is left out of a text."""
        attribute = llama.llama_vocab_get_attr(self._vocab, token)
        left, right = llama.LLAMA_TOKEN_ATTR_LSTRIP, llama.LLAMA_TOKEN_ATTR_RSTRIP
        return bool(attribute & left), bool(attribute & right)

    def bos(self) -> int | None:
        """The token that begins a text, if the model has one."""
        token = int(llama.llama_vocab_bos(self._vocab))
        return None if token < 0 else token

    # Positions

    def forget_from(self, position: int) -> bool:
        """Remove `position` and all after it. False: this model's memory cannot, and is of use only
        after `restore_partial_state` or `forget_all`."""
        memory = llama.llama_get_memory(self.context)
        if position > 0 and self._window:
            first_seen = max(position - self._window + 1, 0)
            if llama.llama_memory_seq_pos_min(memory, 0) > first_seen:
                return False
        return bool(llama.llama_memory_seq_rm(memory, 0, position, -1))

    def forget_all(self) -> None:
        """Remove every position."""
        llama.llama_memory_clear(llama.llama_get_memory(self.context), True)

    def partial_state(self) -> NDArray[np.uint8]:
        """A copy of what the model's memory cannot cut: recurrent states, sliding windows."""
        size = llama.llama_state_seq_get_size_ext(self.context, 0, _PARTIAL)
        state = np.empty(size, np.uint8)
        data = state.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        written = llama.llama_state_seq_get_data_ext(self.context, data, size, 0, _PARTIAL)
        return state[:written]

    def restore_partial_state(self, state: NDArray[np.uint8]) -> bool:
        """Go back to a state that `partial_state` gave; `forget_from` its end must follow."""
        data = state.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        size = state.nbytes
        return bool(llama.llama_state_seq_set_data_ext(self.context, data, size, 0, _PARTIAL))

    def watch(self, cancelled: Callable[[], bool] | None) -> None:
        """Let `cancelled`, which must not raise, interrupt a call; None ends that.

        It is asked at every step of the compute graph, so it is worth its cost only for long
        batches.
        """
        self._cancelled = cancelled or _never
        callback = self._no_abort if cancelled is None else self._abort
        llama.llama_set_abort_callback(self.context, callback, ctypes.c_void_p(0))

    def use_threads(self, count: int) -> None:
        """Compute with `count` threads from the next call on."""
        llama.llama_set_n_threads(self.context, count, count)

    def decode_one(self, token: int, n_past: int) -> None:
        """Put `token` at position `n_past`; its logits can then be sampled."""
        if self._states_on:
            self._want_states(False)
        self._one_token[0] = token
        self._one_pos[0] = n_past
        if code := llama.llama_decode(self.context, self._one):
            raise _decode_error(code)

    def decode_tokens(self, ids: Sequence[int], n_past: int, *, logits: bool) -> None:
        """Put at most `n_batch` ids from `n_past` on; `logits` wants those of the last.

        Raises:
            Cancelled: interrupted by `watch`; the positions of this call are undefined.
        """
        self._want_states(False)
        self._run(self._batch.tokens(ids, n_past, outputs=1 if logits else 0))

    def decode_embeddings(
        self,
        embeddings: Float32,
        n_past: int,
        *,
        logits: bool,
        coordinates: Int32 | None = None,
        causal: bool = True,
    ) -> None:
        """Put at most `n_batch` embeddings [N, D] from `n_past` on; see `decode_tokens`.

        `coordinates` [4, N] are those of a model with M-RoPE where they are not in a row; without
        `causal` each embedding attends to all of them.
        """
        self._want_states(False)
        outputs = 1 if logits else 0
        batch = self._batch.embeddings(embeddings, n_past, outputs=outputs, coordinates=coordinates)
        self._run(batch, causal=causal)

    def decode_states(self, ids: Sequence[int], n_past: int) -> Float32:
        """Put at most `N_OUTPUTS` ids from `n_past` on and return their states.

        Returns:
            [N, D] last-layer states after the final norm, at the positions where each id was the
            input. Logits of all N are there too.
        """
        self._want_states(True)
        self._run(self._batch.tokens(ids, n_past, outputs=len(ids)))
        return self._states(len(ids))

    def decode_embedding_states(
        self,
        embeddings: Float32,
        n_past: int,
        *,
        coordinates: Int32 | None = None,
        causal: bool = True,
    ) -> Float32:
        """As `decode_states`, for embeddings [N, D] as the input; see `decode_embeddings`."""
        count = len(embeddings)
        self._want_states(True)
        batch = self._batch.embeddings(embeddings, n_past, outputs=count, coordinates=coordinates)
        self._run(batch, causal=causal)
        return self._states(count)

    def logits(self, index: int = -1) -> Float32:
        """[V] logits of output `index` of the last call, a view that the next call changes."""
        pointer = llama.llama_get_logits_ith(self.context, index)
        return np.ctypeslib.as_array(pointer, shape=(self.n_vocab,))

    def _states(self, count: int) -> Float32:
        rows = [llama.llama_get_embeddings_ith(self.context, i) for i in range(count)]
        return np.stack([np.ctypeslib.as_array(row, shape=(self.d_model,)) for row in rows])

    def _want_states(self, wanted: bool) -> None:
        """With states on, llama.cpp computes outputs for every position of a call."""
        if wanted != self._states_on:
            llama.llama_set_embeddings(self.context, wanted)
            self._states_on = wanted

    def _run(self, batch: Any, *, causal: bool = True) -> None:
        if not causal:
            llama.llama_set_causal_attn(self.context, False)
        try:
            code = llama.llama_decode(self.context, batch)
        finally:
            if not causal:
                llama.llama_set_causal_attn(self.context, True)
        if code == _ABORTED:
            raise Cancelled
        if code != 0:
            raise _decode_error(code)


def _decode_error(code: int) -> BugError:
    return BugError(f"llama.cpp failed to decode: {code} ({recent_llama_errors()})")
