"""The twelve things as flat drawings: their parts, their colours and how one is drawn.

Knows drawing parts on a canvas in a unit box; knows no places, weather, clips or judging.

Every thing lives in the box [-1, 1] x [-1, 1], x to the right and y down, and is made of parts
drawn in order. A part filled with ``body`` takes the colour of the scene; every other fill is a
fixed colour, the same for every scene.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

from PIL import ImageDraw

RGB = tuple[int, int, int]
Points = tuple[tuple[float, float], ...]

BODY: dict[str, RGB] = {
    "red": (222, 36, 40),
    "orange": (248, 128, 16),
    "yellow": (252, 218, 36),
    "green": (16, 132, 60),
    "blue": (36, 80, 226),
    "purple": (148, 52, 190),
    "white": (250, 250, 250),
    "black": (32, 32, 36),
}
FIXED: dict[str, RGB] = {
    "cream": (252, 240, 208),
    "glass": (176, 220, 240),
    "dark": (44, 44, 52),
    "grey": (158, 162, 172),
    "smoke": (222, 222, 228),
    "wood": (150, 96, 52),
    "gold": (232, 176, 48),
    "beak": (250, 150, 40),
    "pink": (240, 140, 150),
    "wing": (214, 234, 248),
}
OUTLINE_BY_DAY: RGB = (28, 26, 34)
OUTLINE_BY_NIGHT: RGB = (226, 230, 244)
OUTLINE_WIDTH = 1.1  # pixels of a 64 pixel picture


@dataclass(frozen=True)
class Part:
    """One shape: an ``oval`` (two corners), a ``poly`` (its corners) or a ``line`` (its points).

    ``width`` is that of a line, in unit lengths; ``edged`` parts carry the outline.
    """

    kind: str
    points: Points
    fill: str
    width: float = 0.0
    edged: bool = True


def _oval(x: float, y: float, rx: float, ry: float, fill: str, *, edged: bool = True) -> Part:
    return Part("oval", ((x - rx, y - ry), (x + rx, y + ry)), fill, edged=edged)


def _poly(fill: str, *points: tuple[float, float], edged: bool = True) -> Part:
    return Part("poly", points, fill, edged=edged)


def _line(fill: str, width: float, *points: tuple[float, float], edged: bool = False) -> Part:
    return Part("line", points, fill, width=width, edged=edged)


def _box(fill: str, x0: float, y0: float, x1: float, y1: float, *, edged: bool = True) -> Part:
    return Part("poly", ((x0, y0), (x1, y0), (x1, y1), (x0, y1)), fill, edged=edged)


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Points:
    """Points on an oval from ``start`` to ``end``, angles in turns, clockwise from the right."""
    steps = 12
    angles = [2 * pi * (start + (end - start) * k / steps) for k in range(steps + 1)]
    return tuple((x + rx * cos(a), y + ry * sin(a)) for a in angles)


def _eye(x: float, y: float, radius: float) -> tuple[Part, ...]:
    return (
        _oval(x, y, radius, radius, "cream", edged=False),
        _oval(x + radius * 0.2, y, radius * 0.6, radius * 0.6, "dark", edged=False),
    )


def _wheel(x: float, y: float, radius: float) -> tuple[Part, ...]:
    return (
        _oval(x, y, radius, radius, "dark"),
        _oval(x, y, radius * 0.45, radius * 0.45, "grey", edged=False),
    )


PARTS: dict[str, tuple[Part, ...]] = {
    "boat": (
        _line("wood", 0.1, (0.0, -0.95), (0.0, 0.5), edged=True),
        _poly("cream", (0.08, -0.9), (0.85, 0.25), (0.08, 0.25)),
        _poly("body", (-0.08, -0.7), (-0.08, 0.25), (-0.68, 0.25)),
        _poly("body", (-0.98, 0.38), (0.98, 0.38), (0.66, 0.92), (-0.62, 0.92)),
        _line("cream", 0.1, (-0.84, 0.55), (0.84, 0.55)),
    ),
    "car": (
        _poly("body", (-0.55, 0.1), (-0.36, -0.48), (0.34, -0.48), (0.62, 0.1)),
        _poly(
            "body", (-0.98, 0.2), (-0.8, 0.02), (0.78, 0.02), (0.98, 0.2), (0.98, 0.6), (-0.98, 0.6)
        ),
        _poly("glass", (-0.4, 0.04), (-0.26, -0.34), (-0.05, -0.34), (-0.05, 0.04), edged=False),
        _poly("glass", (0.07, 0.04), (0.07, -0.34), (0.26, -0.34), (0.44, 0.04), edged=False),
        _oval(0.86, 0.28, 0.1, 0.1, "gold", edged=False),
        *_wheel(-0.52, 0.6, 0.28),
        *_wheel(0.52, 0.6, 0.28),
    ),
    "train": (
        _oval(0.3, -0.84, 0.2, 0.14, "smoke"),
        _oval(0.0, -0.9, 0.14, 0.09, "smoke"),
        _poly("dark", (0.36, -0.1), (0.3, -0.6), (0.72, -0.6), (0.66, -0.1)),
        _oval(0.72, 0.12, 0.24, 0.32, "body"),
        _box("body", -0.3, -0.2, 0.74, 0.44),
        _box("body", -0.92, -0.6, -0.22, 0.44),
        _box("dark", -1.0, -0.74, -0.12, -0.58),
        _box("glass", -0.74, -0.42, -0.4, -0.06, edged=False),
        _box("gold", 0.06, -0.2, 0.17, 0.44, edged=False),
        _poly("grey", (0.66, 0.5), (0.98, 0.86), (0.6, 0.86)),
        *_wheel(-0.62, 0.6, 0.28),
        *_wheel(0.0, 0.66, 0.22),
        *_wheel(0.5, 0.66, 0.22),
    ),
    "bird": (
        _poly("body", (-0.4, 0.0), (-1.0, -0.4), (-0.94, 0.12), (-0.5, 0.4)),
        _line("beak", 0.09, (-0.08, 0.6), (-0.08, 0.94), (0.1, 0.94), edged=True),
        _line("beak", 0.09, (0.22, 0.6), (0.22, 0.94), (0.4, 0.94), edged=True),
        _oval(0.0, 0.16, 0.64, 0.52, "body"),
        _poly("beak", (0.78, -0.52), (1.0, -0.34), (0.76, -0.22)),
        _oval(0.5, -0.38, 0.36, 0.36, "body"),
        _poly("cream", (0.12, -0.02), (-0.5, -0.02), (-0.3, 0.36), (0.02, 0.36), edged=False),
        *_eye(0.58, -0.42, 0.12),
    ),
    "dog": (
        _line("body", 0.17, (-0.66, 0.08), (-0.84, -0.24), (-0.78, -0.5), edged=True),
        _box("body", -0.7, 0.2, -0.46, 0.92),
        _box("body", -0.38, 0.3, -0.16, 0.92),
        _box("body", 0.1, 0.3, 0.32, 0.92),
        _box("body", 0.38, 0.2, 0.6, 0.92),
        _oval(-0.06, 0.16, 0.7, 0.3, "body"),
        _poly("body", (0.2, -0.2), (0.6, -0.3), (0.62, 0.3), (0.3, 0.3)),
        _oval(0.78, -0.26, 0.2, 0.17, "cream"),
        _oval(0.48, -0.42, 0.3, 0.3, "body"),
        _oval(0.93, -0.32, 0.07, 0.07, "dark", edged=False),
        _oval(0.28, -0.34, 0.13, 0.32, "wood"),
        _line("gold", 0.12, (0.26, 0.0), (0.6, -0.04)),
        *_eye(0.58, -0.46, 0.1),
    ),
    "cat": (
        _line("body", 0.17, *_arc(0.48, 0.5, 0.36, 0.36, 0.25, -0.2), edged=True),
        _oval(0.0, 0.5, 0.46, 0.46, "body"),
        _oval(0.0, 0.58, 0.2, 0.3, "cream", edged=False),
        _poly("body", (-0.56, -0.3), (-0.6, -0.98), (-0.08, -0.62)),
        _poly("body", (0.56, -0.3), (0.6, -0.98), (0.08, -0.62)),
        _oval(0.0, -0.3, 0.58, 0.44, "body"),
        _poly("pink", (-0.5, -0.56), (-0.51, -0.8), (-0.3, -0.66), edged=False),
        _poly("pink", (0.5, -0.56), (0.51, -0.8), (0.3, -0.66), edged=False),
        *_eye(-0.25, -0.36, 0.13),
        *_eye(0.21, -0.36, 0.13),
        _poly("pink", (-0.1, -0.2), (0.1, -0.2), (0.0, -0.08), edged=False),
        _line("ink", 0.05, (-0.3, -0.12), (-0.72, -0.18)),
        _line("ink", 0.05, (0.3, -0.12), (0.72, -0.18)),
        _line("ink", 0.05, (-0.3, -0.04), (-0.7, 0.04)),
        _line("ink", 0.05, (0.3, -0.04), (0.7, 0.04)),
    ),
    "bell": (
        _line("gold", 0.13, *_arc(0.0, -0.78, 0.15, 0.15, 0.5, 1.0), edged=True),
        _oval(0.0, 0.74, 0.2, 0.2, "gold"),
        _poly(
            "body",
            *_arc(0.0, -0.3, 0.46, 0.46, 0.5, 1.0),
            (0.56, 0.2), (0.84, 0.6), (-0.84, 0.6), (-0.56, 0.2),
        ),
        _line("gold", 0.12, (-0.66, 0.42), (0.66, 0.42)),
        _line("cream", 0.1, (-0.24, -0.36), (-0.28, 0.14)),
    ),
    "drum": (
        _line("wood", 0.11, (-0.9, -0.96), (0.0, -0.3), edged=True),
        _line("wood", 0.11, (0.9, -0.96), (0.0, -0.3), edged=True),
        _oval(-0.86, -0.92, 0.1, 0.1, "cream"),
        _oval(0.86, -0.92, 0.1, 0.1, "cream"),
        _oval(0.0, 0.66, 0.8, 0.26, "body"),
        _box("body", -0.8, -0.1, 0.8, 0.66),
        _line(
            "gold", 0.1,
            (-0.76, 0.14), (-0.4, 0.74), (0.0, 0.2), (0.4, 0.74), (0.76, 0.14),
        ),
        _oval(0.0, -0.1, 0.8, 0.25, "cream"),
    ),
    "ball": (
        _oval(0.0, 0.06, 0.84, 0.84, "body"),
        _poly(
            "cream",
            *_arc(0.0, 0.06, 0.84, 0.84, 0.46, 0.55),
            *_arc(0.0, 0.06, 0.84, 0.84, 0.93, 1.04),
            edged=False,
        ),
        _line("ink", 0.06, (-0.8, 0.28), (0.82, 0.28)),
        _line("ink", 0.06, (-0.8, -0.2), (0.78, -0.26)),
        _oval(-0.34, -0.44, 0.14, 0.1, "wing", edged=False),
    ),
    "frog": (
        _oval(-0.74, 0.5, 0.26, 0.36, "body"),
        _oval(0.74, 0.5, 0.26, 0.36, "body"),
        _oval(-0.42, -0.34, 0.28, 0.28, "body"),
        _oval(0.42, -0.34, 0.28, 0.28, "body"),
        _oval(0.0, 0.28, 0.76, 0.56, "body"),
        _oval(-0.6, 0.82, 0.36, 0.1, "body"),
        _oval(0.6, 0.82, 0.36, 0.1, "body"),
        _oval(0.0, 0.6, 0.4, 0.22, "cream", edged=False),
        *_eye(-0.42, -0.36, 0.18),
        *_eye(0.42, -0.36, 0.18),
        _line("ink", 0.07, *_arc(0.0, 0.0, 0.52, 0.28, 0.5, 0.0)),
    ),
    "clock": (
        _line("dark", 0.14, (-0.5, 0.7), (-0.66, 0.94), edged=True),
        _line("dark", 0.14, (0.5, 0.7), (0.66, 0.94), edged=True),
        _line("dark", 0.1, (0.0, -0.6), (0.0, -0.94), edged=True),
        _oval(-0.48, -0.68, 0.3, 0.22, "body"),
        _oval(0.48, -0.68, 0.3, 0.22, "body"),
        _oval(0.0, 0.12, 0.8, 0.8, "body"),
        _oval(0.0, 0.12, 0.5, 0.5, "cream", edged=False),
        _line("dark", 0.1, (0.0, -0.26), (0.0, 0.14), (0.28, 0.26)),
    ),
    "bee": (
        _oval(-0.34, -0.48, 0.24, 0.44, "wing"),
        _oval(0.2, -0.5, 0.26, 0.44, "wing"),
        _poly("dark", (-0.74, 0.06), (-1.0, 0.26), (-0.74, 0.42)),
        _line("dark", 0.07, (0.68, -0.1), (0.78, -0.46), (0.96, -0.5), edged=True),
        _oval(-0.1, 0.26, 0.74, 0.44, "body"),
        _oval(0.62, 0.2, 0.34, 0.34, "body"),
        _line("stripe", 0.19, (-0.4, -0.1), (-0.4, 0.62)),
        _line("stripe", 0.19, (0.0, -0.14), (0.0, 0.66)),
        *_eye(0.7, 0.12, 0.12),
    ),
}  # fmt: skip


def _inks(colour: str) -> dict[str, RGB]:
    """The colour of every fill for a thing of this colour: ink and stripes show on its body."""
    on_black = colour == "black"
    return {
        **FIXED,
        "body": BODY[colour],
        "ink": FIXED["grey"] if on_black else FIXED["dark"],
        "stripe": FIXED["grey"] if on_black else FIXED["dark"],
    }


def _draw_part(
    draw: ImageDraw.ImageDraw,
    part: Part,
    centre: tuple[float, float],
    half: float,
    fill: RGB,
    grow: float,
) -> None:
    """Draw one part, made ``grow`` canvas pixels larger on every side."""
    points = [(centre[0] + x * half, centre[1] + y * half) for x, y in part.points]
    if part.kind == "oval":
        (x0, y0), (x1, y1) = points
        draw.ellipse((x0 - grow, y0 - grow, x1 + grow, y1 + grow), fill=fill)
        return
    if part.kind == "poly":
        draw.polygon(points, fill=fill)
        if not grow:
            return
        points, width = [*points, points[0]], 2 * grow
    else:
        width = part.width * half + 2 * grow
    draw.line(points, fill=fill, width=max(1, round(width)), joint="curve")
    if grow:
        radius = width / 2
        for x, y in points:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def draw_thing(
    draw: ImageDraw.ImageDraw,
    thing: str,
    colour: str,
    centre: tuple[float, float],
    half: float,
    *,
    edge: float,
    outline: RGB,
) -> None:
    """Draw a thing of half-width ``half`` at ``centre`` (canvas pixels), outline ``edge`` wide.

    Raises `ValueError` for a thing or a colour there is no drawing of.
    """
    if thing not in PARTS or colour not in BODY:
        raise ValueError(f"silhouettes: no drawing of a {colour!r} {thing!r}")
    inks = _inks(colour)
    for part in PARTS[thing]:
        if part.edged:
            _draw_part(draw, part, centre, half, outline, edge)
    inner = edge * 0.45
    for part in PARTS[thing]:
        if part.edged and part.kind != "line" and part.fill not in ("body", "dark"):
            _draw_part(draw, part, centre, half, inks["ink"], inner)
        _draw_part(draw, part, centre, half, inks[part.fill], 0.0)
