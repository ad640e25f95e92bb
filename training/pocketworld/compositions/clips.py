"""Clips of things that move fast or slowly: a long or a short distance in the same time.

Knows tracks; knows no captions and no judging.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.pocketworld.clip import FRAMES, HEADING, film
from training.pocketworld.compositions.composition import Speed
from training.pocketworld.picture import random_jitter

WAY = {"slow": 11.0, "fast": 34.0}  # from first to last frame, in 64 pixel units
MIDDLE = (32.0, 33.0)


def render_speed(
    wanted: Speed, rng: np.random.Generator, frames: int = FRAMES, size: int = 64
) -> NDArray[np.uint8]:
    """A clip of the thing on its way, uint8 [frames, size, size, 3]."""
    jitter = random_jitter(rng)
    across, along = HEADING[wanted.scene.motion]
    x, y = MIDDLE[0] + jitter.shift[0], MIDDLE[1] + jitter.shift[1]
    steps = WAY[wanted.word] * np.linspace(-0.5, 0.5, frames)
    track = [(x + across * float(step), y + along * float(step)) for step in steps]
    return film(wanted.scene, jitter, track, [1.0] * frames, size)
