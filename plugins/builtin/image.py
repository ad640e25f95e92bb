"""Pictures, by any pipeline of pictures in the table: renderer `medley.image`.

Knows pixels; knows no language model. There is no safety checker: what a person's own machine
draws is the person's business, and a black picture explains nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch  # noqa: TID253
from numpy.typing import NDArray

from plugins.api import Artifact, Parameter, ParameterValue, Recipe
from plugins.builtin.diffusion import DiffusionRenderer, make_artifact
from plugins.builtin.pictures import (
    check_size,
    decode_small,
    enlarge,
    picture_parameters,
    preview_png,
    to_pixels,
)
from plugins.builtin.text import Models
from plugins.media_files import png

STRENGTH = Parameter(
    "strength", "float", 0.8, "How much of a picture to change is made anew", 0.05, 1.0
)


class ImageRenderer(DiffusionRenderer):
    """Arrays or a caption -> PNG."""

    id = "medley.image"
    version = "1"
    modality = "image"

    def declare(self) -> tuple[Parameter, ...]:
        """Steps, guidance, width, height, upscale; strength where it can change pictures."""
        size = picture_parameters(self.row, self.denoiser_config, self.vae_config)
        return (*self.common_parameters(), *size, *([STRENGTH] if any(self.row.changes) else []))

    def arguments(self, values: Mapping[str, ParameterValue]) -> dict[str, Any]:
        """Width and height."""
        width, height = check_size(values, self.row.multiple)
        return {"width": width, "height": height}

    def preview(self, models: Models, latents: torch.Tensor) -> bytes:
        """The latents decoded, smaller than the picture will be."""
        return preview_png(decode_small(models["vae"], latents))

    def artifact(
        self, output: NDArray[Any], values: Mapping[str, ParameterValue], recipe: Recipe
    ) -> Artifact:
        """A PNG of [H, W, 3] in 0..1, enlarged if the parameters say so."""
        pixels = enlarge(to_pixels(output), int(values["upscale"]))
        height, width = pixels.shape[:2]
        return make_artifact(png(pixels, recipe), recipe, width=width, height=height)
