"""The oracle of pictures, clips and sounds: it returns the attributes that they show.

Knows how to bring any resolution or rate to the one that is judged; how that is done is in the
judges beside this module. It measures, holds nothing learned and knows nothing of the models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.pocketworld.fitting import SIZE
from training.pocketworld.judge_picture import read_clip, read_picture
from training.pocketworld.judge_sound import RATE, SAMPLES, read_sound

RGB_CHANNELS = 3
CLIP_AXES = 4
MOST_FRAMES = 8  # of a longer clip as many are judged, evenly spread


def brought_to_size(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Any picture [H, W, 3] as float32 [SIZE, SIZE, 3]."""
    if pixels.ndim != RGB_CHANNELS or pixels.shape[2] != RGB_CHANNELS or 0 in pixels.shape:
        raise ValueError(f"oracle: a picture is [height, width, 3], not {pixels.shape}")
    if pixels.dtype != np.uint8:
        raise ValueError(f"oracle: a picture is uint8, not {pixels.dtype}")
    if pixels.shape[:2] != (SIZE, SIZE):
        image = Image.fromarray(pixels).resize((SIZE, SIZE), Image.Resampling.BOX)
        pixels = np.asarray(image)
    return pixels.astype(np.float32)


def brought_to_frames(frames: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Any clip [T, H, W, 3] as float32 [frames, SIZE, SIZE, 3] of at most `MOST_FRAMES`."""
    if frames.ndim != CLIP_AXES or len(frames) == 0:
        raise ValueError(f"oracle: a clip is [frames, height, width, 3], not {frames.shape}")
    if len(frames) > MOST_FRAMES:
        frames = frames[np.linspace(0, len(frames) - 1, MOST_FRAMES).round().astype(int)]
    return np.stack([brought_to_size(frame) for frame in frames])


def brought_to_length(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Any mono sound [n] in [-1, 1] as [SAMPLES] at RATE samples per second."""
    if samples.ndim != 1 or len(samples) == 0 or rate <= 0:
        raise ValueError(f"oracle: a sound is [samples] at a rate, not {samples.shape} at {rate}")
    heard = _brought_to_rate(np.asarray(samples, dtype=np.float64), rate)
    whole = np.zeros(SAMPLES)
    whole[: min(len(heard), SAMPLES)] = heard[:SAMPLES]
    return whole


def _brought_to_rate(samples: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """A sound at RATE samples per second: its spectrum, cut or filled up."""
    if rate == RATE:
        return samples
    n = max(1, round(len(samples) * RATE / rate))
    return np.fft.irfft(np.fft.rfft(samples), n) * (n / len(samples))


def judge_picture(pixels: NDArray[np.uint8]) -> dict[str, str]:
    """The thing, colour, place, time, weather, size and position in a picture [H, W, 3]."""
    return read_picture(brought_to_size(pixels))


def judge_clip(frames: NDArray[np.uint8]) -> dict[str, str]:
    """The thing, colour, place, time, weather and motion in a clip [T, H, W, 3]."""
    return read_clip(brought_to_frames(frames))


def judge_sound(samples: NDArray[np.float32], rate: int) -> dict[str, str]:
    """The thing and the weather in a mono sound [n] in [-1, 1] at ``rate`` samples per second."""
    return read_sound(brought_to_length(samples, rate))


@dataclass(frozen=True)
class Judges:
    """One judge per modality; each returns words by attribute."""

    image: Callable[[NDArray[np.uint8]], dict[str, str]] = judge_picture
    audio: Callable[[NDArray[np.float32], int], dict[str, str]] = judge_sound
    video: Callable[[NDArray[np.uint8]], dict[str, str]] = judge_clip
