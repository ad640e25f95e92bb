"""Media of Pocketworld as files, like those that a person attaches. Knows arrays and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from plugins.media_files import clip, png, wav
from training.pocketworld import media_cache


def write_medium(modality: str, media: NDArray[Any], path: Path) -> Path:
    """An array from Pocketworld as a file; its path, which gets the ending of its kind."""
    if modality == "image":
        made = png(_enlarged(media[None])[0])
    elif modality == "audio":
        made = wav(media.astype(np.float32), media_cache.SOUND_RATE)
    else:
        made = clip(_enlarged(media), media_cache.CLIP_FPS)
    path = path.with_suffix(made.extension)
    path.write_bytes(made.data)
    return path


def _enlarged(frames: NDArray[np.uint8], times: int = 4) -> NDArray[np.uint8]:
    size = (frames.shape[2] * times, frames.shape[1] * times)
    return np.stack(
        [np.asarray(Image.fromarray(f).resize(size, Image.Resampling.LANCZOS)) for f in frames]
    )
