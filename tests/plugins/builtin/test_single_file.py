"""Decoders in one file make what their folder makes; what is not whole is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import diffusers
import numpy as np
import pytest
import torch
from diffusers.loaders import single_file_utils
from safetensors.torch import load_file, save_file

from plugins import checkpoints
from plugins.api import Condition, Decoder
from plugins.builtin import loading
from plugins.builtin.image import ImageRenderer
from plugins.errors import KnownError
from plugins.stage import RenderStage, UnlimitedMemory
from tests import ldm_checkpoint, tiny_decoders, tiny_pipelines
from tests.plugins.decoding import decode

SMALL = {"steps": 2, "width": 16, "height": 16}


@pytest.fixture(scope="module", params=["sd", "xl"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same decoder as a folder and as one file."""
    folder = tmp_path_factory.mktemp(request.param) / "folder"
    with torch.random.fork_rng(devices=[]):
        if request.param == "sd":
            tiny_decoders.write_image_decoder(folder)
        else:
            tiny_pipelines.write("StableDiffusionXLPipeline", folder)
    single = folder.with_name("single")
    shutil.copytree(folder, single, ignore=shutil.ignore_patterns("*.safetensors"))
    ldm_checkpoint.write(folder, single / checkpoints.FILE)
    return [folder, single]


def test_one_file_makes_what_the_folder_makes(pair: list[Path], tmp_path: Path) -> None:
    stage = RenderStage(3, memory=UnlimitedMemory())
    made = [
        ImageRenderer(Decoder(folder, "tiny", settings=SMALL)).render(
            Condition(caption="a red boat"), {}, stage
        )
        for folder in pair
    ]

    one, other = (decode(artifact.data, ".png", tmp_path) for artifact in made)
    np.testing.assert_array_equal(one, other)
    sizes = [
        loading.resident_bytes(folder, loading.components_of(folder), "cpu") for folder in pair
    ]
    assert sizes[0] == pytest.approx(sizes[1], rel=0.01)


def test_a_file_that_is_not_whole_names_the_part(pair: list[Path], tmp_path: Path) -> None:
    broken = shutil.copytree(pair[1], tmp_path / "broken")
    tensors = load_file(broken / checkpoints.FILE)
    del tensors["model.diffusion_model.time_embed.2.bias"]
    save_file(tensors, broken / checkpoints.FILE)

    with pytest.raises(KnownError, match=r"safetensors: expected every tensor of its unet"):
        ImageRenderer(Decoder(broken, "tiny")).prepare(RenderStage(1))


@pytest.mark.parametrize("kind", checkpoints.KINDS)
def test_the_configurations_that_come_with_medley_fit_checkpoints_of_true_size(kind: str) -> None:
    folder = Path(checkpoints.__file__).parent / kind
    for name, cls, old, new in (
        (
            "unet",
            diffusers.UNet2DConditionModel,
            ldm_checkpoint.unet,
            single_file_utils.convert_ldm_unet_checkpoint,
        ),
        (
            "vae",
            diffusers.AutoencoderKL,
            ldm_checkpoint.vae,
            single_file_utils.convert_ldm_vae_checkpoint,
        ),
    ):
        config = cls.load_config(folder, subfolder=name, local_files_only=True)
        with torch.device("meta"):
            wanted = cls.from_config(config).state_dict()
        (prefix,) = checkpoints.PREFIXES[name]
        published = {f"{prefix}{key}": tensor for key, tensor in old(wanted).items()}
        found = new(dict(published), config)
        assert {k: v.shape for k, v in found.items()} == {k: v.shape for k, v in wanted.items()}
