"""Makes a smaller GGUF file from an F16 or F32 one with llama.cpp. Knows nothing of bundles.

The token embeddings and the output matrix stay at 8 bits or more: signal tokens are rows of both,
and a regression head reads what they make.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import llama_cpp.llama_cpp as llama

from plugins.errors import KnownError
from runtime.language_model.device.library import recent_llama_errors, start_llama
from runtime.language_model.gguf_check import check_gguf

FORMATS: Final[dict[str, int]] = {
    "F16": llama.LLAMA_FTYPE_MOSTLY_F16,
    "Q8_0": llama.LLAMA_FTYPE_MOSTLY_Q8_0,
    "Q6_K": llama.LLAMA_FTYPE_MOSTLY_Q6_K,
    "Q5_K_M": llama.LLAMA_FTYPE_MOSTLY_Q5_K_M,
    "Q4_K_M": llama.LLAMA_FTYPE_MOSTLY_Q4_K_M,
}
COMPARED: Final = ("F16", "Q8_0", "Q4_K_M")
"""The formats that reports compare."""


def quantize(source: Path, target: Path, format_name: str, *, n_threads: int = 0) -> None:
    """Write `source` as `format_name` (a key of `FORMATS`) to `target`, completely or not at all.

    `n_threads` 0 uses all cores. A matrix whose width is no multiple of 256 falls back to a
    32-wide format of a similar size, as llama.cpp does.

    Raises:
        KnownError: unknown format, `source` is no sound GGUF, or llama.cpp refused it.
    """
    if format_name not in FORMATS:
        raise KnownError(
            f"expected a quantization of {', '.join(FORMATS)}, found {format_name!r}: choose one"
        )
    check_gguf(source)
    start_llama()
    partial = target.with_name(target.name + ".partial")
    params = llama.llama_model_quantize_default_params()
    params.nthread = n_threads
    params.ftype = FORMATS[format_name]
    kept = llama.GGML_TYPE_F16 if format_name == "F16" else llama.GGML_TYPE_Q8_0
    params.token_embedding_type = kept
    params.output_tensor_type = kept
    try:
        code = llama.llama_model_quantize(os.fsencode(source), os.fsencode(partial), params)
        if code != 0:
            raise KnownError(
                f"expected llama.cpp to write {target.name} as {format_name}, found error "
                f"{code} ({recent_llama_errors()}): export the model again as F16"
            )
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
