"""How a model and its context are made: on no card, and with keys and values in 8 bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.language_model.limits import CacheType
from runtime.language_model.llama_session import LlamaSession


@pytest.fixture(scope="module")
def pocket() -> Path:
    """A trained language model."""
    bundle = Bundle.open(find_bundle("pocket"), verify="size")
    return bundle.path(bundle.manifest.language_model.file)


def states(path: Path, cache: CacheType) -> np.ndarray:
    """[N, D] of a few tokens behind a prompt, with keys and values kept in this way."""
    session = LlamaSession(path, n_ctx=256, n_threads=1, cache=cache)
    try:
        ids = session.tokenize("show me a red boat on the sea at night", parse_special=False)
        session.decode_tokens(ids, 0, logits=False)
        return session.decode_states(ids[:8], len(ids))
    finally:
        session.close()


def test_keys_and_values_in_8_bits_hardly_change_the_states(pocket: Path) -> None:
    whole, small = states(pocket, "f16"), states(pocket, "q8_0")
    product = (whole * small).sum(axis=1)
    likeness = product / np.linalg.norm(whole, axis=1) / np.linalg.norm(small, axis=1)
    assert likeness.min() > 0.999
    assert not np.array_equal(whole, small)


def test_a_card_that_is_not_there_is_told_before_anything_is_loaded(pocket: Path) -> None:
    with pytest.raises(KnownError, match="graphics card CUDA9"):
        LlamaSession(pocket, n_ctx=256, gpu_layers=-1, card="CUDA9")
