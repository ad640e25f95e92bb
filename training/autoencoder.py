"""The decoders' autoencoders: 64x64 pictures and 128x64 log-mel spectrograms to 8x smaller latents.

Knows torch and diffusers' AutoencoderTiny; knows no scenes.

Legend: B batch, C channels, H x W pixels (or frames x mel bands), latents [B, 16, H/8, W/8].
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from torch import Tensor

from training.loop import train

LATENT_CHANNELS = 16
NOISE = 0.1
"""Standard deviation of the noise that the decoder learns to bear, in latent units."""


def new_autoencoder(
    channels: int, *, width: int = 32, blocks: tuple[int, int, int, int] = (2, 1, 1, 0)
) -> AutoencoderTiny:
    """An untrained autoencoder; `width` and `blocks` (from coarse to fine) are the decoder's."""
    return AutoencoderTiny(
        in_channels=channels,
        out_channels=channels,
        encoder_block_out_channels=(32, 32, 32, 32),
        decoder_block_out_channels=(width, width, width, width),
        num_encoder_blocks=(0, 1, 1, 2),
        num_decoder_blocks=blocks,
        latent_channels=LATENT_CHANNELS,
        scaling_factor=1.0,
    )


def reconstruction_loss(vae: AutoencoderTiny, media: Tensor) -> dict[str, Tensor]:
    """L1 + L2 of a noisy round trip, with latents held near mean 0 and variance 1 a channel."""
    latents = vae.encode(media).latents
    decoded = vae.decode(latents + NOISE * torch.randn_like(latents)).sample
    error = decoded - media
    mean, variance = latents.mean(dim=(0, 2, 3)), latents.var(dim=(0, 2, 3))
    spread = mean.square().mean() + (variance - 1).square().mean()
    l1, l2 = error.abs().mean(), error.square().mean()
    return {"loss": l1 + 2 * l2 + 0.02 * spread, "l1": l1, "spread": spread}


def teach(
    name: str, media: NDArray[np.float32] | NDArray[np.uint8], folder: Path, *, steps: int,
    batch: int, seed: int,
) -> None:  # fmt: skip
    """Train an autoencoder on [N, C, H, W] media in [-1, 1] (or uint8) and save it as `vae/`."""
    torch.manual_seed(seed)
    vae = new_autoencoder(media.shape[1])

    def loss_of(_: int, rng: np.random.Generator) -> dict[str, Tensor]:
        rows = np.sort(rng.choice(len(media), min(batch, len(media)), replace=False))
        return reconstruction_loss(vae, to_unit(media[rows]))

    train(f"{name} autoencoder", vae, loss_of, folder=folder, steps=steps, lr=2e-3, seed=seed)
    vae.save_pretrained(folder / "vae")


def refine(
    name: str, first: AutoencoderTiny, media: NDArray[Any], folder: Path, *, steps: int,
    batch: int, seed: int,
) -> None:  # fmt: skip
    """Give a trained encoder a larger decoder, so that what was learned on its latents stays valid.

    The encoder is frozen; the new autoencoder is saved as `vae/`.
    """
    torch.manual_seed(seed)
    vae = new_autoencoder(media.shape[1], width=48, blocks=(3, 3, 2, 0))
    vae.encoder.load_state_dict(first.encoder.state_dict())
    vae.encoder.requires_grad_(False)
    latents = latents_of(first, media)

    def loss_of(_: int, rng: np.random.Generator) -> dict[str, Tensor]:
        rows = np.sort(rng.choice(len(media), min(batch, len(media)), replace=False))
        kept = latents[torch.from_numpy(rows)]
        decoded = vae.decode(kept + NOISE * torch.randn_like(kept)).sample
        error = decoded - to_unit(media[rows])
        l1, l2 = error.abs().mean(), error.square().mean()
        return {"loss": l1 + 2 * l2, "l1": l1}

    train(f"{name} decoder", vae, loss_of, folder=folder, steps=steps, lr=2e-3, seed=seed)
    vae.save_pretrained(folder / "vae")


def to_unit(media: NDArray[Any]) -> Tensor:
    """uint8 0..255 becomes float32 -1..1; floats stay as they are."""
    tensor = torch.from_numpy(np.ascontiguousarray(media))
    return tensor.float() / 127.5 - 1 if tensor.dtype == torch.uint8 else tensor.float()


@torch.inference_mode()
def latents_of(vae: AutoencoderTiny, media: NDArray[Any]) -> Tensor:
    """[N, 16, H/8, W/8] latents of [N, C, H, W] media."""
    parts = [vae.encode(to_unit(media[i : i + 64])).latents for i in range(0, len(media), 64)]
    return torch.cat(parts).clone()
