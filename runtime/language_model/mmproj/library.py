"""llama.cpp's library for media (mtmd), loaded once and checked. Knows its interface only.

The interface changes with every release and ctypes notices nothing, so what is used of it is
compared with what the loaded library says.
"""

from __future__ import annotations

import ctypes
import functools
from typing import Any, Final

from plugins.errors import KnownError
from runtime.language_model.device.library import log_callback, start_llama

_SIZES: Final = {
    "mtmd_context_params": 96,
    "mtmd_input_text": 24,
    "mtmd_input_part": 16,
    "mtmd_decoder_pos": 16,
}
"""Bytes of the structures that are handed over."""
_FUNCTIONS: Final = (
    "mtmd_init_from_file", "mtmd_free", "mtmd_tokenize_from_parts", "mtmd_encode_chunk",
    "mtmd_get_output_embd", "mtmd_decode_use_non_causal", "mtmd_decode_use_mrope",
    "mtmd_support_vision", "mtmd_support_audio", "mtmd_get_audio_sample_rate", "mtmd_bitmap_init",
    "mtmd_bitmap_init_from_audio", "mtmd_bitmap_set_mergeable", "mtmd_bitmap_free",
    "mtmd_input_chunks_init", "mtmd_input_chunks_size", "mtmd_input_chunks_get",
    "mtmd_input_chunks_free", "mtmd_input_chunk_get_type", "mtmd_input_chunk_get_n_tokens",
    "mtmd_input_chunk_get_n_pos", "mtmd_input_chunk_get_tokens_text",
    "mtmd_input_chunk_get_tokens_image", "mtmd_helper_image_get_decoder_pos", "mtmd_helper_log_set",
)  # fmt: skip


@functools.cache
def mtmd() -> Any:
    """The binding's module, with llama.cpp started and its library silent.

    Raises:
        KnownError: this llama.cpp was built without it, or is another version than Medley knows.
    """
    start_llama()
    try:
        import llama_cpp.mtmd_cpp as library
    except (ImportError, OSError) as error:
        raise KnownError(
            "expected a llama.cpp with its library for media (mtmd), found one built without "
            "({error}): install Medley again",
            error=error,
        ) from error
    if problem := _difference(library):
        raise KnownError(
            "expected the library for media (mtmd) of llama-cpp-python 0.3.36, found another "
            "({problem}): install Medley again",
            problem=problem,
        )
    library.mtmd_helper_log_set(log_callback, ctypes.c_void_p(0))
    return library


def _difference(library: Any) -> str:
    """What is not as it was in the version that this code was written for."""
    for name, size in _SIZES.items():
        kind = getattr(library, name, None)
        found = ctypes.sizeof(kind) if kind is not None else 0
        if found != size:
            return f"{name} has {found} bytes instead of {size}"
    for name in _FUNCTIONS:
        if not hasattr(library, name):
            return f"{name} is missing"
    given = library.mtmd_context_params_default()
    defaults = (given.n_threads, given.media_marker, given.image_min_tokens, given.batch_max_tokens)
    if defaults != (4, library.mtmd_default_marker(), -1, 1024):
        return f"its defaults are {defaults}"
    return ""
