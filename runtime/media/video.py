"""Reads single frames out of clips of any length.

Legend: T frames asked for, H, V height and width in pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugins.clip_frames import ClipFrames
from runtime.media.container import open_container
from runtime.media.files import MediaPath, open_medium, unusable
from runtime.media.sniff import content_of, describe

MAX_PIXELS = 36_000_000
"""The most pixels of one frame: 8K."""
_KEPT_PIXELS = 1_000_000
"""Larger frames are reduced to about as many."""

Choose = Callable[[int, float], Sequence[int]]
"""(number of frames, frames per second) -> numbers of the frames wanted, ascending."""


@dataclass(frozen=True)
class Video:
    """The frames that were asked for."""

    frames: NDArray[np.uint8]
    """[T, H, V, 3] upright, pixels square."""
    numbers: tuple[int, ...]
    """T frame numbers, as chosen."""
    fps: float
    n_frames: int
    duration_s: float
    """Seconds."""
    size: tuple[int, int]
    """Width and height of the clip in pixels as a player shows it, before any reduction."""


def read_video(path: MediaPath, choose: Choose) -> Video:
    """Frames of a clip. `choose` is called with their number and rate.

    Raises:
        KnownError: no such file, not a clip, broken, cut short, or with frames too large.
    """
    with open_medium(path, "video") as file:
        content = content_of(file)
        if content.family != "container":
            raise unusable(path, "video", describe(content))
        with open_container(file, content, path, "video") as container:
            clip = ClipFrames(container, MAX_PIXELS)
            n_frames = max(1, round(clip.duration_s * clip.fps))
            numbers = tuple(choose(n_frames, clip.fps))
            frames = np.stack(
                [clip.picture(clip.at(number / clip.fps)[1], _KEPT_PIXELS) for number in numbers]
            )
            return Video(frames, numbers, clip.fps, n_frames, clip.duration_s, clip.size)
