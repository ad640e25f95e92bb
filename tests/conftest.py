"""Fixtures for every test: a whole bundle of tiny random parts, made once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import pytest

from runtime.bundle.bundle import Bundle
from tests.tiny_bundle import write_tiny_bundle

if TYPE_CHECKING:
    from tests.runtime.catalogue.world import World

MODELS_VARIABLE = "MEDLEY_TESTED_DATA"
"""Names the data folder whose models the tests of the starter use; the user's own by default."""


def pytest_configure(config: pytest.Config) -> None:
    """Keep what is cached and kept away from the user's own folders, and give each of several
    processes that share the tests its own part of the cores.

    Two that compute on all of them wait for each other most of the time. Where the user's models
    are is kept for the tests of the starter, see `starter_models`.
    """
    os.environ.setdefault(MODELS_VARIABLE, platformdirs.user_data_dir())
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="medley-cache-")
    os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="medley-data-")
    worker = getattr(config, "workerinput", None)
    if worker is None or not hasattr(os, "sched_setaffinity"):
        return
    import torch

    cores = sorted(os.sched_getaffinity(0))
    number, count = int(worker["workerid"].removeprefix("gw")), int(worker["workercount"])
    own = cores[number % len(cores) :: count]
    os.sched_setaffinity(0, own)
    torch.set_num_threads(len(own))  # it has counted the cores already


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what starts a sound server: a Qt that has lost one ends its process, so these tests run
    apart from those of windows that play something."""
    for item in items:
        if "session_sound_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.sound)


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A projected bundle; copy its folder before changing anything in it."""
    return write_tiny_bundle(tmp_path_factory.mktemp("bundles") / "tiny")


@pytest.fixture(scope="session")
def captioned_bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The same with captioned routing."""
    return write_tiny_bundle(tmp_path_factory.mktemp("bundles") / "captioned", routing="captioned")


@pytest.fixture
def media(tmp_path: Path) -> dict[str, Path]:
    """A picture, a sound and a clip by modality."""
    from tests.runtime.making_media import write_clip, write_picture, write_sound

    return {
        "image": write_picture(tmp_path / "ramp.png"),
        "audio": write_sound(tmp_path / "tone.wav"),
        "video": write_clip(tmp_path / "clip.mp4"),
    }


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A package index, a hub, an empty catalogue and an empty data folder, for this process too."""
    from tests.runtime.catalogue.world import World

    made = World(tmp_path)
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    yield made
    made.close()


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """torch computes on one thread, in one order."""
    import torch  # most tests need none

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def starter_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models that `medley models get starter` fetched; a test that needs them is left out where
    they are not."""
    from runtime.catalogue import store

    monkeypatch.setenv("XDG_DATA_HOME", os.environ[MODELS_VARIABLE])
    if store.find("talk") is None:
        pytest.skip("the starter's models are not here: `medley models get starter` fetches them")
