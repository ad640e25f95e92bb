"""Stages are done once, in their own folders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from plugins.errors import KnownError
from training.pocketworld import media_cache
from training.trainer import progress
from training.trainer.progress import Parameters, Progress
from training.trainer.stages import START, Stage, Stages, check_needs, find, take_again


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


def test_the_time_of_killed_sessions_counts(tmp_path: Path) -> None:
    reached = Progress(40, 100, 500.0, Parameters(3, 4), "cpu, 2 threads")
    progress.write(reached, tmp_path / "one" / "progress.json")

    def finish(folder: Path) -> None:
        last = Progress(100, 100, 1250.0, Parameters(3, 4), "cpu, 2 threads")
        progress.write(last, folder / "progress.json")
        (folder / "checkpoint.pt").write_bytes(b"state")

    Stages(tmp_path).run("one", finish)
    done = progress.read_done(tmp_path / "one" / "done")
    assert done is not None
    assert 500 <= done.seconds < 600
    assert (done.parameters, done.device) == (Parameters(3, 4), "cpu, 2 threads")
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["done"]


def test_of_several_processes_the_main_one_leaves_its_results(tmp_path: Path) -> None:
    waits: list[str] = []
    seen: list[Path] = []

    def work(folder: Path) -> None:
        assert folder.is_dir()
        (folder / "result").write_text("made")
        seen.append(folder)

    for main in (False, True):
        stages = Stages(tmp_path, main=main, wait=lambda: waits.append("waited"))
        stages.run("one", work)
    assert len(waits) == 4
    assert seen[1] == tmp_path / "one"
    assert not seen[0].exists()
    assert (tmp_path / "one" / "result").read_text() == "made"


def test_a_name_that_no_stage_has_is_answered_with_the_nearest() -> None:
    known = [Stage("stage1", "one"), Stage("encoder", "two")]
    assert find("encoder", known) is known[1]
    with pytest.raises(KnownError, match="'encode'; did you mean 'encoder'"):
        find("encode", known)
    with pytest.raises(KnownError, match=r"'xyz'. Known: stage1, encoder\."):
        find("xyz", known)


def test_what_a_stage_needs_must_be_done(tmp_path: Path) -> None:
    stage = Stage("two", "much", ("zero", "one"))
    with pytest.raises(KnownError, match=r"two needs zero, one, not done in .*do them first"):
        check_needs(stage, tmp_path)
    for name in stage.needs:
        Stages(tmp_path).run(name, lambda _: None)
    check_needs(stage, tmp_path)


@pytest.mark.parametrize("modality", ["image", "audio", "video"])
def test_media_of_a_run_are_made_once_and_always_the_same(tmp_path: Path, modality: str) -> None:
    scenes, made = media_cache.make(modality, 3, 5, tmp_path / "a")
    again, kept = media_cache.make(modality, 3, 5, tmp_path / "a")
    other, fresh = media_cache.make(modality, 3, 5, tmp_path / "b")
    assert scenes == again == other
    np.testing.assert_array_equal(made, kept)
    np.testing.assert_array_equal(made, fresh)
    assert isinstance(kept, np.memmap)
    assert not any(scene.held_out for scene in scenes)
    longer, more = media_cache.make(modality, 4, 5, tmp_path / "a")
    assert longer[:3] == scenes
    np.testing.assert_array_equal(more[:3], made)


def test_media_of_held_out_scenes_are_kept_apart(tmp_path: Path) -> None:
    plain, _ = media_cache.make("image", 2, 5, tmp_path)
    held, _ = media_cache.make("image", 2, 5, tmp_path, held_out=True)
    assert all(scene.held_out for scene in held)
    assert media_cache.make("image", 2, 5, tmp_path)[0] == plain


def test_media_whose_scenes_were_cut_off_by_a_kill_are_made_again(tmp_path: Path) -> None:
    scenes, made = media_cache.make("image", 2, 5, tmp_path)
    (tmp_path / "image-2-5.json").unlink()
    again, media = media_cache.make("image", 2, 5, tmp_path)
    assert again == scenes
    np.testing.assert_array_equal(media, made)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["image-2-5.json", "image-2-5.npy"]


def test_a_stage_learns_further_from_its_own_result(tmp_path: Path) -> None:
    stages = (Stage("unet", "denoising", result="unet"), Stage("data", "nothing"))
    folder = tmp_path / "unet"
    (folder / "unet").mkdir(parents=True)
    (folder / "unet" / "weights").write_text("first")
    (folder / "losses.jsonl").write_text("{}\n")
    with pytest.raises(KnownError, match=r"unet is not done in .*; finish it with --only"):
        take_again(stages[0], stages, tmp_path)
    (folder / "done").write_text('{"seconds": 1.0}')

    take_again(stages[0], stages, tmp_path)

    assert (folder / START / "unet" / "weights").read_text() == "first"
    assert [path.name for path in folder.iterdir()] == [START]
    with pytest.raises(KnownError, match=r"data cannot learn further; those that can: unet\."):
        take_again(stages[1], stages, tmp_path)
