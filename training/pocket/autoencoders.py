"""The decoders' autoencoders: 64x64 pictures and 128x64 log-mel spectrograms to 8x smaller latents.

Knows torch and diffusers' AutoencoderTiny; knows no scenes.

Legend: B batch, C channels, H x W pixels (or frames x mel bands), latents [B, L, H/8, W/8].
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from torch import Tensor

from training.trainer import devices
from training.trainer.loop import train

LATENT_CHANNELS = {"picture": 32, "sound": 16}
"""L of each autoencoder."""
MEDIA_CHANNELS = {"picture": 3, "sound": 1}
DECODER_WIDTH = {"picture": 48, "sound": 32}
"""Channels inside each decoder. A log-mel has less to draw than a picture has."""
NOISE = 0.1
"""Standard deviation of the noise that the decoder learns to bear, in latent units."""


def new_autoencoder(name: str) -> AutoencoderTiny:
    """An untrained autoencoder. Most blocks are at the coarse end, where they cost little and see
    whole things; the decoder, which makes what a person sees, is the larger part."""
    return AutoencoderTiny(
        in_channels=MEDIA_CHANNELS[name],
        out_channels=MEDIA_CHANNELS[name],
        encoder_block_out_channels=(32, 32, 32, 32),
        decoder_block_out_channels=(DECODER_WIDTH[name],) * 4,
        num_encoder_blocks=(0, 1, 2, 6),
        num_decoder_blocks=(9, 5, 2, 0),
        latent_channels=LATENT_CHANNELS[name],
        scaling_factor=1.0,
    )


def decoding_loss(vae: AutoencoderTiny, latents: Tensor, media: Tensor) -> dict[str, Tensor]:
    """L1 + 2 L2 of media decoded from noisy latents, and L1 of the steps between neighbours.

    The last is what keeps outlines and rain: their few pixels hardly count in the others.
    """
    error = vae.decode(latents + NOISE * torch.randn_like(latents)).sample - media
    l1, l2 = error.abs().mean(), error.square().mean()
    edges = error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean()
    return {"loss": l1 + 2 * l2 + edges, "l1": l1, "edges": edges}


def reconstruction_loss(vae: AutoencoderTiny, media: Tensor) -> dict[str, Tensor]:
    """The loss of a whole round trip, with latents held near mean 0 and variance 1 a channel."""
    latents = vae.encode(media).latents
    mean, variance = latents.mean(dim=(0, 2, 3)), latents.var(dim=(0, 2, 3))
    spread = mean.square().mean() + (variance - 1).square().mean()
    losses = decoding_loss(vae, latents, media)
    return {**losses, "loss": losses["loss"] + 0.02 * spread, "spread": spread}


def teach(
    name: str, media: NDArray[Any], folder: Path, *, steps: int, batch: int, seed: int,
    chances: NDArray[np.float64] | None = None, begun: AutoencoderTiny | None = None,
) -> None:  # fmt: skip
    """Train the autoencoder of that name on [N, C, H, W] media in [-1, 1] (or uint8) and save it as
    `vae/`.

    Every batch is of rows sorted as they lie on the disk. Squared gradients are remembered for
    long: there is no normalisation in these networks, and small batches of pictures that differ
    much would set the steps by chance.

    Args:
        chances: [N] of each row to be in a batch, sum 1; without them all the same.
        begun: one that learned before, whose decoder goes on; its encoder stands still, so that
            what was learned on its latents stays valid. Without it a new one.
    """
    torch.manual_seed(seed)
    vae = (begun or new_autoencoder(name)).requires_grad_(True)
    vae.encoder.requires_grad_(begun is None)
    vae.to(memory_format=torch.channels_last)

    def loss_of(_: int, rng: np.random.Generator) -> dict[str, Tensor]:
        rows = np.sort(rng.choice(len(media), min(batch, len(media)), replace=False, p=chances))
        return reconstruction_loss(vae, to_unit(media[rows]).to(vae.device))

    train(
        f"{name} autoencoder", vae, loss_of, folder=folder, steps=steps, lr=5e-4, seed=seed,
        memory=0.999, clip=10.0,
    )  # fmt: skip
    vae.to(memory_format=torch.contiguous_format)
    vae.save_pretrained(folder / "vae")


def to_unit(media: NDArray[Any]) -> Tensor:
    """uint8 0..255 becomes float32 -1..1; floats stay as they are."""
    tensor = torch.from_numpy(np.ascontiguousarray(media))
    return tensor.float() / 127.5 - 1 if tensor.dtype == torch.uint8 else tensor.float()


@torch.inference_mode()
def latents_of(vae: AutoencoderTiny, media: NDArray[Any]) -> Tensor:
    """[N, L, H/8, W/8] latents of [N, C, H, W] media, computed on the machine's device; by
    several processes that train together, each a share of them."""
    vae.to(devices.device())
    mine = media[devices.proportion_of(len(media))]
    parts = [
        vae.encode(to_unit(mine[i : i + 64]).to(vae.device)).latents.cpu()
        for i in range(0, len(mine), 64)
    ]
    return torch.cat(devices.from_all(parts)).clone()
