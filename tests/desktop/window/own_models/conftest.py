"""A real window, an empty data folder, and small true models that a person could have."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from desktop.window.own_models.own_models import OwnModels
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.runtime.composition.conftest import data, kept_gguf, other_disk, own_gguf, pictures

__all__ = ["data", "kept_gguf", "other_disk", "own_gguf", "pictures"]


@pytest.fixture
def window(
    open_window: Open, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Driver:
    """A window at a new conversation, where nothing was added yet and no file is known."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("MEDLEY_PROGRAMS_HOME", str(tmp_path / "home"))
    driver = open_window()
    driver.medley.dismissFirstStart()
    driver.settle()
    return driver


@pytest.fixture
def untested(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is added is not tested."""
    monkeypatch.setattr("desktop.window.own_models.testing.Testing.start", lambda self, name: None)


def own(driver: Driver) -> OwnModels:
    """The window's sheet."""
    return driver.medley.own_models


def state(driver: Driver) -> str:
    """How far the adding is."""
    return str(own(driver).adding_view.property("state"))


def page(driver: Driver, key: str) -> None:
    """Go to a page of the sheet."""
    driver.click(f"page/{key}")


def workers() -> Iterator[psutil.Process]:
    """The processes that work on models for this one."""
    for child in psutil.Process(os.getpid()).children():
        if "desktop.assistant.own_models.process" in child.cmdline():
            yield child
