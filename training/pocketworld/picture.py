"""A still picture of a scene.

Knows how the parts of a picture are put together and how much chance moves them; knows no words
of captions, no models and no judging. The attributes of the scene settle the picture nearly
completely: the random generator moves the thing by a pixel or two, the stars and the rain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training.pocketworld.backdrop import GRID, draw_backdrop
from training.pocketworld.scene import Scene
from training.pocketworld.silhouettes import (
    OUTLINE_BY_DAY,
    OUTLINE_BY_NIGHT,
    OUTLINE_WIDTH,
    draw_thing,
)

SUPERSAMPLING = 4
HALF_WIDTH = {"small": 13.0, "big": 21.5}  # of the thing, in pixels of a 64 pixel picture
CENTRE_Y = {"small": 42.0, "big": 38.5}
CENTRE_X = {  # big things stand closer to the middle, to be whole
    "small": {"left": 17.0, "middle": 32.0, "right": 47.0},
    "big": {"left": 22.0, "middle": 32.0, "right": 42.0},
}
LIGHT_SIDE = {"left": 56.0, "middle": 56.0, "right": 8.0}  # x of sun, moon and lightning
REACH = 1.5  # how far chance moves the thing sideways, in pixels of a 64 pixel picture


@dataclass(frozen=True)
class Jitter:
    """Properties of a picture that the scene leaves open; lengths in units of 64 pixels.

    ``stars`` is float [n, 2] (x, y); ``tint`` is added to the three colour channels (0..255).
    """

    shift: tuple[float, float]
    drift: float
    fall: float
    stars: NDArray[np.float64]
    tint: NDArray[np.float64]


def random_jitter(rng: np.random.Generator) -> Jitter:
    """A jitter drawn from ``rng``; the same number of draws whatever the scene."""
    shift = rng.uniform((-REACH, -1.0), (REACH, 1.0))
    drift, fall = rng.uniform(0.0, (8.0, GRID))
    spread = np.array([(9.0 * k + 3.0, 5.0 + (11.0 * k) % 26.0) for k in range(7)])
    stars = spread + rng.uniform(-3.0, 3.0, size=(7, 2))
    tint = rng.uniform(-4.0, 4.0, size=3)
    return Jitter((float(shift[0]), float(shift[1])), float(drift), float(fall), stars, tint)


def thing_centre(scene: Scene, jitter: Jitter) -> tuple[float, float]:
    """The centre of the thing in a picture (x, y), in units of 64 pixels."""
    x, y = CENTRE_X[scene.size][scene.position], CENTRE_Y[scene.size]
    return x + jitter.shift[0], y + jitter.shift[1]


@dataclass(frozen=True)
class Placed:
    """A thing in its place; lengths in 64 pixel units."""

    thing: str
    colour: str
    cx: float
    cy: float
    half: float
    """Half its width."""


def draw_scene(
    scene: Scene,
    jitter: Jitter,
    *,
    cx: float,
    cy: float,
    size: int = 64,
    fall: float = 0.0,
    side: float = LIGHT_SIDE["middle"],
    share: float = 1.0,
) -> NDArray[np.uint8]:
    """The scene with its thing at (cx, cy), in 64 pixel units; see `draw_things`."""
    placed = Placed(scene.thing, scene.colour, cx, cy, HALF_WIDTH[scene.size])
    return draw_things(scene, jitter, (placed,), size=size, fall=fall, side=side, share=share)


def draw_things(
    scene: Scene,
    jitter: Jitter,
    things: Sequence[Placed],
    *,
    size: int = 64,
    fall: float = 0.0,
    side: float = LIGHT_SIDE["middle"],
    share: float = 1.0,
) -> NDArray[np.uint8]:
    """Things before the backdrop of the scene, uint8 [size, size, 3].

    ``fall`` moves the rain or snow that much further down than the jitter does; ``side`` is the
    x of sun, moon and lightning; ``share`` is how opaque the things are. All lengths are in 64
    pixel units.
    """
    pixels = size * SUPERSAMPLING
    canvas = draw_backdrop(
        scene.place,
        scene.time,
        scene.weather,
        side=side,
        drift=jitter.drift,
        fall=jitter.fall + fall,
        stars=jitter.stars,
        pixels=pixels,
    )
    unit = pixels / GRID
    empty = canvas.copy() if share < 1.0 else canvas
    pen = ImageDraw.Draw(canvas)
    for one in things:
        draw_thing(
            pen,
            one.thing,
            one.colour,
            (one.cx * unit, one.cy * unit),
            one.half * unit,
            edge=OUTLINE_WIDTH * unit,
            outline=OUTLINE_BY_NIGHT if scene.time == "night" else OUTLINE_BY_DAY,
        )
    if share < 1.0:
        canvas = Image.blend(empty, canvas, share)
    small = np.asarray(canvas.reduce(SUPERSAMPLING), dtype=np.float64)
    return np.clip((small + jitter.tint).round(), 0, 255).astype(np.uint8)


def render_picture(scene: Scene, rng: np.random.Generator, size: int = 64) -> NDArray[np.uint8]:
    """A picture of the scene, uint8 [size, size, 3] RGB; motion is not shown."""
    jitter = random_jitter(rng)
    cx, cy = thing_centre(scene, jitter)
    side = LIGHT_SIDE[scene.position]
    return draw_scene(scene, jitter, cx=cx, cy=cy, size=size, side=side)
