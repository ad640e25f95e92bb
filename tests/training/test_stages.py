"""Stages are done once, in their own folders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from training import world_data
from training.stages import Stages


def test_a_stage_that_is_done_is_not_done_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    worked: list[Path] = []
    for _ in range(2):
        stages = Stages(tmp_path / "run")
        stages.run("one", worked.append)
        stages.run("two", worked.append)
    assert worked == [tmp_path / "run" / "one", tmp_path / "run" / "two"]
    assert all(folder.is_dir() for folder in worked)
    assert json.loads((worked[0] / "done").read_text())["seconds"] >= 0
    assert "one: done before" in capsys.readouterr().out


def test_a_stage_that_failed_is_done_again_in_the_same_folder(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("kept")
        raise RuntimeError("the power went")

    stages = Stages(tmp_path)
    with pytest.raises(RuntimeError, match="power"):
        stages.run("one", fail)
    seen: list[str] = []
    stages.run("one", lambda folder: seen.append((folder / "half").read_text()))
    assert seen == ["kept"]


@pytest.mark.parametrize("modality", ["image", "audio", "video"])
def test_media_of_a_run_are_made_once_and_always_the_same(tmp_path: Path, modality: str) -> None:
    scenes, made = world_data.make(modality, 3, 5, tmp_path / "a")
    again, kept = world_data.make(modality, 3, 5, tmp_path / "a")
    other, fresh = world_data.make(modality, 3, 5, tmp_path / "b")
    assert scenes == again == other
    np.testing.assert_array_equal(made, kept)
    np.testing.assert_array_equal(made, fresh)
    assert isinstance(kept, np.memmap)
    assert not any(scene.held_out for scene in scenes)
    longer, more = world_data.make(modality, 4, 5, tmp_path / "a")
    assert longer[:3] == scenes
    np.testing.assert_array_equal(more[:3], made)


def test_media_of_held_out_scenes_are_kept_apart(tmp_path: Path) -> None:
    plain, _ = world_data.make("image", 2, 5, tmp_path)
    held, _ = world_data.make("image", 2, 5, tmp_path, held_out=True)
    assert all(scene.held_out for scene in held)
    assert world_data.make("image", 2, 5, tmp_path)[0] == plain


def test_media_whose_scenes_were_cut_off_by_a_kill_are_made_again(tmp_path: Path) -> None:
    scenes, made = world_data.make("image", 2, 5, tmp_path)
    (tmp_path / "image-2-5.json").unlink()
    again, media = world_data.make("image", 2, 5, tmp_path)
    assert again == scenes
    np.testing.assert_array_equal(media, made)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["image-2-5.json", "image-2-5.npy"]
