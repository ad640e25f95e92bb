"""The number of things in a picture, their kinds, and how two of them are placed.

Knows drawings and how they are found in pixels; knows no captions, no random state and no model,
and holds nothing learned. The thing that explains most of what differs from the backdrop is found,
painted over the backdrop, and the next one is looked for, as long as one explains enough; at last
what the others explain as well is dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from training.pocketworld import fitting
from training.pocketworld.compositions.composition import Relation
from training.pocketworld.compositions.pictures import HALF
from training.pocketworld.fitting import BACKDROPS, Drawing, Real
from training.pocketworld.picture import HALF_WIDTH
from training.pocketworld.scene import COLOURS, THINGS

HALVES = (HALF, *HALF_WIDTH.values())  # a picture may show things at the size of plain scenes
DRAWINGS: tuple[Drawing, ...] = tuple((thing, half) for thing in THINGS for half in HALVES)
MOST = 4  # things that are looked for: one more than is ever asked for
EXPLAINS = 0.35  # of what a drawing would change, it must explain at least so much
WORTH = 0.15  # of the error that the best thing explains alone, every thing must explain so much
NUMBERS = ("none", "one", "two", "three", "more")


@dataclass(frozen=True)
class Found:
    """A thing in a picture; its centre in pixels."""

    thing: str
    colour: str
    x: float
    y: float


Pair = tuple[Found | None, Found | None]


@dataclass(frozen=True)
class Seen:
    """The things found in a picture, what explains most first, and the background."""

    things: tuple[Found, ...]
    behind: dict[str, str]


@dataclass(frozen=True)
class _Fitted:
    """A drawing over a backdrop."""

    drawing: Drawing
    colour: int
    centre: tuple[int, int]

    def over(self, behind: Real, *, by_night: bool) -> Real:
        return fitting.painted(behind, self.drawing, self.colour, self.centre, by_night=by_night)


def things_in(picture: Real) -> Seen:
    """All things in a picture, float32 [64, 64, 3] in 0..255."""
    index = fitting.nearest_backdrop(picture)
    place, time, weather, _ = BACKDROPS[index]
    fitted = _fitted(picture, fitting.backdrops()[index], by_night=time == "night")
    found = [Found(f.drawing[0], COLOURS[f.colour], *map(float, f.centre)) for f in fitted]
    return Seen(tuple(found), {"place": place, "time": time, "weather": weather})


def _fitted(picture: Real, backdrop: Real, *, by_night: bool) -> list[_Fitted]:
    """Drawings that together explain what differs from the backdrop, none of them needless."""
    found: list[_Fitted] = []
    behind = backdrop
    while len(found) < MOST:
        fit = fitting.fit_things(picture, behind, DRAWINGS, by_night=by_night)
        drawing, colour = fitting.best_of(fit.error)
        x, y = fit.centre[drawing, colour]
        one = _Fitted(DRAWINGS[drawing], colour, (int(x), int(y)))
        with_it = one.over(behind, by_night=by_night)
        if -fit.error[drawing, colour] < EXPLAINS * ((with_it - behind) ** 2).sum():
            break
        found.append(one)
        behind = with_it
    return _needed(picture, backdrop, found, by_night=by_night)


def _needed(
    picture: Real, backdrop: Real, found: list[_Fitted], *, by_night: bool
) -> list[_Fitted]:
    """The things without those that the others explain as well, such as one that was taken for
    two."""

    def error(things: Sequence[_Fitted]) -> float:
        drawn = backdrop
        for one in things:
            drawn = one.over(drawn, by_night=by_night)
        return float(((picture - drawn) ** 2).sum())

    enough = WORTH * max((error([]) - error([one]) for one in found), default=0.0)
    while len(found) > 1:
        others = [[one for one in found if one is not left] for left in found]
        worth = [error(without) - error(found) for without in others]
        least = int(np.argmin(worth))
        if worth[least] >= enough:
            break
        found = others[least]
    return found


def read_count(picture: Real) -> dict[str, str]:
    """The number of things, and the kind and colour of most of them."""
    seen = things_in(picture)
    words = {"count": NUMBERS[len(seen.things)], **seen.behind}
    if seen.things:
        words["thing"] = Counter(one.thing for one in seen.things).most_common(1)[0][0]
        words["colour"] = Counter(one.colour for one in seen.things).most_common(1)[0][0]
    return words


def read_relation(picture: Real, wanted: Relation) -> dict[str, str]:
    """The place of a relation's first thing relative to the second.

    Of what was found, the first and the second are what fits their names best. Where nothing tells
    which is which, no relation is seen.
    """
    seen = things_in(picture)
    places = (*seen.things, None)
    pairs: list[Pair] = [(None, None), *permutations(places, 2)]
    first, second = max(pairs, key=lambda pair: _likeness(pair, wanted))
    words = {**_words("", first), **_words("other ", second), **seen.behind}
    if first is None or second is None:
        return words
    if _likeness((first, second), wanted) > _likeness((second, first), wanted):
        words["relation"] = _stands(first, second)
    return words


def _words(which: str, one: Found | None) -> dict[str, str]:
    return {} if one is None else {f"{which}thing": one.thing, f"{which}colour": one.colour}


def _likeness(pair: Pair, wanted: Relation) -> int:
    """The fit of two things, one of which may be missing, to the two names.

    The kind counts more than the colour, and any thing more than none.
    """
    likeness = 0
    for one, name in zip(pair, (wanted.scene, wanted.other), strict=True):
        if one is not None:
            likeness += 1 + 6 * (one.thing == name.thing) + 2 * (one.colour == name.colour)
    return likeness


def _stands(first: Found, second: Found) -> str:
    dx, dy = first.x - second.x, first.y - second.y
    if abs(dx) >= abs(dy):
        return "left" if dx < 0 else "right"
    return "above" if dy < 0 else "below"
