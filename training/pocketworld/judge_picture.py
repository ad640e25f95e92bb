"""The attributes of a picture or a clip, measured by comparison with drawings of everything
possible.

Knows where the things of the world stand and how they move; how a drawing is found in pixels
stands in `fitting`. Knows no captions, no random state of a scene and no model that makes pictures,
and holds nothing learned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.pocketworld.clip import HOPS
from training.pocketworld.fitting import (
    BACKDROPS,
    CAP,
    Drawing,
    Real,
    backdrops,
    best_of,
    fit_things,
    nearest_backdrop,
)
from training.pocketworld.picture import CENTRE_X, HALF_WIDTH
from training.pocketworld.scene import COLOURS, POSITIONS, SIZES, THINGS

MOVED = 9.0  # pixels from first to last frame above which a thing moves
HOPPED = 7.0  # pixels from the ground to the top of a hop above which a thing bounces
FADED = 0.35  # share of a thing that comes or goes, above which it appears or leaves
WHOLE = 0.8  # of the most that differs from the backdrop: such frames show the thing and its colour
FLICKER = 60.0  # of three channels: rain, snow and noise differ by less from the backdrop
KINDS = tuple((thing, size) for thing in THINGS for size in SIZES)
DRAWINGS = tuple((thing, HALF_WIDTH[size]) for thing, size in KINDS)


def read_picture(picture: Real) -> dict[str, str]:
    """The attributes of a picture, float32 [64, 64, 3] in 0..255: one word per attribute."""
    index = nearest_backdrop(picture)
    place, time, weather, _ = BACKDROPS[index]
    fit = fit_things(picture, backdrops()[index], DRAWINGS, by_night=time == "night")
    drawing, colour = best_of(fit.error)
    thing, size = KINDS[drawing]
    x = float(fit.centre[drawing, colour, 0])
    position = min(POSITIONS, key=lambda word: abs(CENTRE_X[size][word] - x))
    return {
        "thing": thing,
        "colour": COLOURS[colour],
        "place": place,
        "time": time,
        "weather": weather,
        "size": size,
        "position": position,
    }


def _slope(axis: Real, shape: Real) -> float:
    """The factor by which a shape fits a track, both around their means, by least squares."""
    shape = shape - shape.mean()
    return float((shape * (axis - axis.mean())).sum() / max(float((shape**2).sum()), 1e-6))


def _motion(track: Real, presence: Real) -> str:
    """The motion of a thing: centres are [frames, 2] (x, y), presence is [frames] in 0..1."""
    frames = len(track)
    if frames == 1:
        return "still"
    half = max(1, frames // 4)
    gain = float(presence[-half:].mean() - presence[:half].mean())
    if abs(gain) > FADED:
        return "appear" if gain > 0 else "leave"
    line = np.linspace(-0.5, 0.5, frames, dtype=np.float32)
    hop = np.abs(np.sin(np.pi * HOPS * np.arange(frames) / frames)).astype(np.float32)
    dx, dy = _slope(track[:, 0], line), _slope(track[:, 1], line)
    if -_slope(track[:, 1], hop) > HOPPED and -_slope(track[:, 1], hop) > max(abs(dx), abs(dy)):
        return "bounce"
    if max(abs(dx), abs(dy)) < MOVED:
        return "still"
    if abs(dx) >= abs(dy):
        return "right" if dx > 0 else "left"
    return "down" if dy > 0 else "up"


def _presence(frames: Real, backdrop: Real) -> Real:
    """The difference from the backdrop per frame, [frames] from 0 (least) to 1 (most)."""
    apart = np.maximum(np.abs(frames - backdrop).sum(axis=-1) - FLICKER, 0.0)
    total = np.minimum(apart, CAP).sum(axis=(1, 2))
    return np.asarray(total / max(float(total.max()), 1.0), dtype=np.float32)


@dataclass(frozen=True)
class Followed:
    """The attributes of a clip, and the thing's track over its frames."""

    words: dict[str, str]
    """Thing, colour, place, time and weather."""
    track: Real
    """The centre (x, y) of the thing, float32 [frames, 2] in pixels."""
    presence: Real
    """The visible share of the thing, float32 [frames] in 0..1."""


def follow(frames: Real, known: tuple[Drawing, ...] = DRAWINGS) -> Followed:
    """Find the one of the known drawings that is in a clip, float32 [frames, 64, 64, 3]."""
    index = nearest_backdrop(np.median(frames, axis=0).astype(np.float32))
    place, time, weather, _ = BACKDROPS[index]
    backdrop = backdrops()[index]
    fits = [fit_things(frame, backdrop, known, by_night=time == "night") for frame in frames]
    presence = _presence(frames, backdrop)
    whole = [fit.error for fit, share in zip(fits, presence, strict=True) if share >= WHOLE]
    drawing, colour = best_of(np.sum(whole, axis=0))
    words = {
        "thing": known[drawing][0],
        "colour": COLOURS[colour],
        "place": place,
        "time": time,
        "weather": weather,
    }
    return Followed(words, np.stack([fit.centre[drawing, colour] for fit in fits]), presence)


def read_clip(frames: Real) -> dict[str, str]:
    """The attributes of a clip, float32 [frames, 64, 64, 3] in 0..255: one word per attribute."""
    seen = follow(frames)
    return {**seen.words, "motion": _motion(seen.track, seen.presence)}
