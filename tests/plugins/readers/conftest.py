"""Real models where they are, and a stage for each reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.stage import MemoryLike, RenderStage, UnlimitedMemory
from tests.installed import model_folder, model_home


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
    return _model("whisper-base", monkeypatch)


@pytest.fixture
def seeing(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of EfficientNet-lite2."""
    return _model("efficientnet-lite2", monkeypatch)


def _model(name: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", model_home())
    return model_folder(name)
