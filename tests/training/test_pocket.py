"""Pocket from nothing: the whole recipe with a few steps a stage, stopped and taken up again."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from plugins.errors import KnownError
from runtime.bundle import read_manifest, verify_bundle
from training import pocket
from training.align import School
from training.pocket_bundle import EXAMPLES
from training.recipe import Recipe
from training.sequences import SIGNAL_COUNTS
from training.stages import Stages

# peft asks transformers by a name that is going away.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")

STAGES = (
    "image-text", "audio-text", "video-text", "picture-vae", "image-unet", "sound-vae",
    "audio-unet", "video-unet", "picture-decoder", "encoder", "language", "features", "stage1",
    "stage2", "stage3", "stage4",
)  # fmt: skip
KILLED = """
import os, signal, sys
from pathlib import Path

import torch

from training import loop, pocket
from training.recipe import Recipe

torch.set_num_threads(1)
loop.train.__kwdefaults__["checkpoint_s"] = 0.0
save = loop.save_atomically


def save_and_die(state, path):
    save(state, path)
    if path.parent.name == "stage2" and state["step"] == 2:
        os.kill(os.getpid(), signal.SIGKILL)


loop.save_atomically = save_and_die
pocket.main(resume=True, device="cpu", out=Path(sys.argv[1]), recipe=Recipe().shrunk())
"""


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module", autouse=True)
def short_evaluation() -> Iterator[None]:
    """One case a direction at the end: hardly trained answers run to their full length."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pocket, "FIRST_EVALUATION", 1)
        yield


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that was not interrupted."""
    folder = tmp_path_factory.mktemp("school") / "run"
    assert pocket.main(resume=False, device="auto", out=folder, recipe=Recipe().shrunk()) == 0
    return folder


def weights(run: Path, stage: str) -> dict[str, Tensor]:
    return load_file(run / stage / "model.safetensors")


def changed(run: Path, before: str, after: str) -> set[str]:
    """Names of the weights that a stage moved."""
    old, new = weights(run, before), weights(run, after)
    assert list(old) == list(new)
    return {name for name in old if not torch.equal(old[name], new[name])}


def apart(one: dict[str, Tensor], other: dict[str, Tensor]) -> float:
    """Euclidean distance of two sets of weights."""
    assert one.keys() == other.keys()
    return sum(float((one[name] - other[name]).square().sum()) for name in one) ** 0.5


def test_a_run_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "image-text").mkdir()
    with pytest.raises(KnownError, match="already holds a run; add --resume"):
        pocket.main(resume=False, device="cpu", out=tmp_path, recipe=Recipe().shrunk())
    assert [path.name for path in tmp_path.iterdir()] == ["image-text"]


@pytest.mark.parametrize("device", ["cuda", "cuda:1", "processor"])
def test_a_device_that_the_recipe_does_not_run_on_is_refused(tmp_path: Path, device: str) -> None:
    with pytest.raises(KnownError, match=f"expected device auto or cpu, found '{device}'"):
        pocket.main(resume=False, device=device, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_every_stage_is_done_and_leaves_no_checkpoint(finished: Path) -> None:
    assert {path.parent.name for path in finished.glob("*/done")} == set(STAGES)
    assert not list(finished.rglob("checkpoint.pt*"))


@pytest.mark.slow
def test_the_bundle_is_whole(finished: Path) -> None:
    report = verify_bundle(finished / "bundle")
    assert report.ok, [line for line in report.lines if line.problem]
    manifest = read_manifest(finished / "bundle")
    assert manifest.routing == "projected"
    assert manifest.examples == EXAMPLES
    assert {m: len(s.token_ids) for m, s in manifest.signals.items()} == SIGNAL_COUNTS


@pytest.mark.slow
def test_the_bundle_does_not_say_where_it_was_trained(finished: Path) -> None:
    for path in (p for p in (finished / "bundle").rglob("*") if p.is_file()):
        assert str(finished).encode() not in path.read_bytes(), path


@pytest.mark.slow
def test_the_first_stage_moves_the_input_projection_only(finished: Path) -> None:
    before = School(finished, Recipe().shrunk()).model.state_dict()
    after = weights(finished, "stage1")
    assert before.keys() == after.keys()
    moved = {name for name in after if not torch.equal(before[name], after[name])}
    assert moved
    assert all(name.startswith("input_projection.") for name in moved)


@pytest.mark.slow
def test_the_second_stage_moves_output_projections_and_the_rows_of_signal_tokens_only(
    finished: Path,
) -> None:
    rows = {"language.model.embed_tokens.weight", "language.lm_head.weight"}
    moved = changed(finished, "stage1", "stage2")
    assert rows <= moved
    assert all(name in rows or name.startswith("output_projections.") for name in moved)
    manifest = read_manifest(finished / "bundle")
    signals = {i for s in manifest.signals.values() for i in s.token_ids}
    old, new = weights(finished, "stage1"), weights(finished, "stage2")
    for name in rows:
        different = (old[name] != new[name]).any(dim=1).nonzero().flatten().tolist()
        assert set(different) <= signals
        assert different


@pytest.mark.slow
def test_the_third_stage_moves_all_but_the_norms_of_the_language_model(finished: Path) -> None:
    moved = changed(finished, "stage2", "stage3")
    language = {name for name in weights(finished, "stage3") if name.startswith("language.")}
    assert language - moved == {name for name in language if "norm" in name}
    for part in ("input_projection.", "output_projections."):
        assert any(name.startswith(part) for name in moved)


@pytest.mark.slow
def test_the_last_stage_moves_the_output_projections_only(finished: Path) -> None:
    moved = changed(finished, "stage3", "stage4")
    assert moved
    assert all(name.startswith("output_projections.") for name in moved)


@pytest.mark.slow
def test_a_run_that_was_killed_and_resumed_ends_where_an_uninterrupted_one_does(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    later = shutil.ignore_patterns("stage*", "bundle")
    shutil.copytree(finished, run, ignore=later)
    root = Path(pocket.__file__).parents[1]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(run)], cwd=root, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert (run / "stage1" / "done").is_file()
    assert (run / "stage2" / "checkpoint.pt").is_file()
    assert not (run / "stage2" / "done").exists()

    pocket.train_all(Stages(run), Recipe().shrunk())

    printed = capsys.readouterr().out
    assert "stage1: done before" in printed
    assert "stage2: done before" not in printed
    assert apart(weights(run, "stage1"), weights(finished, "stage1")) == 0.0
    # Another order of additions rounds otherwise; another batch is as far away as a stage's way.
    way = apart(weights(finished, "stage1"), weights(finished, "stage2"))
    assert apart(weights(run, "stage2"), weights(finished, "stage2")) < 1e-3 * way
    whole, resumed = read_manifest(finished / "bundle"), read_manifest(run / "bundle")
    assert resumed.files.keys() == whole.files.keys()
    untouched = [path for path in whole.files if path.startswith(("decoders/", "encoder"))]
    assert {p: resumed.files[p] for p in untouched} == {p: whole.files[p] for p in untouched}
    assert verify_bundle(run / "bundle").ok
