"""The encoder's input for a file: reads the medium, and looks where the configuration says.

Knows the media readers and the preprocessing; runs no model.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np
from torch import Tensor  # noqa: TID253

from plugins.errors import KnownError, phrase
from runtime.encoder.config import EncoderConfig, VisionConfig
from runtime.encoder.preprocess import audio_tensor, clip_frames, image_tensor, video_tensor
from runtime.media import read_audio, read_image, read_video


class Prepared(NamedTuple):
    """A medium as the encoder takes it."""

    tensor: Tensor
    """The input of `ImageBindEncoder.encode(modality, ...)`, a batch of one."""
    lasting: float
    """The length of the whole medium, in multiples of what the encoder takes at once; 1 for a
    picture."""


def prepare(config: EncoderConfig, modality: str, path: str | os.PathLike[str]) -> Tensor:
    """The encoder's input for a file: see `prepare_timed`."""
    return prepare_timed(config, modality, path).tensor


def prepare_timed(config: EncoderConfig, modality: str, path: str | os.PathLike[str]) -> Prepared:
    """A file as the encoder takes it, and how long it lasts.

    Raises:
        KnownError: the file is not a readable medium of that modality, or the encoder has no tower
            for it.
    """
    if modality == "image" and config.vision is not None:
        return Prepared(image_tensor(config.vision, read_image(path)), 1.0)
    if modality == "audio" and config.audio is not None:
        sound = read_audio(path, rate_hz=config.audio.sample_rate, resampling="sinc")
        lasting = sound.duration_s / config.audio.clip_seconds
        return Prepared(audio_tensor(config.audio, sound.samples), lasting)
    if modality == "video" and config.vision is not None:
        return _video(config.vision, path)
    heard = [name for name in ("image", "audio", "video") if config.hears(name)]
    raise KnownError(
        "encoder: expected a medium of {heard}, found {modality}. Use a bundle whose encoder "
        "has a tower for it.",
        heard=", ".join(heard) or phrase("no modality"),
        modality=modality,
    )


def _video(config: VisionConfig, path: str | os.PathLike[str]) -> Prepared:
    clips: list[list[int]] = []

    def choose(n_frames: int, fps: float) -> list[int]:
        clips[:] = clip_frames(config, n_frames, fps)
        return sorted({number for clip in clips for number in clip})

    video = read_video(path, choose)
    rows = {number: row for row, number in enumerate(video.numbers)}
    frames = video.frames[np.array([[rows[n] for n in clip] for clip in clips])]
    return Prepared(video_tensor(config, frames), video.duration_s / config.clip_seconds)
