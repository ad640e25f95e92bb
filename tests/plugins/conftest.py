"""Decoders for the tests of the plugin floor: random weights, the real classes and layout."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderTiny, DDIMScheduler
from safetensors.torch import load_file, save_file

from plugins.api import Decoder
from plugins.bus import Bus
from plugins.stage import UnlimitedMemory
from tests import tiny_decoders

GRIFFIN_LIM = {"vocoder": "griffin-lim", "mel_mean": 5.0, "mel_scale": 6.5}
"""A mean at which the near-silence of random weights is heard."""
SMALL: dict[str, dict[str, int | float]] = {
    "image": {"steps": 3},
    "audio": {"steps": 3, "seconds": 0.1},
    "video": {"steps": 3, "frames": 3, "fps": 4, "width": 32, "height": 16},
}


@pytest.fixture
def bus() -> Iterator[Bus]:
    made = Bus()
    yield made
    made.close()


@pytest.fixture(scope="session")
def decoders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of `image`, `audio`, `video` in their published shape, and of `pocket-*`: float16
    weights, an AutoencoderTiny, velocity prediction, and no vocoder."""
    folder = tmp_path_factory.mktemp("decoders")
    tiny_decoders.write_all(folder)
    _make_audible(folder / "audio" / "vocoder" / "model.safetensors")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        for modality in ("image", "audio", "video"):
            _as_pocket(folder / modality, folder / f"pocket-{modality}", modality)
    return folder


@pytest.fixture(scope="session")
def memory() -> UnlimitedMemory:
    """Keeps the decoders loaded from test to test."""
    return UnlimitedMemory()


def decoder(folder: Path, name: str, **settings: object) -> Decoder:
    """A decoder with the settings that make it quick."""
    modality = name.removeprefix("pocket-")
    extra = GRIFFIN_LIM if name == "pocket-audio" else {}
    return Decoder(folder / name, "tiny", settings={**SMALL[modality], **extra, **settings})


def _make_audible(vocoder: Path) -> None:
    """Random weights whisper below one step of 16 bits."""
    tensors = {name: tensor.clone() for name, tensor in load_file(vocoder).items()}
    tensors["conv_post.weight"] *= 100_000.0
    tensors["conv_post.bias"] *= 0.0
    vocoder.unlink()
    save_file(tensors, vocoder, metadata={"format": "pt"})


def _as_pocket(source: Path, target: Path, modality: str) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("vae", "vocoder"))
    channels = 1 if modality == "audio" else 3
    AutoencoderTiny(
        in_channels=channels,
        out_channels=channels,
        encoder_block_out_channels=(8, 8),
        decoder_block_out_channels=(8, 8),
        num_encoder_blocks=(1, 1),
        num_decoder_blocks=(1, 1),
        latent_channels=4,
    ).save_pretrained(target / "vae")
    DDIMScheduler(
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
    ).save_pretrained(target / "scheduler")
    index = json.loads((target / "model_index.json").read_text())
    index.pop("vocoder", None)
    index["vae"] = ["diffusers", "AutoencoderTiny"]
    (target / "model_index.json").write_text(json.dumps(index))
    for path in target.glob("*/*.safetensors"):
        tensors = load_file(path)
        halves = {n: t.half() if t.is_floating_point() else t for n, t in tensors.items()}
        save_file(halves, path, metadata={"format": "pt"})
