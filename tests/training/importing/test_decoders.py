"""Decoders of every published form become safetensors, bit for bit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from plugins.errors import KnownError
from tests import tiny_decoders
from tests.training.importing.checkpoints import SMALL
from training.importing.decoders import open_decoder, write_decoder


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("video")
    tiny_decoders.write_video_decoder(folder)
    return folder


@pytest.fixture
def folder(video: Path, tmp_path: Path) -> Path:
    shutil.copytree(video, tmp_path / "video")
    return tmp_path / "video"


def weights(folder: Path) -> dict[str, Path]:
    return {
        part: next((folder / part).glob("*.safetensors"))
        for part in ("unet", "vae", "text_encoder")
    }


def test_pickles_become_safetensors_of_the_same_bits(folder: Path, tmp_path: Path) -> None:
    own = {}
    for part, file in weights(folder).items():
        own[part] = load_file(file)
        stem = "pytorch_model" if part == "text_encoder" else file.stem
        torch.save(own[part], folder / part / f"{stem}.bin")
        file.unlink()
    written: list[int] = []
    write_decoder(tmp_path / "made", open_decoder("video", folder, SMALL), written.append)
    for part, file in weights(tmp_path / "made").items():
        found = load_file(file)
        assert found.keys() == own[part].keys()
        assert all(torch.equal(found[name], own[part][name]) for name in found)
    assert not list((tmp_path / "made").rglob("*.bin"))
    assert sum(written) > 0
    assert (tmp_path / "made/tokenizer").is_dir()


def test_float16_is_taken_where_there_is_a_choice(folder: Path, tmp_path: Path) -> None:
    for part, file in weights(folder).items():
        half = {
            name: t.half() if t.is_floating_point() else t for name, t in load_file(file).items()
        }
        save_file(half, folder / part / f"{file.stem}.fp16.safetensors")
    decoder = open_decoder("video", folder, SMALL)
    assert all(".fp16." in file.name for file in decoder.weights.values())
    write_decoder(tmp_path / "made", decoder, lambda _: None)
    names = {file.name for file in weights(tmp_path / "made").values()}
    assert names == {"model.safetensors", "diffusion_pytorch_model.safetensors"}
    for file in weights(tmp_path / "made").values():
        assert not [t for t in load_file(file).values() if t.dtype == torch.float32]
    for file in folder.rglob("*.fp16.safetensors"):
        file.unlink()
    whole = open_decoder("video", folder, SMALL)
    assert not [file for file in whole.weights.values() if ".fp16." in file.name]


def test_a_pickle_that_holds_more_than_tensors_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "unet/diffusion_pytorch_model.safetensors").unlink()
    torch.save({"a": Path}, folder / "unet/diffusion_pytorch_model.bin")
    with pytest.raises(KnownError, match="what holds more than tensors is not opened"):
        write_decoder(tmp_path / "made", open_decoder("video", folder, SMALL), lambda _: None)


def _no_index(folder: Path) -> None:
    (folder / "model_index.json").unlink()


def _another_pipeline(folder: Path) -> None:
    (folder / "model_index.json").write_text('{"_class_name": "FluxPipeline"}', "utf-8")


def _no_unet(folder: Path) -> None:
    shutil.rmtree(folder / "unet")


def _no_weights(folder: Path) -> None:
    (folder / "vae/diffusion_pytorch_model.safetensors").unlink()


def _another_width(folder: Path) -> None:
    config = json.loads((folder / "unet/config.json").read_text("utf-8"))
    config["cross_attention_dim"] = 768
    (folder / "unet/config.json").write_text(json.dumps(config), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_no_index, r"model_index\.json cannot be read"),
        (_another_pipeline, "expected a TextToVideoSDPipeline in diffusers' layout, found FluxPip"),
        (_no_unet, "found no unet"),
        (_no_weights, r"expected its weights in one file, as safetensors or \.bin, found none"),
        (_another_width, r"conditions of the shape \[8, 16\], .* found \[8, 768\]"),
    ],
)
def test_what_is_no_such_decoder_is_refused(
    folder: Path, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(folder)
    with pytest.raises(KnownError, match=said):
        open_decoder("video", folder, SMALL)
