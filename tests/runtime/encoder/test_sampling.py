"""The places in sounds and clips that the encoder uses are those of the reference."""

from __future__ import annotations

import math
from fractions import Fraction

import msgspec
import pytest
import torch

from runtime.encoder import VisionConfig
from runtime.encoder.config import Spread
from runtime.encoder.preprocess import clip_frames
from runtime.encoder.sampling import clip_starts, frame_numbers

FULL = VisionConfig()
POCKET = VisionConfig(image_size=64, patch=8, clips=1, crops=1)


def test_clips_are_evenly_placed_from_the_first_to_the_last_possible() -> None:
    assert clip_starts(10.0, 2.0, 5) == [0, 2, 4, 6, 8]
    assert clip_starts(10.0, 2.0, 1) == [0]
    assert clip_starts(3.0, 2.0, 3) == [0, Fraction(1, 2), 1]


@pytest.mark.parametrize("duration", [0.1, 2.0])
def test_a_medium_of_one_clip_is_looked_at_once(duration: float) -> None:
    assert clip_starts(duration, 2.0, 5) == [0]


def test_a_pocket_clip_gives_its_first_and_last_frame() -> None:
    assert clip_frames(POCKET, 8, 4.0) == [[0, 7]]
    assert frame_numbers(8, 4.0, clip_seconds=2.0, clips=5, frames_per_clip=2) == [[0, 7]]


def test_a_long_video_is_looked_at_in_five_places() -> None:
    numbers = clip_frames(FULL, 300, 30.0)
    assert numbers == [[0, 59], [60, 119], [120, 179], [180, 239], [240, 299]]


@pytest.mark.parametrize(("n_frames", "fps"), [(1, 25.0), (2, 1000.0), (7, 0.1), (3, 29.97)])
def test_odd_videos_only_give_frames_they_have(n_frames: int, fps: float) -> None:
    numbers = clip_frames(FULL, n_frames, fps)
    assert all(0 <= number < n_frames for clip in numbers for number in clip)
    assert all(len(clip) == 2 and clip == sorted(clip) for clip in numbers)


def test_more_frames_a_clip_are_evenly_placed() -> None:
    assert frame_numbers(60, 30.0, clip_seconds=2.0, clips=1, frames_per_clip=4) == [
        [0, 19, 39, 59]
    ]


def test_within_the_end_is_left_out() -> None:
    assert clip_starts(10.0, 2.0, 3, "within") == [0, Fraction(8, 3), Fraction(16, 3)]
    assert clip_starts(10.0, 2.0, 1, "within") == [0]
    assert clip_starts(2.0, 2.0, 3, "within") == [0]
    within = msgspec.structs.replace(FULL, spread="within")
    assert clip_frames(within, 300, 30.0)[-1] == [192, 251]


def reference_numbers(n_frames: int, rate: Fraction, parts: int = 4) -> list[list[int]]:
    """As the code does that ImageBind was trained with: five clips of two seconds by PyTorchVideo's
    sampler, and in each what its frames' times and a linear space of two places give. The room
    is divided by `parts`: 4 since 2022, 5 in version 0.1.5."""
    duration = float(n_frames / rate)
    longest = Fraction(max(duration - 2, 0))
    found = []
    for index in range(5):
        start = Fraction(longest, parts) * index
        first = math.ceil(float(rate) * start)
        count = min(math.ceil(float(rate) * (start + 2)), n_frames) - first
        places = torch.clamp(torch.linspace(0, count - 1, 2), 0, count - 1).long().tolist()
        found.append([first + place for place in places])
        if not longest:
            break
    return found


@pytest.mark.parametrize("spread", ["ends", "within"])
@pytest.mark.parametrize(
    "rate", [8.0, 10.0, 12.0, 15.0, 23.976, 24.0, 25.0, 29.97, 30.0, 50.0, 60.0]
)
def test_the_frames_seen_are_those_that_the_reference_sees(rate: float, spread: Spread) -> None:
    config = msgspec.structs.replace(FULL, spread=spread)
    parts = 4 if spread == "ends" else 5
    for n_frames in range(5, 705, 7):
        wanted = reference_numbers(n_frames, Fraction(rate), parts)
        assert clip_frames(config, n_frames, rate) == wanted


@pytest.mark.parametrize("rate", [Fraction(24_000, 1001), Fraction(30_000, 1001)])
def test_rates_of_television_give_the_same_frames(rate: Fraction) -> None:
    for n_frames in range(5, 705, 7):
        assert clip_frames(FULL, n_frames, float(rate)) == reference_numbers(n_frames, rate)
