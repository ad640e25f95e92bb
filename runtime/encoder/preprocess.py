"""Preprocessing of decoded media for the encoder, step by step as ImageBind's own loaders do it.

Knows arrays and tensors, no files. Differences from ImageBind are deliberate: a sound is the mean
of its channels (ImageBind hears the first only); the mean of a clip is removed from that clip alone
(ImageBind removes it from the next one too where they overlap); a sound that is shorter than a
frame is filled up; clips or crops that are all the same are kept once (their mean is the same).
Pictures come upright, without transparency and in eight bits, and frames of more than a million
pixels reduced, from `runtime.media`.

Legend: H, V height and width in pixels of the source; S side of the encoder's pictures; C clips,
K crops, T frames of a clip, N frames of a video, M mel bins, F spectrogram frames.
"""

from __future__ import annotations

import math

import numpy as np
import torch  # noqa: TID253
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor  # noqa: TID253
from torch.nn import functional  # noqa: TID253

from runtime.encoder.config import AudioConfig, VisionConfig
from runtime.encoder.fbank import fbank
from runtime.encoder.sampling import clip_starts, frame_numbers

_MEAN = (0.48145466, 0.4578275, 0.40821073)
_STD = (0.26862954, 0.26130258, 0.27577711)
"""The standard deviation of red, green and blue in 0..1, as CLIP was trained."""
_MAX_ASPECT = 16
"""A longer side beyond this many shorter sides is cut before resizing, which would else explode."""


def image_tensor(config: VisionConfig, picture: NDArray[np.uint8]) -> Tensor:
    """uint8 [H, V, 3] -> float32 [1, 3, S, S]: shorter side to S (bicubic), middle square."""
    side = config.image_size
    image = Image.fromarray(_trim(picture))
    width, height = image.size
    short = min(width, height)
    if short != side:
        size = (side * width // short, side * height // short)
        image = image.resize(size, Image.Resampling.BICUBIC)
    left, top = round((image.width - side) / 2), round((image.height - side) / 2)
    image = image.crop((left, top, left + side, top + side))
    pixels = torch.from_numpy(np.array(image, dtype=np.float32)).permute(2, 0, 1) / 255
    return _normalise(pixels[None, :, None])[:, :, 0]


def audio_tensor(config: AudioConfig, samples: NDArray[np.float32]) -> Tensor:
    """float32 [n] mono in -1..1 at the encoder's rate -> float32 [1, C, 1, M, F].

    Clips of the configured length, evenly placed; one clip if the sound is no longer than that.
    """
    waveform = torch.from_numpy(np.ascontiguousarray(samples, dtype=np.float32))
    rate = config.sample_rate
    starts = clip_starts(len(samples) / rate, config.clip_seconds, config.clips, config.spread)
    length = math.floor(config.clip_seconds * rate)
    clips = [waveform[int(s * rate) : int(s * rate) + length] for s in starts]
    return torch.stack([_spectrogram(config, clip) for clip in clips])[None]


def video_tensor(config: VisionConfig, clips: NDArray[np.uint8]) -> Tensor:
    """uint8 [C, T, H, V, 3] -> float32 [1, C * K, 3, T, S, S], crops of a clip side by side.

    Shorter side to S (bilinear), then the middle square, or with three crops also both ends; one
    crop if the frames are square.
    """
    crops = [crop for clip in clips for crop in _clip_crops(config, clip)]
    return torch.stack(crops)[None]


def frames_to_video_tensor(config: VisionConfig, frames: NDArray[np.uint8], fps: float) -> Tensor:
    """All N frames of a video, uint8 [N, H, V, 3] -> float32 [1, C * K, 3, T, S, S]."""
    return video_tensor(config, frames[np.array(clip_frames(config, len(frames), fps))])


def clip_frames(config: VisionConfig, n_frames: int, fps: float) -> list[list[int]]:
    """The frames of a video for the encoder: C lists of T frame numbers."""
    return frame_numbers(
        n_frames,
        fps,
        clip_seconds=config.clip_seconds,
        clips=config.clips,
        frames_per_clip=config.frames_per_clip,
        spread=config.spread,
    )


def _spectrogram(config: AudioConfig, clip: Tensor) -> Tensor:
    """[n] -> [1, M, F], cut or filled up with zeros, then normalised."""
    features = fbank(
        clip - clip.mean(),
        sample_rate=config.sample_rate,
        mel_bins=config.mel_bins,
        frame_length_ms=config.frame_length_ms,
        frame_shift_ms=config.frame_shift_ms,
    )[: config.target_frames]
    missing = config.target_frames - features.shape[0]
    filled = functional.pad(features, (0, 0, 0, missing))
    return ((filled - config.mean) / config.std).T[None]


def _clip_crops(config: VisionConfig, clip: NDArray[np.uint8]) -> list[Tensor]:
    """[T, H, V, 3] -> the crops, each [3, T, S, S]."""
    side = config.image_size
    pixels = torch.from_numpy(np.ascontiguousarray(_trim(clip))).permute(0, 3, 1, 2).float() / 255
    height, width = pixels.shape[-2:]
    short = min(height, width)
    size = (side * height // short, side * width // short)
    scaled = functional.interpolate(pixels, size=size, mode="bilinear", align_corners=False)
    frames = _normalise(scaled.transpose(0, 1)[None])[0]  # [3, T, H', V']
    return [frames[:, :, y : y + side, x : x + side] for y, x in _corners(size, side, config.crops)]


def _corners(size: tuple[int, int], side: int, crops: int) -> list[tuple[int, int]]:
    """Top left corners of the crops along the longer side: one end, the middle, the other end."""
    spare = max(size) - side
    offsets = (
        [math.ceil(spare / 2)] if crops == 1 or spare == 0 else [0, math.ceil(spare / 2), spare]
    )
    return [(offset, 0) if size[0] > size[1] else (0, offset) for offset in offsets]


def _trim(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """[..., H, V, 3] with the middle kept of a side that is extremely long."""
    height, width = pixels.shape[-3:-1]
    longest = _MAX_ASPECT * min(height, width)
    top, left = max(0, (height - longest) // 2), max(0, (width - longest) // 2)
    return pixels[..., top : top + longest, left : left + longest, :]


def _normalise(pixels: Tensor) -> Tensor:
    """[B, 3, T, H, V] in 0..1 -> CLIP's mean removed and divided by its deviation."""
    shape = (1, 3, 1, 1, 1)
    return (pixels - torch.tensor(_MEAN).view(shape)) / torch.tensor(_STD).view(shape)
