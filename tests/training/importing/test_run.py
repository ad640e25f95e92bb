"""A whole checkpoint becomes a bundle that answers, and a run that was killed goes on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from plugins.errors import Cancelled, KnownError
from runtime.bundle.bundle import Bundle
from runtime.components.verify import verify_bundle
from tests.training.importing.checkpoints import SMALL, Checkpoint, write_all
from training.importing import run as importing
from training.importing.plan import Wishes, make_plan
from training.importing.run import Progress, run, work_folder


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return write_all(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.mark.parametrize("quantize", [None, "Q8_0"])
def test_a_bundle_is_made_and_is_sound(
    checkpoint: Checkpoint, home: Path, quantize: str | None
) -> None:
    told: list[Progress] = []
    plan = make_plan(checkpoint.sources, Wishes("small", quantize), SMALL)
    folder = run(plan, told.append)
    report = verify_bundle(folder)
    assert [line for line in report.lines if line.problem] == []
    bundle = Bundle.open(folder)
    manifest = bundle.manifest
    assert manifest.language_model.n_vocab == SMALL.n_vocab + 38
    assert manifest.signals["image"].token_ids == SMALL.signal_ids("image")
    assert manifest.template.media_marks == "text"
    assert {licence.spdx for licence in manifest.licences} >= {"CC-BY-NC-SA-4.0", "CC-BY-NC-4.0"}
    assert told[-1].done == told[-1].total
    assert not work_folder("small").exists()
    assert sorted(p.name for p in folder.iterdir() if p.suffix == ".gguf") == ["llm.gguf"]


def test_projections_and_decoders_are_the_same_to_the_bit(
    checkpoint: Checkpoint, home: Path
) -> None:
    folder = run(make_plan(checkpoint.sources, Wishes("small"), SMALL))
    for modality, middle in (("image", ""), ("video", "_video"), ("audio", "_audio")):
        for name, tensor in load_file(folder / f"output_{modality}.safetensors").items():
            assert torch.equal(tensor, checkpoint.delta[f"gen_text_hidden_fcs{middle}.0.{name}"])
    own = load_file(checkpoint.sources.audio / "vocoder/model.safetensors")
    copied = load_file(folder / "decoders/audio/vocoder/model.safetensors")
    assert own.keys() == copied.keys()
    assert all(torch.equal(own[name], copied[name]) for name in own)
    index = json.loads((folder / "decoders/image/model_index.json").read_text("utf-8"))
    assert "safety_checker" not in index
    assert not (folder / "decoders/image/safety_checker").exists()


def test_what_is_left_out_is_listed(checkpoint: Checkpoint) -> None:
    plan = make_plan(checkpoint.sources, Wishes("small"), SMALL)
    assert "modality_heads.thermal.2.weight" in plan.left_out
    assert "image: safety_checker" in plan.left_out
    assert len([name for name in plan.left_out if name.startswith("modality_")]) == 6


def test_a_stopped_import_goes_on_with_the_part_under_way(
    checkpoint: Checkpoint, home: Path
) -> None:
    plan = make_plan(checkpoint.sources, Wishes("small", "Q8_0"), SMALL)

    def stop(progress: Progress) -> None:
        if progress.title == "the decoder of pictures":
            raise Cancelled

    with pytest.raises(Cancelled):
        run(plan, stop)
    made = work_folder("small") / "bundle"
    kept = {name: (made / name).stat() for name in ("llm.gguf", "encoder.safetensors")}
    assert not (work_folder("small") / "llm-f16.gguf").exists()

    told: list[Progress] = []
    folder = run(plan, told.append)
    assert {one.title for one in told if one.kept} == {
        "the language model as Q8_0", "the projections", "the encoder",
    }  # fmt: skip
    for name, before in kept.items():
        after = (folder / name).stat()
        assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_part_that_was_changed_is_made_again(checkpoint: Checkpoint, home: Path) -> None:
    plan = make_plan(checkpoint.sources, Wishes("small"), SMALL)

    def stop(progress: Progress) -> None:
        if progress.title == "the decoder of pictures":
            raise Cancelled

    with pytest.raises(Cancelled):
        run(plan, stop)
    encoder = work_folder("small") / "bundle/encoder.safetensors"
    whole = encoder.read_bytes()
    encoder.write_bytes(whole[:-1] + b"?")
    told: list[Progress] = []
    folder = run(plan, told.append)
    assert "the encoder" not in {one.title for one in told if one.kept}
    assert (folder / "encoder.safetensors").read_bytes() == whole


def test_a_disk_without_room_is_refused_before_anything_is_written(
    checkpoint: Checkpoint, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(checkpoint.sources, Wishes("small"), SMALL)
    usage = shutil._ntuple_diskusage(10**9, 10**9, 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(KnownError, match=r"expected 0\.\d GB of free disk .* found 0\.0 GB"):
        run(plan)
    assert not list((work_folder("small") / "bundle").iterdir())


def test_a_name_that_is_taken_is_refused(checkpoint: Checkpoint, home: Path) -> None:
    plan = make_plan(checkpoint.sources, Wishes("pocket"), SMALL)
    with pytest.raises(KnownError, match="found one that Medley has given already"):
        run(plan)


def test_wishes_are_in_the_manifest(checkpoint: Checkpoint, home: Path) -> None:
    wishes = Wishes("small", marks="token", spread="within")
    manifest = Bundle.open(run(make_plan(checkpoint.sources, wishes, SMALL))).manifest
    assert manifest.template.media_marks == "token"
    assert manifest.encoder is not None
    assert manifest.encoder.config["audio"]["spread"] == "within"
    assert manifest.encoder.config["vision"]["spread"] == "within"


def test_a_format_that_nobody_makes_is_refused(checkpoint: Checkpoint) -> None:
    wishes = Wishes("small", "Q2_K")
    with pytest.raises(KnownError, match="expected Q4_K_M or Q8_0, found Q2_K"):
        make_plan(checkpoint.sources, wishes, SMALL)
    assert importing.work_folder("small").name == ".small.importing"
