"""Clips, by any text-to-video pipeline of the ModelScope kind (ZeroScope): `medley.video`.

Knows diffusers' TextToVideoSDPipeline; knows no language model.

Legend: T frames, H, W pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
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
from plugins.media_files import clip


class VideoRenderer(SequenceRenderer):
    """[P, width] text states or a caption -> MP4."""

    id = "medley.video"
    version = "1"
    modality = "video"
    pipeline = "TextToVideoSDPipeline"

    def declare(self) -> tuple[Parameter, ...]:
        """Steps, guidance, width, height, upscale, frames, fps."""
        return (
            *common_parameters(50, 7.5),
            *picture_parameters(self.unet_config, self.vae_config),
            Parameter("frames", "int", 24, "Length of the clip", 2, 120),
            Parameter("fps", "int", 8, "Frames shown a second", 1, 60, unit="1/s"),
        )

    def generate(
        self,
        models: Models,
        embeddings: tuple[torch.Tensor, torch.Tensor],
        values: Mapping[str, ParameterValue],
        generator: torch.Generator,
        reporter: Reporter,
    ) -> NDArray[Any]:
        """[T, H, W, 3] in 0..1."""
        width, height = check_size(values)
        pipeline = new_pipeline(self.pipeline, models)
        output: NDArray[Any] = pipeline(
            **common_arguments(embeddings, values, generator),
            width=width,
            height=height,
            num_frames=int(values["frames"]),
            callback=lambda _, __, latents: reporter.step(latents),
        ).frames[0]
        return output

    def preview(self, models: Models, latents: torch.Tensor) -> bytes:
        """The middle frame of latents [1, c, T, h, w]."""
        return preview_png(decode_small(models["vae"], latents[:, :, latents.shape[2] // 2]))

    def artifact(
        self, output: NDArray[Any], values: Mapping[str, ParameterValue], recipe: Recipe
    ) -> Artifact:
        """An MP4, enlarged if the parameters say so."""
        times, fps = int(values["upscale"]), int(values["fps"])
        frames = np.stack([enlarge(frame, times) for frame in to_pixels(output)])
        count, height, width, _ = frames.shape
        return make_artifact(
            clip(frames, fps, recipe), recipe, width=width, height=height, duration_s=count / fps
        )
