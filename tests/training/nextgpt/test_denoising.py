"""What a U-Net is asked for, and how much every noise level counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler
from torch import Tensor

from plugins.errors import BugError
from training.nextgpt import denoising
from training.nextgpt.denoising import min_snr_weights, squared_errors, target_of, weighted_loss
from training.pocket.unets import (
    FRAMES_RATE,
    new_audio_unet,
    new_image_unet,
    new_scheduler,
    new_video_unet,
    rates,
)

GAMMA = 5.0


def scheduler_of(kind: str, *, ends_in_noise: bool = True) -> DDIMScheduler:
    settings = {"prediction_type": kind, "rescale_betas_zero_snr": ends_in_noise}
    return DDIMScheduler.from_config(new_scheduler().config, **settings)


def signal_to_noise(scheduler: DDIMScheduler, times: Tensor) -> np.ndarray:
    """By the definition, in double precision."""
    a = scheduler.alphas_cumprod.double().numpy()[times.numpy()]
    return a / (1 - a)


@pytest.mark.parametrize("ends_in_noise", [True, False])
def test_weights_are_the_closed_forms(ends_in_noise: bool) -> None:
    times = torch.arange(0, 999)
    for kind, divisor in (("epsilon", 0.0), ("v_prediction", 1.0)):
        scheduler = scheduler_of(kind, ends_in_noise=ends_in_noise)
        snr = signal_to_noise(scheduler, times)
        wanted = np.minimum(snr, GAMMA) / (snr + divisor)
        got = min_snr_weights(scheduler, times).numpy()
        np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-7)
    scheduler = scheduler_of("sample", ends_in_noise=ends_in_noise)
    wanted = np.minimum(signal_to_noise(scheduler, times), GAMMA)
    np.testing.assert_allclose(min_snr_weights(scheduler, times), wanted, rtol=1e-3, atol=1e-7)


@pytest.mark.parametrize(
    ("kind", "at_pure_noise"), [("epsilon", 1.0), ("v_prediction", 0.0), ("sample", 0.0)]
)
def test_a_schedule_that_ends_in_pure_noise_divides_by_nothing(
    kind: str, at_pure_noise: float
) -> None:
    scheduler = scheduler_of(kind)
    assert scheduler.alphas_cumprod[-1] == 0
    weights = min_snr_weights(scheduler, torch.arange(1000))
    assert torch.isfinite(weights).all()
    assert weights[-1].item() == pytest.approx(at_pure_noise)
    scheduler.alphas_cumprod[0] = 1.0
    assert torch.isfinite(min_snr_weights(scheduler, torch.tensor([0]))).all()


def test_all_three_weights_stand_for_the_same_error_of_the_latents() -> None:
    """An error of the latents costs the same whatever the U-Net predicts."""
    times = torch.tensor([20, 300, 600, 900])
    latents, noise = torch.randn(4, 16, 8, 8).double(), torch.randn(4, 16, 8, 8).double()
    off = 0.1 * torch.randn_like(latents)
    costs = []
    for kind in ("epsilon", "v_prediction", "sample"):
        scheduler = scheduler_of(kind)
        a = scheduler.alphas_cumprod.double()[times][:, None, None, None]
        noisy = a.sqrt() * latents + (1 - a).sqrt() * noise
        wrong = latents + off
        wrong_noise = (noisy - a.sqrt() * wrong) / (1 - a).sqrt()
        predicted = {
            "epsilon": wrong_noise,
            "v_prediction": a.sqrt() * wrong_noise - (1 - a).sqrt() * wrong,
            "sample": wrong,
        }[kind]
        error = (predicted - target_of(scheduler, latents, noise, times)).square().mean((1, 2, 3))
        costs.append(min_snr_weights(scheduler, times) * error)
    torch.testing.assert_close(costs[0], costs[2], rtol=1e-3, atol=1e-6)
    torch.testing.assert_close(costs[1], costs[2], rtol=1e-3, atol=1e-6)


def test_the_target_is_what_the_scheduler_turns_back_into_the_latents() -> None:
    times = torch.tensor([500])
    latents, noise = torch.randn(1, 4, 8, 8), torch.randn(1, 4, 8, 8)
    for kind in ("epsilon", "v_prediction", "sample"):
        scheduler = scheduler_of(kind)
        scheduler.set_timesteps(1000)
        noisy = scheduler.add_noise(latents, noise, times)
        predicted = target_of(scheduler, latents, noise, times)
        back = scheduler.step(predicted, 500, noisy).pred_original_sample
        torch.testing.assert_close(back, latents, rtol=1e-3, atol=1e-3)


def test_an_unknown_prediction_is_refused() -> None:
    scheduler = new_scheduler()
    scheduler.register_to_config(prediction_type="flow")
    with pytest.raises(BugError, match="'flow'"):
        target_of(scheduler, torch.ones(1, 2), torch.ones(1, 2), torch.tensor([1]))


def test_every_sample_has_its_own_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    errors, times = torch.tensor([1.0, 3.0]), torch.tensor([100, 900])
    monkeypatch.setattr(denoising, "squared_errors", lambda *_: (errors, times))
    scheduler = new_scheduler()
    weights = min_snr_weights(scheduler, times)
    assert weights[0] != weights[1]
    got = weighted_loss(lambda noisy, _: noisy, torch.zeros(2, 4), scheduler)
    torch.testing.assert_close(got, (weights * errors).sum() / 2)


def test_errors_are_means_over_a_sample_whatever_its_shape() -> None:
    for shape in ((3, 4, 8, 8), (3, 4, 2, 8, 8)):
        latents = torch.randn(shape)
        torch.manual_seed(0)
        errors, times = squared_errors(lambda noisy, _: 0 * noisy, latents, new_scheduler())
        torch.manual_seed(0)
        noise = torch.randn_like(latents)
        wanted = target_of(new_scheduler(), latents, noise, times)
        assert errors.shape == times.shape == (3,)
        torch.testing.assert_close(errors[1], wanted[1].square().mean())


def test_layers_of_single_frames_learn_at_a_smaller_rate_than_those_over_time() -> None:
    pictures = new_image_unet()
    clips = new_video_unet(pictures)
    over_time, frames = rates(clips, 1e-3)
    assert (over_time["lr"], frames["lr"]) == (1e-3, FRAMES_RATE * 1e-3)
    assert sizes(frames) == sorted(p.numel() for p in pictures.parameters())
    assert len(sizes(over_time)) + len(sizes(frames)) == len(list(clips.parameters()))
    for unet in (pictures, new_audio_unet()):
        (group,) = rates(unet, 1e-3)
        assert group["lr"] == 1e-3
        assert len(sizes(group)) == len(list(unet.parameters()))


def sizes(group: dict[str, Any]) -> list[int]:
    return sorted(parameter.numel() for parameter in group["params"])
