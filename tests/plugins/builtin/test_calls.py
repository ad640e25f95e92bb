"""How a pipeline is called: settings that classes need, and VAEs that work in parts."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from plugins.builtin import calls
from plugins.pipelines import PIPELINES
from tests import tiny_decoders

VALUES: dict[str, Any] = {"steps": 3, "guidance": 4.5}


@pytest.mark.parametrize(
    ("size", "frames", "tiling", "slicing"),
    [
        ((512, 512), 1, False, False),
        ((2048, 2048), 1, True, False),
        ((512, 512), 4, False, False),
        ((512, 512), 24, False, True),
    ],
)
def test_what_is_large_is_decoded_in_parts(
    size: tuple[int, int], frames: int, tiling: bool, slicing: bool
) -> None:
    vae = tiny_decoders.autoencoder(channels=3)

    with calls.sparing(vae, *size, frames):
        assert (vae.use_tiling, vae.use_slicing) == (tiling, slicing)

    assert (vae.use_tiling, vae.use_slicing) == (False, False)


def test_a_clip_decoded_frame_by_frame_is_the_same() -> None:
    vae = tiny_decoders.autoencoder(channels=3).eval()
    latents = torch.randn(3, 4, 4, 4)

    with torch.no_grad():
        whole = vae.decode(latents).sample
        with calls.sparing(vae, 1024, 1024, 3):
            sliced = vae.decode(latents).sample

    torch.testing.assert_close(whole, sliced)


def test_sana_is_told_when_it_may_not_choose_the_step_between() -> None:
    row, generator = PIPELINES["SanaSprintPipeline"], torch.Generator()

    two, three = (
        calls.common(row, {"sample_size": 32}, {**VALUES, "steps": steps}, generator)
        for steps in (2, 3)
    )

    assert "intermediate_timesteps" not in two and three["intermediate_timesteps"] is None
    assert two["use_resolution_binning"]


def test_numbers_are_those_of_the_denoiser_and_masks_stay_whole() -> None:
    row = PIPELINES["LTXPipeline"]
    wanted = {"embeds": torch.ones(1, 2, 4), "mask": torch.ones(1, 2, dtype=torch.long)}

    found = calls.conditioned(row, wanted, None, torch.bfloat16)

    assert set(found) == {"prompt_embeds", "prompt_attention_mask"}
    assert found["prompt_embeds"].dtype == torch.bfloat16
    assert found["prompt_attention_mask"].dtype == torch.long
