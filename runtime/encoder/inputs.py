"""From a file to the encoder's input: reads the medium, looks where the configuration says.

Knows the media readers and the preprocessing; runs no model.
"""

from __future__ import annotations

import os

import numpy as np
from torch import Tensor  # noqa: TID253

from plugins.errors import KnownError
from runtime.encoder.config import AudioConfig, EncoderConfig, VisionConfig
from runtime.encoder.preprocess import audio_tensor, clip_frames, image_tensor, video_tensor
from runtime.media import read_audio, read_image, read_video


def prepare(config: EncoderConfig, modality: str, path: str | os.PathLike[str]) -> Tensor:
    """What `ImageBindEncoder.encode(modality, ...)` takes, a batch of one.

    Raises:
        KnownError: the file is not a readable medium of that modality, or the encoder has no tower
            for it.
    """
    if modality == "image" and config.vision is not None:
        return image_tensor(config.vision, read_image(path))
    if modality == "audio" and config.audio is not None:
        return _sound(config.audio, path)
    if modality == "video" and config.vision is not None:
        return _video(config.vision, path)
    heard = [name for name in ("image", "audio", "video") if config.hears(name)]
    raise KnownError(
        f"encoder: expected a medium of {', '.join(heard) or 'no modality'}, found {modality}. "
        "Use a bundle whose encoder has a tower for it."
    )


def _sound(config: AudioConfig, path: str | os.PathLike[str]) -> Tensor:
    return audio_tensor(config, read_audio(path, rate_hz=config.sample_rate).samples)


def _video(config: VisionConfig, path: str | os.PathLike[str]) -> Tensor:
    clips: list[list[int]] = []

    def choose(n_frames: int, fps: float) -> list[int]:
        clips[:] = clip_frames(config, n_frames, fps)
        return sorted({number for clip in clips for number in clip})

    video = read_video(path, choose)
    rows = {number: row for row, number in enumerate(video.numbers)}
    return video_tensor(config, video.frames[np.array([[rows[n] for n in clip] for clip in clips])])
