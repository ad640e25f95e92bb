"""The decoders' autoencoders: 64x64 pictures and 128x64 log-mel spectrograms to 8x smaller latents.

Knows torch and diffusers' AutoencoderTiny; knows no scenes.

Legend: B batch, C channels, H x W pixels (or frames x mel bands), latents [B, 16, H/8, W/8].
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from torch import Tensor

from training import machine
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


def decoding_loss(vae: AutoencoderTiny, latents: Tensor, media: Tensor) -> dict[str, Tensor]:
    """L1 + 2 L2 of media decoded from noisy latents."""
    error = vae.decode(latents + NOISE * torch.randn_like(latents)).sample - media
    l1, l2 = error.abs().mean(), error.square().mean()
    return {"loss": l1 + 2 * l2, "l1": l1}


def reconstruction_loss(vae: AutoencoderTiny, media: Tensor) -> dict[str, Tensor]:
    """The loss of a whole round trip, with latents held near mean 0 and variance 1 a channel."""
    latents = vae.encode(media).latents
    mean, variance = latents.mean(dim=(0, 2, 3)), latents.var(dim=(0, 2, 3))
    spread = mean.square().mean() + (variance - 1).square().mean()
    losses = decoding_loss(vae, latents, media)
    return {**losses, "loss": losses["loss"] + 0.02 * spread, "spread": spread}


def teach(
    name: str, media: NDArray[Any], folder: Path, *, steps: int, batch: int, seed: int
) -> None:
    """Train an autoencoder on [N, C, H, W] media in [-1, 1] (or uint8) and save it as `vae/`."""
    torch.manual_seed(seed)
    vae = new_autoencoder(media.shape[1])

    def loss_of(rows: NDArray[np.int64]) -> dict[str, Tensor]:
        return reconstruction_loss(vae, to_unit(media[rows]).to(vae.device))

    _learn(f"{name} autoencoder", vae, loss_of, len(media), folder, steps, batch, seed)


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

    def loss_of(rows: NDArray[np.int64]) -> dict[str, Tensor]:
        kept = latents[torch.from_numpy(rows)].to(vae.device)
        return decoding_loss(vae, kept, to_unit(media[rows]).to(vae.device))

    _learn(f"{name} decoder", vae, loss_of, len(media), folder, steps, batch, seed)


def _learn(
    name: str, vae: AutoencoderTiny, loss_of: Callable[[NDArray[np.int64]], dict[str, Tensor]],
    count: int, folder: Path, steps: int, batch: int, seed: int,
) -> None:  # fmt: skip
    """Train on rows drawn from `count` media, sorted as they lie on the disk; save as `vae/`."""

    def of_step(_: int, rng: np.random.Generator) -> dict[str, Tensor]:
        return loss_of(np.sort(rng.choice(count, min(batch, count), replace=False)))

    train(name, vae, of_step, folder=folder, steps=steps, lr=2e-3, seed=seed)
    vae.save_pretrained(folder / "vae")


def to_unit(media: NDArray[Any]) -> Tensor:
    """uint8 0..255 becomes float32 -1..1; floats stay as they are."""
    tensor = torch.from_numpy(np.ascontiguousarray(media))
    return tensor.float() / 127.5 - 1 if tensor.dtype == torch.uint8 else tensor.float()


@torch.inference_mode()
def latents_of(vae: AutoencoderTiny, media: NDArray[Any]) -> Tensor:
    """[N, 16, H/8, W/8] latents of [N, C, H, W] media, computed on the machine's device."""
    vae.to(machine.device())
    parts = [
        vae.encode(to_unit(media[i : i + 64]).to(vae.device)).latents.cpu()
        for i in range(0, len(media), 64)
    ]
    return torch.cat(parts).clone()
