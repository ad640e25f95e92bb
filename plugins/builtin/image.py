"""Pictures, by any Stable Diffusion pipeline: renderer `medley.image`.

Knows diffusers' StableDiffusionPipeline; knows no language model. There is no safety checker: what
a person's own machine draws is the person's business, and a black picture explains nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch  # noqa: TID253
from numpy.typing import NDArray

from plugins.api import Artifact, Parameter, ParameterValue, Recipe
from plugins.builtin.diffusion import (
    Models,
    Reporter,
    SequenceRenderer,
    common_arguments,
    common_parameters,
    make_artifact,
    new_pipeline,
)
from plugins.builtin.pictures import (
    check_size,
    decode_small,
    enlarge,
    picture_parameters,
    preview_png,
    to_pixels,
)
from plugins.media_files import png


class ImageRenderer(SequenceRenderer):
    """[P, width] text states or a caption -> PNG."""

    id = "medley.image"
    version = "1"
    modality = "image"
    pipeline = "StableDiffusionPipeline"

    def declare(self) -> tuple[Parameter, ...]:
        """Steps, guidance, width, height, upscale."""
        return common_parameters(50, 7.5) + picture_parameters(self.unet_config, self.vae_config)

    def generate(
        self,
        models: Models,
        embeddings: tuple[torch.Tensor, torch.Tensor],
        values: Mapping[str, ParameterValue],
        generator: torch.Generator,
        reporter: Reporter,
    ) -> NDArray[Any]:
        """[H, W, 3] in 0..1."""
        width, height = check_size(values)
        # The pipeline demands these two of every scheduler; it would set them with a warning.
        pipeline = new_pipeline(
            self.pipeline,
            models,
            scheduler_steps_offset=1,
            scheduler_clip_sample=False,
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )

        def on_step(pipe: Any, _: int, __: Any, state: dict[str, Any]) -> dict[str, Any]:
            reporter.step(state["latents"], len(pipe.scheduler.timesteps))
            return {}

        output: NDArray[Any] = pipeline(
            **common_arguments(embeddings, values, generator),
            width=width,
            height=height,
            callback_on_step_end=on_step,
        ).images[0]
        return output

    def preview(self, models: Models, latents: torch.Tensor) -> bytes:
        """The latents decoded, smaller than the picture will be."""
        return preview_png(decode_small(models["vae"], latents))

    def artifact(
        self, output: NDArray[Any], values: Mapping[str, ParameterValue], recipe: Recipe
    ) -> Artifact:
        """A PNG, enlarged if the parameters say so."""
        pixels = enlarge(to_pixels(output), int(values["upscale"]))
        height, width = pixels.shape[:2]
        return make_artifact(png(pixels, recipe), recipe, width=width, height=height)
