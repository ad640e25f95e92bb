"""A model of which the test says what it writes, for tests of answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.language_model.chunks import TokenChunk
from runtime.language_model.model import LanguageModel
from tests import tiny_llama
from tests.runtime.language_model.scripted import BEGIN, Load
from tests.tiny_llama import ids


@pytest.fixture
def load(tmp_path: Path, one_thread: None) -> Iterator[Load]:
    """Loads a model that follows the given texts after `BEGIN`, its prompt already in."""
    opened: list[LanguageModel] = []

    def _load(*texts: str, n_ctx: int = 256) -> LanguageModel:
        paths = [ids(text) for text in texts]
        path = tiny_llama.write_gguf(tiny_llama.scripted_llama(*paths), tmp_path / "t.gguf")
        model = LanguageModel(path, n_ctx=n_ctx, n_threads=1)
        opened.append(model)
        model.prefill([TokenChunk(tuple(ids("<s><user>now" + BEGIN)))])
        return model

    yield _load
    for model in opened:
        model.close()
