"""Pictures are changed as diffusers changes them, and stay as they are outside an area."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from PIL import Image

from plugins.api import Condition, Decoder, Recipe
from plugins.builtin import loading
from plugins.builtin.image import ImageRenderer
from plugins.errors import KnownError
from plugins.pipelines import PIPELINES
from plugins.stage import RenderStage, UnlimitedMemory
from tests import tiny_decoders, tiny_pipelines
from tests.plugins.decoding import decode

SIDE = 64
"""Pixels; the least that FLUX.2 takes."""
SETTINGS: dict[str, Any] = {"steps": 4, "width": SIDE, "height": SIDE, "guidance": 3.0}
CLASSES = [name for name, row in PIPELINES.items() if any(row.changes)]
SINGLE: dict[str, dict[str, Any]] = {
    "SanaSprintPipeline": {
        "use_resolution_binning": False,
        "intermediate_timesteps": None,
        "width": SIDE,
        "height": SIDE,
    }
}
"""What the bare class needs beside the rest for a tiny denoiser and four steps."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of one decoder of each class that changes pictures, by its name."""
    folder = tmp_path_factory.mktemp("changes")
    with torch.random.fork_rng(devices=[]):
        tiny_decoders.write_image_decoder(folder / "StableDiffusionPipeline")
    for name in CLASSES:
        if name != "StableDiffusionPipeline":
            tiny_pipelines.write(name, folder / name)
    return folder


def png(pixels: Any) -> bytes:
    """A picture file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


RAMP = np.linspace(0, 255, SIDE * SIDE * 3).reshape(SIDE, SIDE, 3).astype(np.uint8)
LEFT = np.zeros((SIDE, SIDE), np.uint8)
LEFT[:, : SIDE // 2] = 255


def bare(written: Path, name: str, class_name: str, **given: Any) -> Any:
    """What a class that changes pictures makes by itself, 0 to 255."""
    loading.quieten()
    whole = diffusers.DiffusionPipeline.from_pretrained(written / name, local_files_only=True)
    pipeline = getattr(diffusers, class_name)(**whole.components)
    pipeline.set_progress_bar_config(disable=True)
    if "Flux2KleinPipeline" != class_name:
        given["strength"] = 0.5
    made = pipeline(
        prompt="a boat",
        image=Image.fromarray(RAMP),
        num_inference_steps=4,
        guidance_scale=3.0,
        generator=torch.Generator().manual_seed(3),
        output_type="np",
        **given,
        **SINGLE.get(name, {}),
    )
    return np.round(np.clip(made.images[0], 0, 1) * 255)


@pytest.mark.parametrize("name", [name for name in CLASSES if PIPELINES[name].changes[0]])
def test_a_picture_is_changed_as_the_bare_class_changes_it(
    written: Path, memory: UnlimitedMemory, tmp_path: Path, name: str
) -> None:
    renderer = ImageRenderer(Decoder(written / name, "tiny", settings=SETTINGS))
    condition = Condition(caption="a boat", picture=png(RAMP))

    made = renderer.render(condition, {"strength": 0.5}, RenderStage(3, memory=memory))

    wanted = bare(written, name, PIPELINES[name].changes[0])
    np.testing.assert_array_equal(decode(made.data, ".png", tmp_path), wanted)
    assert made.recipe.parameters["strength"] == 0.5
    again = Recipe.from_json(made.recipe.to_json())
    assert again.condition == condition


@pytest.mark.parametrize("name", [name for name in CLASSES if PIPELINES[name].changes[1]])
def test_what_lies_outside_the_area_stays(
    written: Path, memory: UnlimitedMemory, tmp_path: Path, name: str
) -> None:
    renderer = ImageRenderer(Decoder(written / name, "tiny", settings=SETTINGS))
    condition = Condition(caption="a boat", picture=png(RAMP), area=png(LEFT))

    made = renderer.render(condition, {"strength": 0.5}, RenderStage(3, memory=memory))

    pixels = decode(made.data, ".png", tmp_path)
    sized = {"width": SIDE, "height": SIDE, "mask_image": Image.fromarray(LEFT)}
    wanted = bare(written, name, PIPELINES[name].changes[1], **sized)
    np.testing.assert_array_equal(pixels[:, : SIDE // 2], wanted[:, : SIDE // 2])
    np.testing.assert_array_equal(pixels[:, SIDE // 2 :], RAMP[:, SIDE // 2 :])


def test_a_new_picture_says_nothing_of_a_strength(written: Path, memory: UnlimitedMemory) -> None:
    decoder = Decoder(written / "StableDiffusionPipeline", "tiny", settings=SETTINGS)

    made = ImageRenderer(decoder).render(
        Condition(caption="a boat"), {"strength": 0.3}, RenderStage(3, memory=memory)
    )

    assert "strength" not in made.recipe.parameters


def test_what_cannot_change_pictures_says_so(written: Path, memory: UnlimitedMemory) -> None:
    name = "LatentConsistencyModelPipeline"
    renderer = ImageRenderer(Decoder(written / name, "tiny", settings=SETTINGS))
    wish = Condition(caption="a boat", picture=png(RAMP), area=png(LEFT))

    with pytest.raises(KnownError, match="a picture to change within an area, which it cannot do"):
        renderer.render(wish, {}, RenderStage(3, memory=memory))


def test_what_is_no_picture_is_told(written: Path, memory: UnlimitedMemory) -> None:
    decoder = Decoder(written / "StableDiffusionPipeline", "tiny", settings=SETTINGS)
    wish = Condition(caption="a boat", picture=b"a text")

    with pytest.raises(KnownError, match="expected a picture to change, found"):
        ImageRenderer(decoder).render(wish, {}, RenderStage(3, memory=memory))


def test_an_area_without_a_picture_is_no_condition() -> None:
    with pytest.raises(ValueError, match="an area is one of a picture"):
        Condition(caption="a boat", area=png(LEFT))
