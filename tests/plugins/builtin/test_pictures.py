"""Sizes and pixels that picture and clip renderers share."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from plugins.builtin import pictures
from plugins.errors import KnownError
from plugins.pipelines import PIPELINES

ROW = PIPELINES["StableDiffusionPipeline"]


def test_default_sizes_are_those_the_decoder_was_trained_for() -> None:
    unet, vae = {"sample_size": [32, 64]}, {"block_out_channels": [1, 2, 3, 4]}

    width, height, upscale = pictures.picture_parameters(ROW, unet, vae)

    assert (width.name, width.default) == ("width", 64 * 8)
    assert (height.name, height.default) == ("height", 32 * 8)
    assert upscale.default == 1


def test_a_size_that_is_no_multiple_of_eight_is_refused_with_both_numbers() -> None:
    assert pictures.check_size({"width": 64, "height": 32}, 8) == (64, 32)
    with pytest.raises(KnownError, match="found 60x32"):
        pictures.check_size({"width": 60, "height": 32}, 8)


def test_values_become_bytes_and_are_clipped() -> None:
    pixels = pictures.to_pixels(np.array([-1.0, 0.0, 0.5, 1.0, 2.0]))

    assert pixels.tolist() == [0, 0, 128, 255, 255]


def test_a_preview_is_a_picture_of_the_same_size() -> None:
    for channels in (1, 3):
        data = pictures.preview_png(np.zeros((channels, 5, 7), np.float32))
        assert Image.open(io.BytesIO(data)).size == (7, 5)


def test_enlarging_multiplies_both_sides() -> None:
    pixels = np.full((4, 6, 3), 200, np.uint8)

    assert pictures.enlarge(pixels, 3).shape == (12, 18, 3)
    assert pictures.enlarge(pixels, 1) is pixels
