"""Pictures of several things: a number of the same thing, or two things in a relation.

Knows where things stand so that they stay apart and whole; knows no captions and no judging.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.pocketworld.compositions.composition import Count, Relation
from training.pocketworld.picture import Placed, draw_things, random_jitter

HALF = 8.5  # half the width of every thing, in pixels of a 64 pixel picture
COLUMNS = (11.8, 32.0, 52.2)  # x of things that are counted
ROWS = (29.0, 46.0)  # between them is their y
LEVEL = 40.0  # y of things beside each other
APART = 13.0  # from the middle between two things to each of them
MIDDLE_X, MIDDLE_Y = 32.0, 33.0
STRAY = {"left": (5.0, 4.0), "right": (5.0, 4.0), "above": (10.0, 4.0), "below": (10.0, 4.0)}
"""The random offset of both things of a relation together (x, y), and then a small one of each."""
STEP: dict[str, tuple[float, float]] = {
    "left": (-1.0, 0.0), "right": (1.0, 0.0), "above": (0.0, -1.0), "below": (0.0, 1.0),
}  # fmt: skip
"""The direction from the middle to the first thing (x, y)."""
WOBBLE = 1.0


def render_count(wanted: Count, rng: np.random.Generator, size: int = 64) -> NDArray[np.uint8]:
    """A picture of several things, each in its own column, uint8 [size, size, 3]."""
    jitter = random_jitter(rng)
    count = 1 + wanted.words.index(wanted.word)
    columns = rng.permutation(COLUMNS)[:count]
    rows = rng.uniform(*ROWS, size=count)
    scene = wanted.scene
    things = [
        Placed(scene.thing, scene.colour, float(x), float(y), HALF)
        for x, y in zip(columns, rows, strict=True)
    ]
    return draw_things(scene, jitter, things, size=size)


def render_relation(
    wanted: Relation, rng: np.random.Generator, size: int = 64
) -> NDArray[np.uint8]:
    """Two things, one beside or over the other, uint8 [size, size, 3]."""
    jitter = random_jitter(rng)
    across, along = STEP[wanted.word]
    reach = np.array(STRAY[wanted.word])
    x, y = np.array((MIDDLE_X, LEVEL if across else MIDDLE_Y)) + rng.uniform(-reach, reach)
    things = []
    for scene, side in ((wanted.scene, 1.0), (wanted.other, -1.0)):
        dx, dy = rng.uniform(-WOBBLE, WOBBLE, size=2)
        cx, cy = x + side * across * APART + dx, y + side * along * APART + dy
        things.append(Placed(scene.thing, scene.colour, float(cx), float(cy), HALF))
    return draw_things(wanted.scene, jitter, things, size=size)
