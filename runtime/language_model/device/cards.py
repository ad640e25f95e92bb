"""The graphics cards that this build of llama.cpp can compute on. Knows ggml's list of them only.

ggml names a card by what drives it and a number: `CUDA0`, `ROCm1`, `Vulkan0`, `MTL0`. llama.cpp
must have been started (`library.start_llama`), or ggml talks to the terminal.
"""

from __future__ import annotations

import ctypes
import functools
from dataclasses import dataclass
from typing import Any, Final

from llama_cpp._ggml import libggml  # noqa: TID253

from plugins.errors import KnownError

_DISCRETE: Final = 1
_INTEGRATED: Final = 2
_KINDS: Final = (_DISCRETE, _INTEGRATED)


@dataclass(frozen=True)
class Card:
    """One graphics card, as ggml tells of it."""

    name: str
    """`CUDA0`, `Vulkan0`..."""
    description: str
    """Its maker's name, for example `NVIDIA GeForce RTX 4070`."""
    free: int
    """Bytes."""
    total: int
    """Bytes."""
    integrated: bool = False
    """True if it has no memory of its own."""


def cards() -> tuple[Card, ...]:
    """The cards that are here and that llama.cpp was built for, in ggml's order."""
    library = _library()
    found = (library.ggml_backend_dev_get(i) for i in range(library.ggml_backend_dev_count()))
    return tuple(_card(library, one) for one in found if _kind(library, one) in _KINDS)


def backends() -> tuple[str, ...]:
    """What this llama.cpp was built for beside the processor: `CUDA`, `Vulkan`, `MTL`, `BLAS`."""
    library = _library()
    found = (library.ggml_backend_reg_get(i) for i in range(library.ggml_backend_reg_count()))
    names = [library.ggml_backend_reg_name(one).decode("utf-8", "replace") for one in found]
    return tuple(name for name in names if name != "CPU")


def chosen(name: str) -> Any:
    """A NULL-terminated list for `llama_model_params.devices`: the card of that name, or none.

    With an empty list llama.cpp takes nothing of any card, not even for working memory.

    Raises:
        KnownError: there is no such card any more.
    """
    if not name:
        return (ctypes.c_void_p * 1)(None)
    pointer = _library().ggml_backend_dev_by_name(name.encode())
    if not pointer:
        raise KnownError(
            "expected the graphics card {name} for the language model, found it gone. Choose "
            "another device in the settings, or restart Medley.",
            "device",
            name=name,
        )
    return (ctypes.c_void_p * 2)(pointer, None)


def _card(library: Any, device: int) -> Card:
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    library.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
    return Card(
        name=library.ggml_backend_dev_name(device).decode("utf-8", "replace"),
        description=library.ggml_backend_dev_description(device).decode("utf-8", "replace"),
        free=free.value,
        total=total.value,
        integrated=_kind(library, device) == _INTEGRATED,
    )


def _kind(library: Any, device: int) -> int:
    return int(library.ggml_backend_dev_type(device))


@functools.cache
def _library() -> Any:
    """ggml with the types of the functions that are used here."""
    size = ctypes.POINTER(ctypes.c_size_t)
    for name, result, arguments in (
        ("reg_count", ctypes.c_size_t, []),
        ("reg_get", ctypes.c_void_p, [ctypes.c_size_t]),
        ("reg_name", ctypes.c_char_p, [ctypes.c_void_p]),
        ("dev_count", ctypes.c_size_t, []),
        ("dev_get", ctypes.c_void_p, [ctypes.c_size_t]),
        ("dev_by_name", ctypes.c_void_p, [ctypes.c_char_p]),
        ("dev_type", ctypes.c_int, [ctypes.c_void_p]),
        ("dev_name", ctypes.c_char_p, [ctypes.c_void_p]),
        ("dev_description", ctypes.c_char_p, [ctypes.c_void_p]),
        ("dev_memory", None, [ctypes.c_void_p, size, size]),
    ):
        function = getattr(libggml, f"ggml_backend_{name}")
        function.restype, function.argtypes = result, arguments
    return libggml
