"""The latent denoising loss: the target of a U-Net at a noise level, and the weight of its error.

Knows noise schedules; knows no U-Net, no condition and no language model.

Legend: B batch, [*] one latent, a the share of signal in the noised latent's variance
(`alphas_cumprod`), SNR = a / (1 - a).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from diffusers import DDIMScheduler
from torch import Tensor

from plugins.errors import BugError

Denoise = Callable[[Tensor, Tensor], Tensor]
"""A U-Net under a condition: noisy latents [B, *] and times [B] to what it predicts, [B, *]."""
GAMMA = 5.0
"""SNR above which a noise level counts no more than at this one."""


def target_of(
    scheduler: DDIMScheduler, latents: Tensor, noise: Tensor, times: Tensor
) -> Tensor:  # fmt: skip
    """[B, *] what a U-Net with this scheduler has to predict: noise, velocity or the latents."""
    kind = scheduler.config.prediction_type
    if kind == "epsilon":
        return noise
    if kind == "v_prediction":
        return scheduler.get_velocity(latents, noise, times)
    if kind == "sample":
        return latents
    raise BugError(f"no target for prediction type {kind!r}; known: epsilon, v_prediction, sample")


def min_snr_weights(scheduler: DDIMScheduler, times: Tensor, gamma: float = GAMMA) -> Tensor:
    """[B] weights of squared errors, such that each counts min(SNR, gamma) on the latents.

    An error of the latents is one of the noise times 1 / SNR and one of the velocity times
    1 / (SNR + 1); so these weights are min(SNR, gamma) / SNR, min(SNR, gamma) / (SNR + 1) or
    min(SNR, gamma) itself. They are finite at both ends, a = 0 (a schedule that ends in pure noise)
    included: written in a, the velocity's weight is min(a, gamma (1 - a)) and divides by nothing.
    """
    a = scheduler.alphas_cumprod.to(times.device)[times].float()
    kind = scheduler.config.prediction_type
    if kind == "v_prediction":
        return torch.minimum(a, gamma * (1 - a))
    tiny = torch.finfo(a.dtype).tiny
    if kind == "epsilon":
        return (gamma * (1 - a) / a.clamp_min(tiny)).clamp(max=1.0)
    return (a / (1 - a).clamp_min(tiny)).clamp(max=gamma)


def squared_errors(
    denoise: Denoise, latents: Tensor, scheduler: DDIMScheduler
) -> tuple[Tensor, Tensor]:
    """[B] mean squared errors at uniform times, and the times [B]."""
    noise = torch.randn_like(latents)
    last = scheduler.config.num_train_timesteps
    times = torch.randint(0, last, (len(latents),), device=latents.device)
    noisy = scheduler.add_noise(latents, noise, times)
    wanted = target_of(scheduler, latents, noise, times)
    return (denoise(noisy, times) - wanted).square().flatten(1).mean(dim=1), times


def plain_loss(denoise: Denoise, latents: Tensor, scheduler: DDIMScheduler) -> Tensor:
    """Every noise level counts the same: how a U-Net is taught."""
    return squared_errors(denoise, latents, scheduler)[0].mean()


def weighted_loss(denoise: Denoise, latents: Tensor, scheduler: DDIMScheduler) -> Tensor:
    """Every sample's error times its own min-SNR weight: how conditions for a U-Net are taught."""
    errors, times = squared_errors(denoise, latents, scheduler)
    return (min_snr_weights(scheduler, times) * errors).mean()
