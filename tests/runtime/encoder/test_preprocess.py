"""Media become what ImageBind's own loaders make of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from PIL import Image

from runtime.encoder import AudioConfig, VisionConfig
from runtime.encoder.fbank import fbank
from runtime.encoder.preprocess import (
    audio_tensor,
    frames_to_video_tensor,
    image_tensor,
    video_tensor,
)

MEAN = np.array([0.48145466, 0.4578275, 0.40821073])
STD = np.array([0.26862954, 0.26130258, 0.27577711])
FULL = VisionConfig()
POCKET = VisionConfig(image_size=64, patch=8, clips=1, crops=1)


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def test_a_picture_of_the_right_size_is_only_normalised() -> None:
    picture = noise(64, 64, 3)
    tensor = image_tensor(POCKET, picture)
    expected = ((picture / 255 - MEAN) / STD).transpose(2, 0, 1)
    np.testing.assert_allclose(tensor[0].numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("size", [(300, 500), (500, 300), (100, 90), (225, 224)])
def test_other_pictures_are_resized_by_the_short_side_and_cropped_in_the_middle(
    size: tuple[int, int],
) -> None:
    width, height = size
    picture = noise(height, width, 3)
    short = min(size)
    resized = Image.fromarray(picture).resize(
        (int(224 * width / short), int(224 * height / short)), Image.Resampling.BICUBIC
    )
    left = round((resized.width - 224) / 2.0)
    top = round((resized.height - 224) / 2.0)
    middle = np.asarray(resized)[top : top + 224, left : left + 224]
    expected = ((middle / 255 - MEAN) / STD).transpose(2, 0, 1)
    np.testing.assert_allclose(image_tensor(FULL, picture)[0].numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 1), (1, 20_000), (20_000, 1), (3, 5000)])
def test_extreme_pictures_give_a_picture_of_the_usual_size(shape: tuple[int, int]) -> None:
    tensor = image_tensor(FULL, noise(*shape, 3))
    assert tensor.shape == (1, 3, 224, 224)
    assert torch.isfinite(tensor).all()


def test_three_crops_go_from_end_to_end_of_the_longer_side() -> None:
    config = VisionConfig(image_size=32, patch=8)
    wide, tall = noise(1, 2, 32, 49, 3), noise(1, 2, 49, 32, 3)
    expected = ((wide[0] / 255 - MEAN) / STD).transpose(3, 0, 1, 2)
    tensor = video_tensor(config, wide)
    assert tensor.shape == (1, 3, 3, 2, 32, 32)
    for crop, left in enumerate((0, math.ceil(17 / 2), 17)):
        np.testing.assert_allclose(
            tensor[0, crop].numpy(), expected[..., left : left + 32], atol=1e-5
        )
    expected = ((tall[0] / 255 - MEAN) / STD).transpose(3, 0, 1, 2)
    np.testing.assert_allclose(
        video_tensor(config, tall)[0, 2].numpy(), expected[:, :, 17:], atol=1e-5
    )


def test_square_frames_need_one_crop_and_a_short_video_one_clip() -> None:
    tensor = frames_to_video_tensor(FULL, noise(8, 64, 64, 3), 4.0)
    assert tensor.shape == (1, 1, 3, 2, 224, 224)


def test_a_long_video_gives_fifteen_pieces() -> None:
    config = VisionConfig(image_size=16, patch=8)
    assert frames_to_video_tensor(config, noise(40, 16, 24, 3), 4.0).shape == (1, 15, 3, 2, 16, 16)


def test_frames_are_scaled_by_their_short_side_without_smoothing() -> None:
    config = VisionConfig(image_size=16, patch=8, crops=1)
    clip = noise(1, 2, 32, 40, 3)
    pixels = torch.from_numpy(clip[0]).permute(0, 3, 1, 2) / 255
    scaled = torch.nn.functional.interpolate(pixels, (16, 20), mode="bilinear")
    expected = (scaled[..., 2:18].permute(1, 0, 2, 3).numpy() - MEAN[:, None, None, None]) / STD[
        :, None, None, None
    ]
    np.testing.assert_allclose(video_tensor(config, clip)[0, 0].numpy(), expected, atol=1e-5)


def test_extreme_frames_do_not_explode() -> None:
    assert video_tensor(FULL, noise(1, 2, 1, 5000, 3)).shape == (1, 3, 3, 2, 224, 224)


def test_a_sound_of_ten_seconds_gives_three_clips_of_two() -> None:
    config = AudioConfig()
    samples = np.random.default_rng(0).standard_normal(160_000).astype(np.float32) * 0.1 + 0.05
    tensor = audio_tensor(config, samples)
    assert tensor.shape == (1, 3, 1, 128, 204)
    for number, start in enumerate((0, 64_000, 128_000)):
        clip = torch.from_numpy(samples[start : start + 32_000])
        features = fbank(clip - clip.mean(), sample_rate=16_000, mel_bins=128)
        expected = (features.T + 4.268) / 9.138
        torch.testing.assert_close(tensor[0, number, 0, :, :198], expected)
        torch.testing.assert_close(
            tensor[0, number, 0, :, 198:], torch.full((128, 6), 4.268 / 9.138)
        )


@pytest.mark.parametrize("n", [1, 399, 16_000, 32_000])
def test_a_short_sound_is_heard_once_and_filled_up(n: int) -> None:
    tensor = audio_tensor(AudioConfig(), np.ones(n, np.float32))
    assert tensor.shape == (1, 1, 1, 128, 204)
    assert torch.isfinite(tensor).all()


def test_a_wider_shift_covers_a_pocket_sound_with_fewer_frames() -> None:
    config = AudioConfig(
        mel_bins=64, target_frames=128, frame_shift_ms=16.0, clips=1, clip_seconds=2.048
    )
    tensor = audio_tensor(
        config, np.random.default_rng(0).standard_normal(32_768).astype(np.float32)
    )
    assert tensor.shape == (1, 1, 1, 64, 128)
    assert tensor[..., -1].unique().numel() == 1
    assert tensor[..., -2].std() > 0
