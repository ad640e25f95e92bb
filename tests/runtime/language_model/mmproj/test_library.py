"""The library for media is there and is the one that Medley was written for, or it is told."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from plugins.errors import KnownError
from runtime.language_model.mmproj import library as mtmd_library
from runtime.language_model.mmproj.library import mtmd

pytest.importorskip("llama_cpp.mtmd_cpp", reason="this llama.cpp was built without mtmd")
import llama_cpp
import llama_cpp.mtmd_cpp as real


@pytest.fixture(autouse=True)
def not_loaded_yet() -> Iterator[None]:
    mtmd.cache_clear()
    yield
    mtmd.cache_clear()


def instead(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Another version of the binding."""
    other = ModuleType("llama_cpp.mtmd_cpp")
    other.__dict__.update({**real.__dict__, **changes})
    monkeypatch.setitem(sys.modules, "llama_cpp.mtmd_cpp", other)
    monkeypatch.setattr(llama_cpp, "mtmd_cpp", other, raising=False)


def test_the_one_that_is_installed_is_right() -> None:
    assert mtmd() is real and mtmd() is mtmd()


def test_a_build_without_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_cpp.mtmd_cpp", None)
    monkeypatch.delattr(llama_cpp, "mtmd_cpp", raising=False)
    with pytest.raises(KnownError, match="built without"):
        mtmd()


def test_another_structure_function_or_default_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Larger(ctypes.Structure):
        _fields_ = (("a", ctypes.c_char * 32),)

    defaults = SimpleNamespace(
        n_threads=5, media_marker=b"<__media__>", image_min_tokens=-1, batch_max_tokens=1024
    )
    with monkeypatch.context() as patch:
        instead(patch, mtmd_input_text=Larger)
        with pytest.raises(KnownError, match="mtmd_input_text has 32 bytes instead of 24"):
            mtmd()
    with monkeypatch.context() as patch:
        instead(patch, mtmd_context_params_default=lambda: defaults)
        with pytest.raises(KnownError, match="its defaults are"):
            mtmd()
    with monkeypatch.context() as patch:
        patch.setattr(mtmd_library, "_FUNCTIONS", ("mtmd_free", "mtmd_paint"))
        with pytest.raises(KnownError, match="mtmd_paint is missing"):
            mtmd()
