"""Real models where they are, and a stage for each reading."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from plugins.stage import MemoryLike, RenderStage, UnlimitedMemory
from tests.conftest import MODELS_VARIABLE


@pytest.fixture(scope="session")
def memory() -> UnlimitedMemory:
    """Keeps the models of readers from test to test."""
    return UnlimitedMemory()


@pytest.fixture
def stage(memory: MemoryLike) -> RenderStage:
    """Nobody stops it."""
    return RenderStage(0, memory=memory)


@pytest.fixture
def hearing(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the best Whisper model that is installed."""
    return _model("hear", "whisper-base", monkeypatch)


@pytest.fixture
def seeing(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of EfficientNet-lite2."""
    return _model("see", "efficientnet-lite2", monkeypatch)


def _model(purpose: str, name: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    from runtime.catalogue import store

    home = os.environ.get(MODELS_VARIABLE, platformdirs.user_data_dir())
    monkeypatch.setenv("XDG_DATA_HOME", home)
    found = store.find(purpose)
    if found is None:
        pytest.skip(f"no model is here: `medley models get {name}` fetches one")
    return found.folder
