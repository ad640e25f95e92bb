"""A self-test that the window begins in a process of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop.window.settings.testing import Trial
from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from runtime.self_test import kept


@pytest.fixture
def folder(tiny_bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return Path(shutil.copytree(tiny_bundle.folder, tmp_path / "tiny"))


def test_what_was_found_comes_with_every_step(folder: Path) -> None:
    trial = Trial(str(folder), folder)

    found = trial.wait()

    assert found == kept.of(folder)
    assert len(found.steps) == 10 and found.sees is False


def test_a_test_that_was_ended_says_so_and_keeps_nothing(folder: Path) -> None:
    trial = Trial(str(folder), folder)
    assert trial.share() == 0.0
    trial.kill()

    with pytest.raises(KnownError, match="ended before it was finished"):
        trial.wait()
    assert kept.of(folder) is None


def test_a_bundle_that_cannot_be_loaded_says_why(folder: Path) -> None:
    (folder / "llm.gguf").write_bytes(b"GGUF, or so it says")

    with pytest.raises(KnownError, match=r"llm\.gguf"):
        Trial(str(folder), folder).wait()
