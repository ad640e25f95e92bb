"""Embeddings of signal tokens, read from Pocket's language model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.language_model.token_embeddings import read_token_embeddings

TYPED = 300
"""A token of ordinary text."""


@pytest.fixture(scope="module")
def pocket() -> Bundle:
    return Bundle.open(find_bundle("pocket"), verify="size")


def test_a_row_for_each_signal_token(pocket: Bundle) -> None:
    spec = pocket.manifest.language_model
    ids = pocket.signal("image").token_ids

    rows = read_token_embeddings(pocket.path(spec.file), ids, d_model=spec.d_model)

    assert rows.shape == (len(ids), spec.d_model)
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all() and np.abs(rows).max() > 0


def test_another_width_is_refused(pocket: Bundle) -> None:
    spec = pocket.manifest.language_model

    with pytest.raises(KnownError, match="of width 7"):
        read_token_embeddings(pocket.path(spec.file), pocket.signal("image").token_ids, d_model=7)


def test_a_token_that_a_person_can_type_is_no_signal(pocket: Bundle) -> None:
    spec = pocket.manifest.language_model

    with pytest.raises(KnownError, match=f"token {TYPED} to be of type CONTROL"):
        read_token_embeddings(pocket.path(spec.file), [TYPED], d_model=spec.d_model)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "llm.gguf"
    file.write_bytes(b"GGUF" + bytes(20))

    with pytest.raises(KnownError, match=r"llm\.gguf"):
        read_token_embeddings(file, [1], d_model=8)
