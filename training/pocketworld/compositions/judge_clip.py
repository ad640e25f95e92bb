"""The speed of the thing in a clip, measured by the distance it covers.

Knows tracks of things over frames; knows no captions, no random state and no model.
"""

from __future__ import annotations

import numpy as np

from training.pocketworld.compositions.clips import WAY
from training.pocketworld.fitting import Real
from training.pocketworld.judge_picture import follow

BETWEEN = float(np.sqrt(WAY["slow"] * WAY["fast"]))  # pixels; who goes further is fast
STILL = 5.0  # pixels; who goes less far does not move


def read_speed(frames: Real) -> dict[str, str]:
    """The motion and its speed in a clip, float32 [frames, 64, 64, 3] of 0..255."""
    seen = follow(frames)
    dx, dy = (_way(seen.track[:, axis]) for axis in (0, 1))
    far = max(abs(dx), abs(dy))
    if far < STILL:
        return {**seen.words, "motion": "still"}
    if abs(dx) >= abs(dy):
        motion = "right" if dx > 0 else "left"
    else:
        motion = "down" if dy > 0 else "up"
    return {**seen.words, "motion": motion, "speed": "fast" if far > BETWEEN else "slow"}


def _way(axis: Real) -> float:
    """The distance from the first to the last frame, by the line that fits a track [frames]
    best."""
    if len(axis) == 1:
        return 0.0
    steps = np.linspace(-0.5, 0.5, len(axis))
    return float((steps * (axis - axis.mean())).sum() / (steps**2).sum())
