"""Clips, by any pipeline of clips in the table: renderer `medley.video`.

Knows frames; knows no language model.

Legend: T frames, H, W pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
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
from plugins.media_files import clip

MOST_FRAMES = 400


class VideoRenderer(DiffusionRenderer):
    """Arrays or a caption -> MP4."""

    id = "medley.video"
    version = "1"
    modality = "video"

    def declare(self) -> tuple[Parameter, ...]:
        """Steps, guidance, width, height, upscale, frames, fps."""
        return (
            *self.common_parameters(),
            *picture_parameters(self.row, self.denoiser_config, self.vae_config),
            Parameter("frames", "int", self.row.frames, "Length of the clip", 2, MOST_FRAMES),
            Parameter("fps", "int", self.row.fps, "Frames shown a second", 1, 60, unit="1/s"),
        )

    def arguments(self, values: Mapping[str, ParameterValue]) -> dict[str, Any]:
        """Width, height and frames; the rate where frames are made for one."""
        width, height = check_size(values, self.row.multiple)
        rate = {self.row.rate_argument: int(values["fps"])} if self.row.rate_argument else {}
        return {"width": width, "height": height, "num_frames": int(values["frames"]), **rate}

    def preview(self, models: Models, latents: torch.Tensor) -> bytes:
        """The middle frame of latents [1, c, T, h, w]."""
        return preview_png(decode_small(models["vae"], latents[:, :, latents.shape[2] // 2]))

    def artifact(
        self, output: NDArray[Any], values: Mapping[str, ParameterValue], recipe: Recipe
    ) -> Artifact:
        """An MP4 of [T, H, W, 3] in 0..1, enlarged if the parameters say so."""
        times, fps = int(values["upscale"]), int(values["fps"])
        frames = np.stack([enlarge(frame, times) for frame in to_pixels(output)])
        count, height, width, _ = frames.shape
        return make_artifact(
            clip(frames, fps, recipe), recipe, width=width, height=height, duration_s=count / fps
        )
