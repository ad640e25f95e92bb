"""Sizes, pixels and previews that picture and clip renderers share.

Knows latents and pixels; knows no pipeline and no stage.

Legend: c latent channels, h, w latent size, H, W pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch  # noqa: TID253
from numpy.typing import NDArray
from PIL import Image

from plugins.api import Parameter, ParameterValue
from plugins.errors import KnownError
from plugins.media_files import png
from plugins.pipelines import Pipeline

PREVIEW_LATENTS = 256
"""Latent positions (rows x columns) that a preview decodes at most."""
SIZE_HELP = {
    8: "Before enlarging; a multiple of 8",
    16: "Before enlarging; a multiple of 16",
    32: "Before enlarging; a multiple of 32",
}
"""By the multiple of pixels that a decoder works in."""


def picture_parameters(
    row: Pipeline, denoiser_config: Mapping[str, Any], vae_config: Mapping[str, Any]
) -> tuple[Parameter, ...]:
    """Size parameters; the defaults are what the decoder was trained for."""
    rows, columns = latent_size(denoiser_config)
    scale = vae_scale(vae_config)
    width, height = row.size if all(row.size) else (columns * scale, rows * scale)
    about = SIZE_HELP[row.multiple]
    return (
        Parameter("width", "int", width, about, 16, 2048, unit="px"),
        Parameter("height", "int", height, about, 16, 2048, unit="px"),
        Parameter("upscale", "int", 1, "Enlarge the finished picture this many times", 1, 8),
    )


def latent_size(unet_config: Mapping[str, Any]) -> tuple[int, int]:
    """Rows and columns of latents that a U-Net was trained for."""
    size = unet_config.get("sample_size") or 64
    return (int(size[0]), int(size[1])) if isinstance(size, list) else (int(size), int(size))


def vae_scale(vae_config: Mapping[str, Any]) -> int:
    """Pixels a latent, along one axis."""
    channels = vae_config.get("block_out_channels") or vae_config.get("decoder_block_out_channels")
    return int(2 ** (len(channels or "1234") - 1))


def check_size(values: Mapping[str, ParameterValue], multiple: int) -> tuple[int, int]:
    """Width and height.

    Raises:
        KnownError: one is not a multiple of what the decoder works in.
    """
    width, height = int(values["width"]), int(values["height"])
    if width % multiple or height % multiple:
        raise KnownError(
            "parameters width and height: expected multiples of {multiple}, found "
            "{width}x{height}. Change them to fit.",
            multiple=multiple,
            width=width,
            height=height,
        )
    return width, height


def decode_small(vae: Any, latents: torch.Tensor) -> NDArray[np.float32]:
    """[1, c, h, w] unfinished latents -> [channels, H, W] in -1..1, reduced to stay cheap."""
    small = latents.float() / max(1.0, float(latents.float().std()))
    rows, columns = latents.shape[-2:]
    scale = (PREVIEW_LATENTS / (rows * columns)) ** 0.5
    if scale < 1.0:
        size = (max(1, round(rows * scale)), max(1, round(columns * scale)))
        small = torch.nn.functional.interpolate(small, size=size, mode="area")
    with torch.no_grad():
        decoded = vae.decode((small / vae.config.scaling_factor).to(vae.dtype)).sample
    found: NDArray[np.float32] = decoded[0].float().clamp(-1, 1).cpu().numpy()
    return found


def preview_png(channels: NDArray[np.float32]) -> bytes:
    """A PNG of [3 or 1, H, W] values in -1..1."""
    pixels = np.round((channels.transpose(1, 2, 0) + 1.0) * 127.5).astype(np.uint8)
    return png(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).data


def to_pixels(unit: NDArray[Any]) -> NDArray[np.uint8]:
    """Values in 0..1 -> 0..255."""
    pixels: NDArray[np.uint8] = np.round(np.clip(unit, 0.0, 1.0) * 255.0).astype(np.uint8)
    return pixels


def enlarge(pixels: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """[H, W, 3] -> [H * times, W * times, 3] by Lanczos."""
    if times == 1:
        return pixels
    height, width = pixels.shape[:2]
    picture = Image.fromarray(pixels).resize(
        (width * times, height * times), Image.Resampling.LANCZOS
    )
    return np.asarray(picture)
