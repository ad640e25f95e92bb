"""llama.cpp, started once in this process, and what it says. Knows no model."""

from __future__ import annotations

import ctypes
import functools
import os
from collections import deque
from typing import Any, Final

import llama_cpp.llama_cpp as llama  # noqa: TID253

from plugins.printable import one_line

_LOG_ERROR: Final = 4

_errors: deque[str] = deque(maxlen=8)


def _keep_error(level: int, text: bytes, _: Any) -> None:
    if level == _LOG_ERROR:
        _errors.append(text.decode("utf-8", errors="replace").strip())


log_callback = llama.llama_log_callback(_keep_error)
"""Keeps what llama.cpp and its libraries report as errors."""


@functools.cache
def start_llama() -> None:
    """Start llama.cpp once in this process, silent; its errors are kept for our own messages."""
    # Where llama.cpp ends the process, it must not start a debugger first, which takes a while.
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    llama.llama_log_set(log_callback, ctypes.c_void_p(0))
    llama.llama_backend_init()


def recent_llama_errors() -> str:
    """llama.cpp's latest error messages, on one line; each message is returned once."""
    text = one_line("; ".join(_errors)) or "no reason given"
    _errors.clear()
    return text


def clear_errors() -> None:
    """Forget what was reported before."""
    _errors.clear()
