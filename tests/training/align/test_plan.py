"""What `medley train align` does with bad data, and with parts and runs that do not fit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from tests import tiny_llama
from tests.runtime.making_media import write_picture
from tests.sketches import write_chat_model, write_requests
from tests.training.align.making import WISHES, align, wanted
from training.align.settings import Settings

pytestmark = pytest.mark.slow


def test_bad_data_are_skipped_counted_and_named(
    chat_model: Path, tiny_bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = [
        {"image_name": "sound.png", "caption": "a boat"},
        {"image_name": "torn.png", "caption": "a boat"},
        {"image_name": "torn.png", "caption": "a boat again"},
        {"image_name": "gone.png", "caption": "a boat"},
        {"image_name": "sound.png", "caption": "boat " * 10_000},
        {"image_name": "sound.png", "caption": "boat " * 200},
        {"imge_name": "sound.png", "caption": "a boat"},
        {"conversation": [{"from": "human", "value": "x"}, {
            "from": "gpt", "value": "y", "caption": "z", "output_modality": "video"}]},
    ]  # fmt: skip
    data = write_requests(tmp_path / "data", WISHES, others=others)
    (data / "broken.json").write_text("[{")
    whole = write_picture(data / "sound.png").read_bytes()
    (data / "torn.png").write_bytes(whole[: len(whole) // 2])
    settings = wanted(chat_model, data, encoder=str(tiny_bundle.folder), steps=1, length=128)

    align(settings, tmp_path / "run", stage=1)

    skipped = [json.loads(x) for x in (tmp_path / "run" / "skipped.jsonl").read_text().splitlines()]
    assert sorted(one["kind"] for one in skipped) == [
        "broken JSON", "broken medium", "broken medium", "missing file", "no part for it",
        "too long", "too long", "unknown key",
    ]  # fmt: skip
    torn = next(one for one in skipped if one["kind"] == "broken medium")
    assert torn["where"] == "record 6" and "torn.png" in torn["reason"]
    out = capsys.readouterr().out
    assert out.count("data: 6 usable, 8 skipped (2 too long, 2 broken medium, ") == 2


def test_a_run_is_not_written_over_and_not_mixed_with_another(
    chat_model: Path, tmp_path: Path, data: Path
) -> None:
    settings = wanted(chat_model, data, steps=1)
    align(settings, tmp_path / "run", stage=2)

    with pytest.raises(KnownError, match="--resume"):
        align(settings, tmp_path / "run")
    with pytest.raises(KnownError, match="begun with steps 1, found 9"):
        align(wanted(chat_model, data, steps=9), tmp_path / "run", resume=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "holiday.jpg").touch()
    with pytest.raises(KnownError, match="expected a run"):
        align(settings, tmp_path / "other", resume=True)

    align(settings, tmp_path / "run", resume=True)
    assert (tmp_path / "run" / "stage4" / "done").is_file()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"renderers": ("skech.svg",)}, "expected a renderer's id"),
        ({"renderers": ("medley.image",)}, "expected the folder of its decoder"),
        ({"renderers": ("sketch.svg", "sketch.svg")}, "one renderer for each modality"),
        ({"renderers": ("sketch.svg=/nowhere",)}, "is no folder"),
        ({"encoder": "nowhere"}, "no bundle 'nowhere'"),
        ({"signals": {"image": 4}}, "--signals image=4"),
        ({"signals": {"sketch": 400}}, "--signals sketch=400"),
        ({"language_model": "/nowhere.gguf"}, "expected a .gguf file"),
        ({"data": ("/nowhere",)}, "expected a folder with data"),
        ({"template": "nowhere"}, "no bundle 'nowhere'"),
    ],
)
def test_parts_that_cannot_be_used_are_refused_before_anything_trains(
    chat_model: Path, tmp_path: Path, data: Path, change: dict[str, Any], reason: str
) -> None:
    fields = {**{n: getattr(wanted(chat_model, data), n) for n in Settings.__struct_fields__}}

    with pytest.raises(KnownError) as said:
        align(Settings(**{**fields, **change}), tmp_path / "run")

    assert reason in str(said.value)
    assert not (tmp_path / "run" / "stage2").exists()


def test_a_plugin_that_is_off_is_not_imported(chat_model: Path, tmp_path: Path, data: Path) -> None:
    with pytest.raises(KnownError, match="medley plugins enable sketch"):
        align(wanted(chat_model, data), tmp_path / "run", enabled_plugins=())


def test_a_model_that_does_not_chat_needs_a_template(tmp_path: Path, data: Path) -> None:
    model = write_chat_model(tmp_path / "plain", tiny_llama.random_llama(32), chat=None)

    with pytest.raises(KnownError, match="--template"):
        align(wanted(model, data), tmp_path / "run")


@pytest.mark.parametrize("missing", ["tokenizer.json", "model.safetensors"])
def test_an_incomplete_model_folder_is_refused(
    chat_model: Path, tmp_path: Path, data: Path, missing: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(chat_model, folder)
    (folder / missing).unlink()

    with pytest.raises(KnownError, match="language model"):
        align(wanted(folder, data), tmp_path / "run")


def test_a_renderer_whose_text_encoder_fails_is_named(
    chat_model: Path, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medley_sketch.renderer import SketchRenderer

    def torn(_: Any, captions: list[str]) -> Any:
        raise ZeroDivisionError("nothing to divide by")

    monkeypatch.setattr(SketchRenderer, "condition_targets", torn)
    with pytest.raises(KnownError, match=r"sketch\.svg: its text encoder failed"):
        align(wanted(chat_model, data), tmp_path / "run")


def test_a_caption_that_the_renderer_cannot_encode_is_skipped(
    chat_model: Path, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medley_sketch import words
    from medley_sketch.renderer import SketchRenderer

    def picky(_: Any, captions: list[str]) -> Any:
        return words.encode(captions) * (np.nan if "a box" in captions else 1.0)

    monkeypatch.setattr(SketchRenderer, "condition_targets", picky)
    align(wanted(chat_model, data, steps=1), tmp_path / "run", stage=2)

    (line,) = (tmp_path / "run" / "skipped.jsonl").read_text().splitlines()
    assert json.loads(line)["kind"] == "broken caption"


def test_a_model_folder_with_pickled_weights_only_is_refused(
    chat_model: Path, tmp_path: Path, data: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(chat_model, folder)
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()

    with pytest.raises(KnownError, match="language model"):
        align(wanted(folder, data), tmp_path / "run")
