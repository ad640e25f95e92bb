"""Pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline

from plugins.api import Condition
from plugins.builtin import loading
from plugins.builtin.image import ImageRenderer
from plugins.errors import KnownError
from plugins.stage import RenderStage, UnlimitedMemory
from tests.plugins.conftest import decoder
from tests.plugins.decoding import decode

CAPTION = Condition(caption="a red boat")


def test_a_picture_equals_that_of_the_bare_pipeline(
    decoders: Path, memory: UnlimitedMemory, tmp_path: Path
) -> None:
    loading.quieten()
    folder = decoders / "image"
    pipeline = StableDiffusionPipeline.from_pretrained(
        folder,
        scheduler=DDIMScheduler.from_pretrained(folder / "scheduler"),
        safety_checker=None,
        requires_safety_checker=False,
        local_files_only=True,
    )
    pipeline.set_progress_bar_config(disable=True)
    bare = pipeline(
        "a red boat",
        num_inference_steps=3,
        guidance_scale=7.5,
        generator=torch.Generator().manual_seed(3),
        output_type="np",
    ).images[0]

    artifact = ImageRenderer(decoder(decoders, "image")).render(
        CAPTION, {}, RenderStage(3, memory=memory)
    )

    picture = decode(artifact.data, artifact.extension, tmp_path)
    np.testing.assert_allclose(picture, bare * 255, atol=0.51)


def test_size_and_enlarging_are_as_asked_for(
    decoders: Path, memory: UnlimitedMemory, tmp_path: Path
) -> None:
    made = ImageRenderer(decoder(decoders, "pocket-image", upscale=4))

    artifact = made.render(CAPTION, {"width": 24, "height": 16}, RenderStage(3, memory=memory))

    assert (artifact.mime, artifact.width, artifact.height) == ("image/png", 96, 64)
    assert decode(artifact.data, artifact.extension, tmp_path).shape == (64, 96, 3)


def test_the_size_defaults_to_what_the_decoder_was_trained_for(decoders: Path) -> None:
    defaults = {p.name: p.default for p in ImageRenderer(decoder(decoders, "image")).parameters}

    assert (defaults["width"], defaults["height"]) == (16, 16)


def test_a_size_that_is_no_multiple_of_8_is_refused(
    decoders: Path, memory: UnlimitedMemory
) -> None:
    made = ImageRenderer(decoder(decoders, "image"))

    with pytest.raises(KnownError, match="multiples of 8, found 20x16"):
        made.render(CAPTION, {"width": 20}, RenderStage(1, memory=memory))


def test_without_guidance_the_negative_prompt_does_not_matter(
    decoders: Path, memory: UnlimitedMemory
) -> None:
    made = ImageRenderer(decoder(decoders, "image"))

    with_it = made.render(CAPTION, {"guidance": 3.0}, RenderStage(1, memory=memory))
    without = made.render(CAPTION, {"guidance": 1.0}, RenderStage(1, memory=memory))

    assert with_it.data != without.data
