"""Pocket from nothing: the whole recipe with a few steps a stage, stopped and taken up again."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from plugins.errors import KnownError
from runtime.bundle.bundle import read_manifest
from runtime.components.verify import verify_bundle
from training.pocket import run as pocket
from training.pocket.alignment_stages import Alignment, Denoising, beyond
from training.pocket.bundle import EXAMPLES
from training.pocket.recipe import STAGES, Recipe
from training.pocket.sequences import SIGNAL_COUNTS
from training.pocket.text_encoders import READS
from training.trainer import loop
from training.trainer.progress import LossLog, read_done, read_progress
from training.trainer.stages import Stages

# peft asks transformers by a name that is going away.
pytestmark = [
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning"),
    pytest.mark.usefixtures("one_thread"),
]

RECIPE = replace(
    Recipe().shrunk(),
    text_steps=6, sound_vae_steps=6, audio_steps=6, encoder_steps=6, language_steps=6,
    stage1_steps=6, stage2_steps=6, stage3_steps=6, stage4_steps=6, unet_average=0.9,
)  # fmt: skip
KINDS = (
    "audio-text", "sound-vae", "audio-unet", "encoder", "language", "stage1", "stage2", "stage3",
    "stage4",
)  # fmt: skip
"""One stage of every kind."""
KILLED = [
    name if name in ("audio-text", "stage4") else pytest.param(name, marks=pytest.mark.soak)
    for name in KINDS
]
children = multiprocessing.get_context("forkserver")
children.set_forkserver_preload(["training.pocket.run"])


def work(run: Path, names: Sequence[str]) -> None:
    """Stages of a run, in a process of their own; a checkpoint a step."""
    torch.set_num_threads(1)
    assert loop.train.__kwdefaults__ is not None
    loop.train.__kwdefaults__["checkpoint_steps"] = 1
    for name in names:
        pocket.train_one(Stages(run), name, RECIPE)


def begin(run: Path, names: Sequence[str]) -> BaseProcess:
    child = children.Process(target=work, args=(run, names))
    child.start()
    return child


def end(child: BaseProcess) -> None:
    child.join()
    assert child.exitcode == 0


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that was not interrupted, all but its bundle."""
    run = tmp_path_factory.mktemp("school") / "run"
    end(begin(run, [stage.name for stage in STAGES if stage.name != "export"]))
    return run


@pytest.fixture(scope="module")
def finished(trained: Path) -> Path:
    """The same with its bundle."""
    assert pocket.main(resume=True, device="auto", out=trained, recipe=RECIPE) == trained / "bundle"
    return trained


def weights(run: Path, stage: str) -> dict[str, Tensor]:
    return load_file(run / stage / "model.safetensors")


def changed(run: Path, before: str, after: str) -> set[str]:
    """Names of the weights that a stage moved."""
    old, new = weights(run, before), weights(run, after)
    assert list(old) == list(new)
    return {name for name in old if not torch.equal(old[name], new[name])}


def test_a_run_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "picture-text").mkdir()
    with pytest.raises(KnownError, match="already holds a run; add --resume"):
        pocket.main(resume=False, device="cpu", out=tmp_path, recipe=Recipe().shrunk())
    assert [path.name for path in tmp_path.iterdir()] == ["picture-text"]


@pytest.mark.parametrize("device", ["cuda:99", "processor", "cuda:x", "cpu:1"])
def test_a_device_that_is_not_there_is_refused(tmp_path: Path, device: str) -> None:
    with pytest.raises(KnownError, match="device"):
        pocket.main(resume=False, device=device, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_stage_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"audio-unet needs data, audio-text, sound-vae, not done"):
        pocket.main(resume=False, device="cpu", out=tmp_path, only="audio-unet")
    with pytest.raises(KnownError, match=r"no stage 'stage'; did you mean 'stage[1-4]'\?"):
        pocket.main(resume=False, device="cpu", out=tmp_path, only="stage")


def test_every_stage_of_the_recipe_has_its_work_and_needs_only_earlier_ones() -> None:
    names = [stage.name for stage in STAGES]
    assert list(pocket.WORK) == names
    for at, stage in enumerate(STAGES):
        assert set(stage.needs) <= set(names[:at]), stage.name


@pytest.mark.slow
def test_one_stage_alone_is_a_command_with_a_checkpoint_and_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = pocket.main(resume=False, device="cpu", out=tmp_path, only="audio-text", recipe=RECIPE)
    assert ended is None
    printed = capsys.readouterr().out
    done = read_done(tmp_path / "audio-text" / "done")
    assert done is not None
    assert done.parameters is not None
    assert f"audio-text: training {done.parameters}" in printed
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["audio-text"]
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    row = next(line for line in printed.splitlines() if "text encoder of sounds" in line)
    assert f"{done.parameters.trained:,}" in row
    assert "100 %" in row


@pytest.mark.slow
def test_every_stage_is_done_and_leaves_no_checkpoint(finished: Path) -> None:
    assert {path.parent.name for path in finished.glob("*/done")} == {s.name for s in STAGES}
    assert not list(finished.rglob("checkpoint.pt*"))
    assert not list(finished.rglob("*.part"))


@pytest.mark.slow
def test_the_bundle_stays_under_60_megabytes(finished: Path) -> None:
    """Steps and media are few here; the widths and the vocabulary are the recipe's."""
    files = [file for file in (finished / "bundle").rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= 60_000_000


@pytest.mark.slow
def test_shares_are_of_the_whole_model(trained: Path) -> None:
    counted = {
        stage.name: done.parameters
        for stage in STAGES
        if (done := read_done(trained / stage.name / "done"))
    }
    nothing = {name for name, found in counted.items() if found is None}
    assert nothing - {"export"} == {"data", "features"}
    first, second, last = (counted[f"stage{number}"] for number in (1, 2, 4))
    assert first is not None
    assert second is not None
    assert last is not None
    whole = sum(p.numel() for p in Alignment(trained, RECIPE).model.parameters())
    assert first.total == second.total == last.total > whole + 5_000_000
    # The rows of 16 signal tokens, 256 wide, in the embedding and in the head.
    assert second.trained == last.trained + 2 * 256 * sum(SIGNAL_COUNTS.values())


@pytest.mark.slow
def test_decoders_count_before_they_are_trained(trained: Path, tmp_path: Path) -> None:
    for name in ("encoder", *READS):
        (tmp_path / name).symlink_to(trained / name)
    assert beyond(tmp_path) == beyond(trained) > 5_000_000


@pytest.mark.soak
def test_stages_side_by_side_leave_what_they_leave_one_after_the_other(
    finished: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    missing = ("audio-text", "sound-vae", "audio-unet", "stage4")
    for stage in STAGES:
        if stage.name not in missing:
            shutil.copytree(finished / stage.name, tmp_path / stage.name)
    ended = pocket.main(resume=True, device="cpu", out=tmp_path, at_once=2, recipe=RECIPE)
    assert ended == tmp_path / "bundle"
    assert verify_bundle(tmp_path / "bundle").ok
    for name in missing:
        one, other = results(finished / name), results(tmp_path / name)
        assert one.keys() == other.keys()
        assert all(torch.equal(tensor, other[key]) for key, tensor in one.items()), name
    said = capfd.readouterr().out
    assert said.index("sound-vae: done") < said.index("audio U-Net: training")


@pytest.mark.soak
def test_processes_share_the_batches_of_a_stage(trained: Path, tmp_path: Path) -> None:
    for name in ("data", "audio-text", "sound-vae"):
        shutil.copytree(trained / name, tmp_path / name)
    recipe = replace(RECIPE, audio_steps=2)
    ended = pocket.main(
        resume=True, device="cpu", out=tmp_path, only="audio-unet", processes=2, recipe=recipe
    )
    assert ended is None
    done = read_done(tmp_path / "audio-unet" / "done")
    assert done is not None
    assert done.device == "cpu, 1 threads"
    assert [line["step"] for line in LossLog(tmp_path / "audio-unet" / "losses.jsonl").read()] == [
        2
    ]
    assert recipe.shared(2).audio_batch == recipe.audio_batch // 2


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
def test_the_first_stage_moves_the_input_projection_only(trained: Path) -> None:
    before = Alignment(trained, RECIPE).model.state_dict()
    after = weights(trained, "stage1")
    assert before.keys() == after.keys()
    moved = {name for name in after if not torch.equal(before[name], after[name])}
    assert moved
    assert all(name.startswith("input_projection.") for name in moved)


@pytest.mark.slow
def test_the_second_stage_moves_output_projections_and_the_rows_of_signal_tokens_only(
    trained: Path,
) -> None:
    rows = {"language.model.embed_tokens.weight", "language.lm_head.weight"}
    moved = changed(trained, "stage1", "stage2")
    assert rows <= moved
    assert all(name in rows or name.startswith("output_projections.") for name in moved)
    signals = {i for ids in Alignment(trained, RECIPE).writer.signal_ids.values() for i in ids}
    old, new = weights(trained, "stage1"), weights(trained, "stage2")
    for name in rows:
        different = (old[name] != new[name]).any(dim=1).nonzero().flatten().tolist()
        assert set(different) <= signals
        assert different


@pytest.mark.slow
def test_the_decoding_side_learns_from_captions_and_from_every_decoder(trained: Path) -> None:
    for stage, denoised in (("stage2", {"image", "audio"}), ("stage4", {"video"})):
        lines = LossLog(trained / stage / "losses.jsonl").read()
        parts = {key for line in lines for key in line}
        assert {key for key in parts if key.endswith(" denoising")} == {
            f"{modality} denoising" for modality in denoised
        }
        assert parts & set(SIGNAL_COUNTS)


@pytest.mark.slow
@pytest.mark.parametrize("modality", SIGNAL_COUNTS)
def test_denoising_teaches_the_projection_and_nothing_of_the_decoder(
    trained: Path, modality: str
) -> None:
    alignment = Alignment(trained, RECIPE)
    alignment.load("stage1")
    alignment.model.requires_grad_(False)
    alignment.model.output_projections.requires_grad_(True)
    decoder = Denoising(modality, alignment)
    loss = decoder.loss(np.random.default_rng(0))
    loss.backward()
    assert 0 < loss.item() < 5
    taught = {
        name
        for name, parameter in alignment.model.named_parameters()
        if parameter.grad is not None and parameter.grad.abs().sum() > 0
    }
    assert taught
    assert all(name.startswith(f"output_projections.{modality}.") for name in taught)
    assert all(parameter.grad is None for parameter in decoder.unet.parameters())


@pytest.mark.slow
def test_the_third_stage_moves_all_but_the_norms_of_the_language_model(trained: Path) -> None:
    moved = changed(trained, "stage2", "stage3")
    language = {name for name in weights(trained, "stage3") if name.startswith("language.")}
    assert language - moved == {name for name in language if "norm" in name}
    for part in ("input_projection.", "output_projections."):
        assert any(name.startswith(part) for name in moved)


@pytest.mark.slow
def test_the_last_stage_moves_the_output_projections_only(trained: Path) -> None:
    moved = changed(trained, "stage3", "stage4")
    assert moved
    assert all(name.startswith("output_projections.") for name in moved)


def apart_from(run: Path, name: str, tmp_path: Path) -> Path:
    """A run that lacks one stage and reads the others of `run`."""
    other = tmp_path / "run"
    other.mkdir()
    for stage in STAGES:
        if stage.name != name and (run / stage.name).is_dir():
            (other / stage.name).symlink_to(run / stage.name)
    return other


def results(folder: Path) -> dict[str, Tensor]:
    """Every tensor that a stage left."""
    return {
        f"{path.relative_to(folder)}/{name}": tensor
        for path in sorted(folder.rglob("*.safetensors"))
        for name, tensor in load_file(path).items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", KILLED)
def test_a_stage_that_is_killed_at_random_and_resumed_ends_bit_for_bit_where_it_would_have(
    trained: Path, tmp_path: Path, name: str
) -> None:
    run = apart_from(trained, name, tmp_path)
    rng = random.Random()
    wanted = 2 if name == "audio-text" else 1
    kills, latest = 0, 0
    while kills < wanted:
        # Somewhere after a step that was not reached before.
        latest = rng.randint(latest, 3 + kills)
        child = begin(run, [name])
        while child.is_alive() and not reached(run / name, latest):
            time.sleep(0.002)
        time.sleep(rng.random() * 0.05)
        child.kill()
        child.join()
        if child.exitcode == -signal.SIGKILL:
            kills += 1
        else:  # It had ended before: once more from the beginning.
            assert child.exitcode == 0
            shutil.rmtree(run / name)
            kills = latest = 0
    assert not (run / name / "done").exists()
    end(begin(run, [name]))

    whole, resumed = results(trained / name), results(run / name)
    assert whole.keys() == resumed.keys()
    different = [one for one, tensor in whole.items() if not torch.equal(tensor, resumed[one])]
    assert different == []
    logs = [(folder / name / "losses.jsonl").read_text() for folder in (trained, run)]
    assert logs[0] == logs[1]


def reached(folder: Path, step: int) -> bool:
    found = read_progress(folder / "progress.json")
    return folder.is_dir() if step == 0 else found is not None and found.step >= step
