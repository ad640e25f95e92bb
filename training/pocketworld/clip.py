"""A short moving picture of a scene.

Knows how a thing and its weather move over the frames; knows no words, sounds, models or judging.
The background stands still (one jitter a clip) but for rain and snow, which fall. A thing that
appears or leaves stands still and fades in from, or away to, the empty backdrop.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.pocketworld.backdrop import GRID
from training.pocketworld.picture import Jitter, draw_scene, random_jitter
from training.pocketworld.scene import Scene

FALL = {"clear": 0.0, "rain": 5.0, "snowfall": 2.0, "storm": 6.0}  # grid units a frame of eight
FRAMES = 8  # the count that ``FALL`` is for
TRAVEL_X = {"small": 0.25 * GRID, "big": 0.16 * GRID}  # either side of the middle
TRAVEL_Y = {"small": 0.18 * GRID, "big": 0.14 * GRID}
MIDDLE = {"small": (32.0, 36.0), "big": (32.0, 33.0)}
HEADING = {
    "still": (0.0, 0.0), "left": (-1.0, 0.0), "right": (1.0, 0.0),
    "up": (0.0, -1.0), "down": (0.0, 1.0),
}  # fmt: skip
HOPS = 2  # how often a bouncing thing leaves the ground
HOP = {"small": 0.30 * GRID, "big": 0.24 * GRID}  # from the ground to the top


def thing_track(scene: Scene, jitter: Jitter, frames: int) -> list[tuple[float, float]]:
    """The centre (x, y) of the thing in every frame, in 64 pixel units."""
    x, y = MIDDLE[scene.size]
    if scene.motion == "bounce":
        return _hops(x + jitter.shift[0], y + jitter.shift[1], HOP[scene.size], frames)
    across, along = HEADING.get(scene.motion, (0.0, 0.0))
    dx, dy = across * TRAVEL_X[scene.size], along * TRAVEL_Y[scene.size]
    x, y = x + jitter.shift[0], y + jitter.shift[1]
    steps = np.linspace(-1.0, 1.0, frames) if frames > 1 else np.zeros(1)
    return [(x + dx * float(step), y + dy * float(step)) for step in steps]


def _hops(x: float, y: float, height: float, frames: int) -> list[tuple[float, float]]:
    """A track up and down around (x, y), on the ground in the first frame."""
    phase = HOPS * np.arange(frames) / frames
    return [(x, y + height * (0.5 - abs(float(np.sin(np.pi * share))))) for share in phase]


def thing_share(scene: Scene, frames: int) -> list[float]:
    """The visible share of the thing in every frame, from 0 (not yet, or no longer, there) to 1."""
    if scene.motion == "appear":
        return [float(share) for share in np.clip(np.linspace(-0.4, 1.2, frames), 0.0, 1.0)]
    if scene.motion == "leave":
        return [float(share) for share in np.clip(np.linspace(1.2, -0.4, frames), 0.0, 1.0)]
    return [1.0] * frames


def render_clip(
    scene: Scene, rng: np.random.Generator, frames: int = 8, size: int = 64
) -> NDArray[np.uint8]:
    """A clip of the scene, uint8 [frames, size, size, 3] RGB; the position is not shown.

    Raises `ValueError` for less than one frame.
    """
    if frames < 1:
        raise ValueError(f"clip: {frames} frames; a clip has at least one")
    jitter = random_jitter(rng)
    track, shares = thing_track(scene, jitter, frames), thing_share(scene, frames)
    return film(scene, jitter, track, shares, size)


def film(
    scene: Scene,
    jitter: Jitter,
    track: Sequence[tuple[float, float]],
    shares: Sequence[float],
    size: int = 64,
) -> NDArray[np.uint8]:
    """The scene with its thing along a track (x, y), in every frame as opaque as its share."""
    step = FALL[scene.weather] * FRAMES / len(track)
    return np.stack(
        [
            draw_scene(scene, jitter, cx=cx, cy=cy, size=size, fall=step * k, share=share)
            for k, ((cx, cy), share) in enumerate(zip(track, shares, strict=True))
        ]
    )
