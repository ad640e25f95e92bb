"""Fixtures for every test: a whole bundle of tiny random parts, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.bundle import Bundle
from tests.tiny_bundle import write_tiny_bundle


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
