"""Loads a model into llama.cpp and makes a context of it. Knows pointers, and no tokens."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Any, Final

import llama_cpp.llama_cpp as llama  # noqa: TID253

from plugins.errors import KnownError
from runtime.language_model.device import cards
from runtime.language_model.device.library import recent_llama_errors
from runtime.language_model.limits import N_BATCH, N_OUTPUTS, CacheType
from runtime.language_model.threads import physical_cores

_CACHE_TYPES: Final[dict[CacheType, int]] = {
    "f16": llama.GGML_TYPE_F16,
    "q8_0": llama.GGML_TYPE_Q8_0,
}


def load_model(path: Path, gpu_layers: int, card: str, repack: bool) -> Any:
    """The pointer of a model; see `LlamaSession`.

    Raises:
        KnownError: llama.cpp refuses the file, or there is no such card.
    """
    params = llama.llama_model_default_params()
    devices = cards.chosen(card)
    params.devices = ctypes.cast(devices, ctypes.c_void_p)
    params.n_gpu_layers = gpu_layers
    params.use_extra_bufts = repack
    return loaded(path, params)


def loaded(path: Path, params: Any) -> Any:
    """The pointer of a model, loaded with llama.cpp's parameters.

    Raises:
        KnownError: llama.cpp refuses the file.
    """
    model = llama.llama_model_load_from_file(os.fsencode(path), params)
    if not model:
        raise KnownError(
            "expected a language model that llama.cpp can load in {path}, found one that it "
            "refuses ({said}): get the file again or use another model",
            "bundle",
            path=path.name,
            said=recent_llama_errors(),
        )
    return model


def new_context(
    model: Any, n_ctx: int, n_threads: int | None, cache: CacheType, *, on_cpu: bool
) -> Any:
    """The pointer of a context of `n_ctx` positions.

    Raises:
        KnownError: there is no memory for it.
    """
    params = llama.llama_context_default_params()
    params.n_ctx = n_ctx
    params.n_batch = params.n_ubatch = N_BATCH
    params.n_outputs_max = N_OUTPUTS
    params.n_threads = params.n_threads_batch = n_threads or physical_cores()
    params.pooling_type = llama.LLAMA_POOLING_TYPE_NONE
    params.embeddings = False
    params.swa_full = False
    params.type_k = params.type_v = _CACHE_TYPES[cache]
    if cache != "f16":
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_ENABLED
    elif on_cpu:
        # llama.cpp's choice, flash attention, is several times slower on a CPU over a long cache.
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    return opened_context(model, params)


def opened_context(model: Any, params: Any) -> Any:
    """The pointer of a context with llama.cpp's parameters.

    Raises:
        KnownError: there is no memory for it.
    """
    context = llama.llama_init_from_model(model, params)
    if not context:
        raise KnownError(
            "expected memory for a context of {n_ctx} tokens (what the model reads at once), "
            "found too little ({said}). Close other programs, or choose a smaller context or a "
            "smaller model.",
            "memory",
            n_ctx=params.n_ctx,
            said=recent_llama_errors(),
        )
    return context
