"""`medley train align` on tiny parts: from a chat model, an encoder, renderers and data to a bundle
that answers, through kills."""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import training.align.run
from plugins import switches
from runtime.bundle.bundle import Bundle
from runtime.components.load import signal_rows
from runtime.components.verify import verify_bundle
from runtime.engine import Engine
from runtime.messages import (
    ArtifactReady,
    Event,
    MediaPart,
    Message,
    Sampling,
    TextPart,
    Turn,
    TurnDone,
)
from tests import sketches, tiny_llama
from tests.runtime.making_media import write_picture
from tests.sketches import write_requests
from tests.training.align.making import WISHES, align, wanted
from training.align import stages as stages_module
from training.gguf.quantize import quantize

pytestmark = pytest.mark.slow
ROOT = Path(training.align.run.__file__).parents[2]
KILLED = """
import functools, os, signal, sys
from pathlib import Path

import pytest

from tests import sketches
from training.align import settings, stages
from training.align.run import main
from training.nextgpt import model

run, at = Path(sys.argv[1]), int(sys.argv[2])
calls, losses = [0], model.NextGpt.losses


def counted(*given):
    calls[0] += 1
    if calls[0] == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return losses(*given)


model.NextGpt.losses = counted
stages.train = functools.partial(stages.train, checkpoint_steps=1)
with pytest.MonkeyPatch.context() as patch:
    sketches.install(run.parent / "site", patch)
    wanted = settings.read(Path(sys.argv[3]))
    main(wanted, out=run, resume=False, device="cpu", enabled_plugins={"sketch"})
"""


def answers(bundle: Bundle, *parts: Any, only: str = "sketch") -> list[Event]:
    turn = Turn(
        (Message("user", parts),), allowed=(only,), seed=3, sampling=Sampling(max_new_tokens=4)
    )
    with Engine(bundle, threads=1, device="cpu", enabled_plugins={"sketch"}) as engine:
        events = list(engine.answer(turn))
    assert isinstance(events[-1], TurnDone), events[-1]
    return events


def made(events: list[Event]) -> ArtifactReady:
    (one,) = [event for event in events if isinstance(event, ArtifactReady)]
    return one


@pytest.fixture(scope="module")
def aligned(
    chat_model: Path, tiny_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A run with an encoder, the plugin's renderer and a diffusion decoder, on mixed data."""
    folder = tmp_path_factory.mktemp("aligned")
    pairs = [{"image_name": f"{i}.png", "caption": f"a boat {i}"} for i in range(3)]
    data = write_requests(folder / "data", WISHES, others=pairs)
    for i in range(3):
        write_picture(data / f"{i}.png")
    decoder = tiny_bundle.folder / "decoders" / "image"
    align(
        wanted(
            chat_model, data, renderers=("sketch.svg", str(decoder)), name="mine",
            encoder=str(tiny_bundle.folder), signals={"image": 2},
        ),
        folder / "run",
    )  # fmt: skip
    return folder / "run"


def test_the_bundle_is_sound_and_says_what_it_holds(aligned: Path) -> None:
    bundle = Bundle.open(aligned / "bundle")

    assert bundle.name == "mine"
    assert set(bundle.modalities) == {"text", "sketch", "image"}
    sketch, image = bundle.signal("sketch"), bundle.signal("image")
    assert (sketch.renderer, sketch.decoder, sketch.condition_shape) == ("sketch.svg", "", (4, 16))
    assert (len(sketch.token_ids), len(image.token_ids)) == (4, 2)
    assert image.settings["steps"] == 2
    report = verify_bundle(bundle.folder, enabled_plugins={"sketch"})
    assert report.ok, [line for line in report.lines if line.problem]
    off = verify_bundle(bundle.folder)
    assert [line.what for line in off.lines if line.problem] == ["decoder sketch"]


def test_the_bundle_answers_in_the_fourth_modality(aligned: Path) -> None:
    artifact = made(answers(Bundle.open(aligned / "bundle"), TextPart("sketch a red circle")))

    assert (artifact.modality, artifact.extension) == ("sketch", ".svg")
    assert sketches.measure(artifact.data)


def test_the_bundle_takes_in_pictures_and_makes_them(aligned: Path, tmp_path: Path) -> None:
    picture = write_picture(tmp_path / "seen.png")
    bundle = Bundle.open(aligned / "bundle")

    events = answers(bundle, MediaPart("image", str(picture)), TextPart("draw it"), only="image")

    assert made(events).mime == "image/png"


def test_a_run_leaves_its_losses_and_what_it_skipped(aligned: Path) -> None:
    assert (aligned / "losses.png").read_bytes().startswith(b"\x89PNG")
    assert (aligned / "skipped.jsonl").read_text() == ""
    for stage, parts in (("stage1", {"text"}), ("stage2", {"text", "sketch", "image"})):
        lines = (aligned / stage / "losses.jsonl").read_text().splitlines()
        assert set(json.loads(lines[-1])) <= parts | {"step", "loss"}


def test_a_stage_trains_what_the_paper_trains_and_nothing_else(aligned: Path) -> None:
    stages = [load_file(aligned / f"stage{i}" / stages_module.RESULT) for i in (1, 2, 3, 4)]
    one, two, three, four = stages

    def moved(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
        names = (name for name in before if not torch.equal(before[name], after[name]))
        return {name.split(".")[0] if "lora" not in name else "lora" for name in names}

    assert moved(one, two) == {"output_projections", "language"}
    assert not any(t.abs().sum() for name, t in two.items() if "lora_B" in name)
    assert {"lora", "output_projections"} <= moved(two, three)
    assert moved(three, four) == {"output_projections"}


def test_a_gguf_keeps_its_tokenizer_and_what_was_not_trained(tmp_path: Path, data: Path) -> None:
    exact = tiny_llama.write_gguf(tiny_llama.random_llama(64), tmp_path / "exact.gguf")
    quantize(exact, tmp_path / "q8.gguf", "Q8_0", n_threads=1)
    (tmp_path / "template").mkdir()
    settings = wanted(tmp_path / "q8.gguf", data, template=str(_template(tmp_path)))

    bundle = align(settings, tmp_path / "run", stage=2)

    before = {t.name: t for t in gguf.GGUFReader(tmp_path / "q8.gguf").tensors}
    after = {t.name: t for t in gguf.GGUFReader(bundle.path("llm.gguf")).tensors}
    other = {n for n in before if not np.array_equal(before[n].data, after[n].data)}
    assert other == {"token_embd.weight", "output.weight"}
    assert made(answers(bundle, TextPart("sketch"))).modality == "sketch"
    assert not (tmp_path / "run" / "stage3").exists()


def _template(tmp_path: Path) -> Path:
    from tests.tiny_bundle import write_tiny_bundle

    return write_tiny_bundle(tmp_path / "tiny").folder


def test_a_bundle_learns_another_modality_and_keeps_its_own(
    tiny_bundle: Bundle, tmp_path: Path, data: Path
) -> None:
    bundle = align(wanted(tiny_bundle.folder, data), tmp_path / "run", stage=2)

    assert set(bundle.modalities) == {*tiny_bundle.modalities, "sketch"}
    for modality, spec in tiny_bundle.manifest.signals.items():
        before = load_file(tiny_bundle.path(spec.projection))
        after = load_file(bundle.path(bundle.signal(modality).projection))
        assert all(torch.equal(before[n].half(), after[n]) for n in before)
        assert bundle.signal(modality).token_ids == spec.token_ids
        rows = signal_rows(tiny_bundle)[modality], signal_rows(bundle)[modality]
        np.testing.assert_array_equal(*rows)
    assert bundle.manifest.input_projection is not None
    assert made(answers(bundle, TextPart("draw"), only="audio")).mime == "audio/wav"


def test_a_run_that_is_killed_and_resumed_ends_with_the_same_weights(
    chat_model: Path, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    often = functools.partial(stages_module.train, checkpoint_steps=1)
    monkeypatch.setattr(stages_module, "train", often)
    settings = wanted(chat_model, data, steps=4)
    align(settings, tmp_path / "whole")
    killed = tmp_path / "killed"
    command = [sys.executable, "-c", KILLED, str(killed), "7"]
    done = subprocess.run(
        [*command, str(tmp_path / "whole" / "settings.json")],
        cwd=ROOT, capture_output=True, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert (killed / "stage2" / "done").is_file()
    assert torch.load(killed / "stage3" / "checkpoint.pt", weights_only=True)["step"] == 2

    align(settings, killed, resume=True)

    for file in ("stage3/trained.safetensors", "bundle/output_projection_sketch.safetensors"):
        one, other = load_file(killed / file), load_file(tmp_path / "whole" / file)
        assert all(torch.equal(one[name], other[name]) for name in other)


def test_data_without_media_make_a_bundle_that_takes_in_text(
    chat_model: Path, tiny_bundle: Bundle, tmp_path: Path, data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    settings = wanted(chat_model, data, encoder=str(tiny_bundle.folder), steps=1)

    bundle = align(settings, tmp_path / "run", stage=2)

    assert bundle.manifest.encoder is None
    assert "the bundle takes in text only" in capsys.readouterr().out


def test_what_was_aligned_is_asked_from_the_command_line(
    aligned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from desktop.cli.main import main as medley

    monkeypatch.setattr(switches, "switches_file", lambda: tmp_path / "plugins.toml")
    request = ["ask", "--bundle", str(aligned / "bundle"), "--only", "sketch", "--steps", "2"]
    request += ["--seed", "1", "--out", str(tmp_path), "--json", "sketch a circle"]
    assert medley(request) == 2
    assert "medley plugins enable sketch" in capsys.readouterr().err

    assert medley(["plugins", "enable", "sketch"]) == 0
    capsys.readouterr()
    assert medley(request) == 0

    (artifact,) = json.loads(capsys.readouterr().out)["artifacts"]
    assert Path(artifact["path"]).name == "sketch-a-circle-1.svg"
