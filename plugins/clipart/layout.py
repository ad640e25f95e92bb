"""The positions of glyphs: things form groups by their relations to each other.

Works on boxes only; units are the height of a person. x grows to the right, y downwards, and a
group stands on y = 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from plugins.clipart.scene import Item, Relation, Scene

Sizes = dict[str, tuple[int, int]]
"""Width and height of each glyph's picture, in pixels."""
FACES = {
    "🐈": "🐱", "🐕": "🐶", "🐁": "🐭", "🐇": "🐰", "🐅": "🐯", "🐄": "🐮", "🐖": "🐷", "🐒": "🐵",
    "🐎": "🐴",
}  # fmt: skip
"""The face that is drawn for an animal that wears something."""
HEADS: dict[str, tuple[float, float, float, float]] = {
    "🐱": (0.5, 0.30, 0.56, 0.55), "🐶": (0.5, 0.15, 0.60, 0.42), "🐭": (0.5, 0.24, 0.46, 0.48),
    "🐰": (0.5, 0.50, 0.52, 0.62), "🐯": (0.5, 0.15, 0.60, 0.42), "🐴": (0.40, 0.14, 0.40, 0.34),
    "🐮": (0.5, 0.17, 0.50, 0.42), "🐷": (0.5, 0.14, 0.60, 0.40), "🐵": (0.5, 0.13, 0.62, 0.40),
    "🐻": (0.5, 0.16, 0.60, 0.42), "🐼": (0.5, 0.15, 0.60, 0.45), "🐨": (0.5, 0.16, 0.55, 0.42),
    "🦊": (0.5, 0.33, 0.46, 0.52), "🦁": (0.5, 0.17, 0.52, 0.40), "🐸": (0.5, 0.12, 0.62, 0.20),
    "🐺": (0.5, 0.30, 0.46, 0.46), "🦝": (0.5, 0.26, 0.50, 0.50), "🐹": (0.5, 0.14, 0.56, 0.42),
    "🐻‍❄️": (0.5, 0.16, 0.60, 0.42), "🦄": (0.42, 0.22, 0.44, 0.40), "🦓": (0.45, 0.15, 0.4, 0.38),
    "🤖": (0.5, 0.24, 0.60, 0.48), "👻": (0.5, 0.10, 0.50, 0.32), "👽": (0.5, 0.10, 0.70, 0.5),
    "⛄": (0.5, 0.24, 0.44, 0.32), "💀": (0.5, 0.10, 0.70, 0.45), "🐧": (0.46, 0.10, 0.42, 0.14),
    "🦉": (0.5, 0.12, 0.52, 0.24), "🦆": (0.24, 0.09, 0.36, 0.14), "🐘": (0.34, 0.13, 0.42, 0.3),
    "🦒": (0.22, 0.07, 0.34, 0.12), "🐦": (0.28, 0.14, 0.36, 0.22), "🦖": (0.30, 0.07, 0.36, 0.14),
    "🦕": (0.17, 0.07, 0.30, 0.12), "🐢": (0.16, 0.44, 0.30, 0.5), "🐥": (0.5, 0.06, 0.46, 0.2),
    "🐙": (0.62, 0.10, 0.42, 0.3), "🐑": (0.20, 0.24, 0.32, 0.36), "🐔": (0.45, 0.30, 0.42, 0.42),
}  # fmt: skip
"""The head in a glyph's box: its middle, where a hat ends, its width, where the eyes are."""
_PERSON_HEAD = (0.5, 0.20, 0.78, 0.52)
_ANIMAL_HEAD = (0.30, 0.12, 0.40, 0.25)
_THING_HEAD = (0.5, 0.14, 0.6, 0.42)
_ON_HEAD = ("🎩", "👒", "🧢", "🎓", "⛑️", "🪖", "👑", "🎀")
_ON_EYES = ("🕶️", "👓", "🥽")
_ON_NECK = ("🧣",)
_BELOW = ("👔", "👗", "👕", "🧥", "👘", "👖", "🥼", "👙")
"""Worn where a face's body would be."""
_WORN = (*_ON_HEAD, *_ON_EYES, *_ON_NECK, *_BELOW)
_OVERHEAD = ("☂️", "☔", "🎈", "🪁")
"""Held high."""
_AIRBORNE = ("🐦", "🦋", "🐝", "✈️", "🚁", "🦅", "🦇", "🎈", "🛸", "🪁", "☁️", "🌙", "☀️", "⭐", "🌈",
             "🕊️", "🌕", "🌠", "🪐", "🌍")  # fmt: skip
"""Float when a relation puts nothing under them."""
SEATS = {"🛋️": 0.42, "🛏️": 0.5, "🪑": 0.45, "🚲": 0.75, "🏍️": 0.7, "🛵": 0.7, "🐎": 0.7, "🐪": 0.75,
         "🛁": 0.45, "⛵": 0.3, "🛶": 0.5, "🌙": 0.35, "🌳": 0.7}  # fmt: skip
"""The height at which something sits on a thing, as a share of the thing's height; else `SEAT`, on
top."""
SEAT = 0.86
OPENINGS: dict[str, tuple[float, float]] = {
    "🧺": (0.42, 0.8), "🪣": (0.12, 0.72), "🏺": (0.05, 1.5), "🛁": (0.55, 0.75),
    "👜": (0.34, 0.7), "🎒": (0.25, 0.6), "🛒": (0.27, 0.65), "🪺": (0.45, 0.55),
    "🪹": (0.45, 0.55), "☕": (0.36, 0.5), "🥣": (0.3, 0.7), "🍵": (0.45, 0.7),
    "🥤": (0.14, 0.6), "📦": (0.3, 0.6), "🎁": (0.3, 0.55), "🛶": (0.42, 0.5), "🛏️": (0.45, 0.5),
}  # fmt: skip
"""The opening of a container: where its front begins, from the top, and its width, as shares of its
height and width."""
_IN_A_ROW = 4
"""More things than that beside each other stand in two rows."""
_FACE = 0.45
"""A head that is this wide or wider, of the glyph's box, has no body below it."""
_TREES = ("🌳", "🌲", "🌴", "🎄", "⛱️")
_BACKDROPS = {"⛰️": 0.16, "🏔️": 0.16, "🌋": 0.16, "🌈": 0.3}
"""Stand behind everything else, this share of its height higher."""
_OVERLAPPING = ("⛰️", "🏔️", "🌲", "🌳", "🌷", "🌻", "🌾", "🌹", "🌸", "🌼")
GAP = 0.06


@dataclass(frozen=True)
class Spot:
    """One picture of a glyph at its place."""

    glyph: str
    colour: str
    x: float
    """Middle."""
    y: float
    """Lower edge."""
    width: float
    height: float
    depth: float = 0.0
    """The drawing order: larger values are drawn later."""
    angle: float = 0.0
    """Degrees against the clock."""
    stands: bool = True
    """True if it casts a shadow on the ground."""
    cut: float = 0.0
    """The share of its height, from above, that is not drawn."""


Group = list[Spot]


def layout(scene: Scene, sizes: Sizes, rng: np.random.Generator) -> Group:
    """The spots of all things; `rng` moves and turns them a little."""
    if len(scene.items) > _IN_A_ROW and set(scene.relations) == {"beside"}:
        return _rows(scene, sizes, rng)
    group: Group = []
    for index, item in enumerate(scene.items):
        one = _several(item, sizes, rng, close=len(scene.items) > 1)
        group = _joined(group, one, scene.relations[index - 1], rng) if index else one
    return group


def _rows(scene: Scene, sizes: Sizes, rng: np.random.Generator) -> Group:
    """Many things in two rows, the second before the first."""
    half = (len(scene.items) + 1) // 2
    found: Group = []
    for items, dy, depth in ((scene.items[:half], -0.9, 0.0), (scene.items[half:], 0.0, 2.0)):
        row = Scene(list(items), ["beside"] * (len(items) - 1))
        group = layout(row, sizes, rng)
        left, _, right, _ = bounds(group)
        found += _moved(group, -(left + right) / 2, dy, depth)
    return found


def bounds(group: Group) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a group."""
    return (
        min(s.x - s.width / 2 for s in group),
        min(s.y - s.height for s in group),
        max(s.x + s.width / 2 for s in group),
        max(s.y for s in group),
    )


def glyphs(scene: Scene) -> list[str]:
    """Every glyph that a scene may need, faces of animals included."""
    found: list[str] = []
    for item in scene.items:
        found += [part.thing.glyph for part in (item, *item.wears, *item.holds)]
    return found + [FACES[glyph] for glyph in found if glyph in FACES]


def _several(item: Item, sizes: Sizes, rng: np.random.Generator, *, close: bool) -> Group:
    """One item as often as it is asked for: a row, a second row before it when there are many or
    when they stand `close` because there are other things."""
    one = _dressed(item, sizes)
    left, _, right, _ = bounds(one)
    apart = 1.04 if item.thing.kind in ("animal", "person") else 0.96
    pitch = (right - left) * (0.78 if item.thing.glyph in _OVERLAPPING else apart)
    near = close and item.thing.glyph not in _BACKDROPS
    rows = 1 if item.count <= (2 if near else 3) else 2 if item.count <= 6 else 3
    per_row = math.ceil(item.count / rows)
    found: Group = []
    for index in range(item.count):
        row, column = divmod(index, per_row)
        in_row = min(per_row, item.count - row * per_row)
        shift = 0.25 * (-1) ** row if in_row == per_row and rows > 1 else 0.0
        x = (column - (in_row - 1) / 2 + shift + (rng.random() - 0.5) * 0.05) * pitch
        y = (row - rows + 1) * 0.55 * item.thing.size * item.scale
        angle = 0.0 if item.count == 1 else float(rng.normal(0, 4))
        found += [
            replace(s, x=s.x + x, y=s.y + y, depth=s.depth + row, angle=s.angle + angle)
            for s in one
        ]
    return found


def _spot(glyph: str, colour: str, size: float, sizes: Sizes) -> Spot:
    """A glyph of so much area, standing at the origin."""
    width, height = sizes[glyph]
    scale = size / math.sqrt(width * height)
    stands = glyph not in _AIRBORNE
    return Spot(glyph, colour, 0.0, 0.0, width * scale, height * scale, stands=stands)


def _dressed(item: Item, sizes: Sizes) -> Group:
    """An item with what it wears and holds."""
    worn = [part for part in item.wears if part.thing.glyph in _WORN]
    glyph = item.thing.glyph
    if worn and sizes.get(FACES.get(glyph, "")):
        glyph = FACES[glyph]
    body = _spot(glyph, item.colour, item.thing.size * item.scale, sizes)
    group = [body]
    heads = {"person": _PERSON_HEAD, "animal": _ANIMAL_HEAD}
    fallback = heads.get(item.thing.kind, _THING_HEAD)
    for part in worn:
        group.append(_worn(part, body, HEADS.get(glyph, fallback), sizes))
    held = [part for part in item.wears if part not in worn] + item.holds
    for index, part in enumerate(held):
        group.append(_held(part, body, index, sizes))
    return group


def _worn(part: Item, body: Spot, head: tuple[float, float, float, float], sizes: Sizes) -> Spot:
    middle, brim, wide, eyes = head
    glyph = part.thing.glyph
    width, height = sizes[glyph]
    spot_width = body.width * wide * 1.12
    if glyph in _ON_EYES:
        spot_width = body.width * (wide if wide < _FACE else max(0.66, wide * 0.95))
    if glyph in _BELOW:
        return _below(part, body, height / width)
    if glyph in _ON_NECK:
        spot_width = body.width * (wide * 1.2 if wide < _FACE else 0.62)
    spot_height = spot_width * height / width
    top = body.y - body.height
    if glyph in _ON_HEAD:
        bottom = top + brim * body.height + 0.10 * spot_height
    elif glyph in _ON_EYES:
        bottom = top + eyes * body.height + spot_height / 2
    else:
        chin = eyes + 0.14 if wide < _FACE else 0.96
        bottom = top + chin * body.height + 0.66 * spot_height
    x = body.x + (middle - 0.5) * body.width
    return Spot(glyph, part.colour, x, bottom, spot_width, spot_height, 0.4, 0.0, False)


def _below(part: Item, body: Spot, shape: float) -> Spot:
    """Clothes from the chin downwards, behind the face."""
    width = 0.85 * body.width
    bottom = body.y - 0.06 * body.height + width * shape
    return Spot(part.thing.glyph, part.colour, body.x, bottom, width, width * shape, -0.1)


def _held(part: Item, body: Spot, index: int, sizes: Sizes) -> Spot:
    """A thing at the lower right of who holds it, or above."""
    size = min(part.thing.size * part.scale, 0.62 * math.sqrt(body.width * body.height) + 0.12)
    spot = _spot(part.thing.glyph, part.colour, size, sizes)
    if part.thing.glyph in _OVERHEAD:
        x = body.x + body.width * 0.30
        return replace(spot, x=x, y=body.y - body.height * 0.78, depth=-0.2, stands=False)
    side = 1 if index % 2 == 0 else -1
    x = body.x + side * (body.width * 0.34 + spot.width * 0.12)
    return replace(spot, x=x, y=body.y + 0.05 * body.height, depth=0.5, stands=False)


def _joined(group: Group, one: Group, relation: Relation, rng: np.random.Generator) -> Group:
    left, top, right, bottom = bounds(group)
    width, height = right - left, bottom - top
    one_left, one_top, one_right, _ = bounds(one)
    one_width, one_height = one_right - one_left, -one_top
    middle, one_middle = (left + right) / 2, (one_left + one_right) / 2
    if relation in ("above", "behind", "beside") and _is_backdrop(group):
        return _joined(one, group, "behind", rng)
    if relation != "on" and _is_backdrop(one):
        grown = max(0.5, 1.7 * width / one_width)
        lift = _BACKDROPS[one[0].glyph] * height
        far = _moved(_scaled(one, grown), middle - one_middle * grown, -lift, -6.0)
        return [replace(s, stands=False) for s in far] + group
    if relation == "in" and one[0].glyph in OPENINGS:
        return _inside(group, one)
    if relation in ("on", "in", "above"):
        if relation == "in":
            scale = min(1.0, 0.55 * one_width / width, 0.5 * one_height / height)
            lift = one_height * 0.42
        else:
            scale = min(1.0, 1.1 * one_width / width) if relation == "on" else 1.0
            seat = SEATS.get(one[0].glyph, SEAT)
            lift = one_height * (seat if relation == "on" else 1.08)
        moved = _moved(_scaled(group, scale), one_middle - middle * scale, -lift, 1.5)
        return one + [replace(s, stands=False) for s in moved]
    if relation == "under" and one[0].glyph in _TREES:
        grown = max(1.0, 1.3 * width / one_width, 2.0 * height / one_height)
        tree = _moved(_scaled(one, grown), middle - one_middle * grown, -0.06, -1.0)
        return tree + _moved(group, -0.2 * one_width * grown, 0.06, 1.0)
    if relation == "under":
        grown = max(1.0, 1.25 * width / one_width)
        other = _moved(_scaled(one, grown), middle - one_middle * grown, -0.72 * height, -1.0)
        return [replace(s, stands=False) for s in other] + group
    if relation in ("front", "behind"):
        back, front = (one, group) if relation == "front" else (group, one)
        b_left, _, b_right, _ = bounds(back)
        f_left, _, f_right, _ = bounds(front)
        shift = (b_left + b_right) / 2 - (f_left + f_right) / 2 + 0.22 * (b_right - b_left)
        return back + _moved(front, shift, 0.12, 2.0)
    if relation == "chase":  # animals look to the left, so who is chased goes before
        return one + _moved(group, one_right + 3 * GAP - left, 0.0, 0.0)
    floating = all(spot.glyph in _AIRBORNE for spot in one)
    lift = -0.35 * height * (0.8 + 0.4 * float(rng.random())) if floating else 0.0
    shifted = _moved(one, right + GAP - one_left, lift, 0.0)
    return group + ([replace(s, stands=False) for s in shifted] if floating else shifted)


def _is_backdrop(group: Group) -> bool:
    return all(spot.glyph in _BACKDROPS for spot in group)


def _inside(group: Group, one: Group) -> Group:
    """Things that look out of what holds them: its front is drawn once more before them."""
    rim, wide = OPENINGS[one[0].glyph]
    left, top, right, bottom = bounds(group)
    scale = min(1.0, wide * one[0].width / (right - left), 0.9 * one[0].height / (bottom - top))
    sunk = 0.35 * (bottom - top) * scale - (1 - rim) * one[0].height
    middle = one[0].x - (left + right) / 2 * scale
    inside = [replace(s, stands=False) for s in _moved(_scaled(group, scale), middle, sunk, 1.5)]
    return [*one, *inside, replace(one[0], depth=9.0, cut=rim, stands=False)]


def _moved(group: Group, dx: float, dy: float, depth: float) -> Group:
    return [replace(s, x=s.x + dx, y=s.y + dy, depth=s.depth + depth) for s in group]


def _scaled(group: Group, scale: float) -> Group:
    return [
        replace(s, x=s.x * scale, y=s.y * scale, width=s.width * scale, height=s.height * scale)
        for s in group
    ]
