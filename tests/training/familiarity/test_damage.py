"""Damaged media are readable files, the same from the same chance, and about the same thing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from plugins.errors import BugError
from runtime.media import read_audio, read_image, read_video
from training.familiarity.damage import write_damaged
from training.pocketworld import media_cache
from training.pocketworld.oracle import Judges
from training.pocketworld.scene import Scene

SCENE = Scene("boat", "red", "sea")


@pytest.mark.parametrize("modality", ["image", "audio", "video"])
def test_the_same_chance_makes_the_same_readable_file(modality: str, tmp_path: Path) -> None:
    medium = media_cache.render(modality, SCENE, np.random.default_rng(1))
    kinds = set()
    for seed in range(16):
        paths = [
            write_damaged(modality, medium, tmp_path / name, np.random.default_rng(seed))
            for name in ("one", "other")
        ]
        assert paths[0].read_bytes() == paths[1].read_bytes()
        kinds.add(paths[0].suffix)
        if modality == "image":
            assert min(read_image(paths[0]).shape[:2]) >= 58
        elif modality == "audio":
            assert 1.9 < read_audio(paths[0]).duration_s < 2.2
        else:
            assert read_video(paths[0], lambda n, _: range(min(n, 8))).frames.shape[0] == 8
    assert len(kinds) > 1


def test_a_damaged_picture_is_about_what_it_was_about(tmp_path: Path) -> None:
    medium = media_cache.render("image", SCENE, np.random.default_rng(1))
    found = []
    for seed in range(10):
        path = write_damaged("image", medium, tmp_path / "boat", np.random.default_rng(seed))
        found.append(Judges().image(read_image(path))["thing"])
    assert found.count("boat") >= 8


def test_another_modality_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BugError, match="smell"):
        write_damaged("smell", np.zeros(3), tmp_path / "x", np.random.default_rng(0))
