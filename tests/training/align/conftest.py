"""The example plugin installed, a chat model, and data to align them with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import sketches, tiny_llama
from tests.sketches import write_chat_model, write_requests
from tests.training.align.making import WISHES


@pytest.fixture(scope="module", autouse=True)
def alone(one_thread: None) -> None:
    """Every training here is on one thread."""


@pytest.fixture(scope="module", autouse=True)
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The example plugin, installed."""
    with pytest.MonkeyPatch.context() as patch:
        sketches.install(tmp_path_factory.mktemp("site"), patch)
        yield


@pytest.fixture(scope="module")
def chat_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chat_model(tmp_path_factory.mktemp("models") / "chat", tiny_llama.random_llama(32))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_requests(tmp_path / "data", WISHES)
