"""The background of the thing: sky, ground and weather, on a supersampled canvas.

Knows places, times and weathers as flat drawings; knows no things, clips or judging.
"""

from __future__ import annotations

from functools import lru_cache
from math import sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

RGB = tuple[int, int, int]

GRID = 64.0  # every length below is in pixels of a 64 pixel picture
HORIZON = 35.0

RIDGE: dict[str, tuple[float, float, float]] = {  # height, stretch and start of a hilly horizon
    "sea": (0.0, 1.0, 0.0),
    "grass": (1.6, 9.0, 0.6),
    "sand": (2.2, 16.0, 2.2),
    "snow": (1.4, 13.0, 4.0),
}
SKY: dict[str, tuple[RGB, RGB, RGB]] = {  # at the top, halfway down, at the horizon
    "day": ((92, 172, 244), (146, 204, 250), (206, 234, 252)),
    "night": ((10, 14, 42), (20, 26, 66), (40, 46, 96)),
    "sunset": ((112, 64, 140), (246, 118, 76), (255, 206, 104)),
}
GROUND: dict[str, dict[str, RGB]] = {
    "day": {
        "sea": (44, 124, 192), "grass": (118, 194, 84),
        "sand": (232, 206, 148), "snow": (240, 245, 250),
    },
    "night": {
        "sea": (15, 47, 108), "grass": (34, 76, 44),
        "sand": (106, 90, 62), "snow": (86, 98, 142),
    },
    "sunset": {
        "sea": (44, 94, 130), "grass": (118, 148, 56),
        "sand": (232, 156, 96), "snow": (242, 196, 176),
    },
}  # fmt: skip
HAZE: dict[str, dict[str, RGB]] = {  # what the weather turns the sky to
    "rain": {"day": (146, 156, 172), "night": (46, 50, 66), "sunset": (178, 124, 116)},
    "snowfall": {"day": (178, 190, 206), "night": (58, 62, 92), "sunset": (214, 156, 150)},
    "storm": {"day": (112, 114, 138), "night": (24, 22, 44), "sunset": (146, 80, 86)},
}
HAZE_SHARE = {"rain": 0.75, "snowfall": 0.65, "storm": 0.75}
CLOUD: dict[str, dict[str, RGB]] = {
    "rain": {"day": (122, 132, 150), "night": (72, 78, 100), "sunset": (140, 100, 112)},
    "snowfall": {"day": (222, 228, 238), "night": (102, 108, 142), "sunset": (240, 196, 190)},
    "storm": {"day": (58, 58, 78), "night": (56, 52, 84), "sunset": (76, 44, 66)},
}
STREAK: dict[str, RGB] = {"day": (66, 96, 160), "night": (134, 156, 214), "sunset": (92, 84, 150)}
BOLT: RGB = (255, 234, 70)
BOLT_SHAPE = (
    (0.0, 0.0), (4.5, 0.0), (1.5, 6.0), (5.0, 6.0), (-3.0, 17.0), (-0.5, 9.0), (-4.0, 9.0),
)  # fmt: skip
CLOUD_BUMPS = ((2, 5, 9), (14, 6, 8), (26, 4, 10), (38, 6, 8), (50, 5, 9), (62, 5, 8))  # x, y, r
STREAKS = tuple((8.0 * col + 3.0 * (row % 3), 9.2 * row) for row in range(7) for col in range(8))
FLAKES = tuple(
    ((13.0 * k) % 64, (64.0 * k / 48 + 7.0 * sin(k * 1.7)) % 64, 0.8 + 0.35 * (k % 3))
    for k in range(48)
)


def _mix(one: RGB, other: RGB, share: float) -> RGB:
    """``share`` of the other colour, the rest of the one."""
    r, g, b = (round(a + (c - a) * share) for a, c in zip(one, other, strict=True))
    return (r, g, b)


def ground_colour(place: str, time: str, weather: str) -> RGB:
    """The flat colour of the ground, before texture."""
    dim = {"clear": 0.0, "rain": 0.1, "snowfall": 0.0, "storm": 0.16}[weather]
    return _mix(GROUND[time][place], (30, 32, 44), dim)


def _sky(time: str, weather: str, pixels: int) -> NDArray[np.uint8]:
    """The sky over the whole canvas, uint8 [pixels, pixels, 3]: a gradient down to the horizon."""
    stops = np.array(SKY[time], dtype=np.float64)
    if weather != "clear":
        share = HAZE_SHARE[weather]
        stops = stops * (1 - share) + np.array(HAZE[weather][time]) * share
    rows = np.arange(pixels) * GRID / pixels
    column = np.stack(
        [np.interp(rows, (0, HORIZON / 2, HORIZON), stops[:, c]) for c in range(3)], axis=1
    )
    return np.repeat(column[:, None, :], pixels, axis=1).round().astype(np.uint8)


class _Pen:
    """Draws on a canvas in 64 pixel units."""

    def __init__(self, canvas: Image.Image) -> None:
        self.draw = ImageDraw.Draw(canvas)
        self.unit = canvas.width / GRID

    def disc(self, x: float, y: float, radius: float, fill: RGB, flat: float = 1.0) -> None:
        u, ry = self.unit, radius * flat
        self.draw.ellipse(((x - radius) * u, (y - ry) * u, (x + radius) * u, (y + ry) * u), fill)

    def poly(self, points: list[tuple[float, float]], fill: RGB) -> None:
        self.draw.polygon([(x * self.unit, y * self.unit) for x, y in points], fill)

    def line(self, points: list[tuple[float, float]], fill: RGB, width: float) -> None:
        scaled = [(x * self.unit, y * self.unit) for x, y in points]
        self.draw.line(scaled, fill, max(1, round(width * self.unit)), joint="curve")


def _ridge(place: str) -> list[tuple[float, float]]:
    """The line where the ground meets the sky, from left to right."""
    height, stretch, start = RIDGE[place]
    return [(float(x), HORIZON + height * sin(x / stretch + start)) for x in range(66)]


def _texture(pen: _Pen, place: str, colour: RGB) -> None:
    """Waves, tufts, pebbles or drifts on the ground."""
    light, dark = _mix(colour, (255, 255, 255), 0.32), _mix(colour, (20, 40, 50), 0.2)
    for row in range(4):
        y = HORIZON + 4.5 + row * 7.0
        for col in range(5):
            x = col * 15.0 + (row % 2) * 7.5 - 2.0
            if place == "sea":
                wave = [(x + 0.9 * k, y + 1.1 * sin(k * 0.9)) for k in range(10)]
                pen.line(wave, light, 0.9)
            elif place == "grass":
                for lean in (-1.4, 0.0, 1.4):
                    pen.line([(x, y + 1.4), (x + lean, y - 1.4)], dark, 0.7)
            elif place == "sand":
                pen.disc(x, y, 0.7, dark)
                pen.disc(x + 6.0, y + 2.4, 0.55, dark)
            else:
                pen.disc(x + 2.0, y + 1.0, 4.2, _mix(colour, (130, 160, 215), 0.24), flat=0.22)


def _lights(pen: _Pen, time: str, weather: str, side: float) -> None:
    """The sun or the moon and, on a clear day, a small cloud; hazy weathers hide them."""
    if weather != "clear":
        return
    if time == "day":
        pen.disc(side, 9, 5.6, (255, 240, 170))
        pen.disc(side, 9, 4.6, (255, 222, 60))
        for x, y, r in ((-5.0, 8, 3.0), (0.0, 6.6, 4.0), (5.0, 8, 3.0)):
            pen.disc(GRID - side + x, y, r, (255, 255, 255), flat=0.75)
    elif time == "night":
        pen.disc(side, 9, 5.2, (250, 244, 206))
        pen.disc(side - 2.6, 7.6, 4.4, SKY["night"][0])
    else:
        pen.disc(side, HORIZON, 9.5, (255, 224, 140))
        pen.disc(side, HORIZON, 7.8, (255, 244, 190))


@lru_cache(maxsize=128)
def still_part(place: str, time: str, weather: str, side: float, pixels: int) -> Image.Image:
    """The background that no jitter and no motion changes; copy it, do not draw on it.

    An RGB image ``pixels`` square; ``side`` is the x of sun and moon in 64 pixel units.
    """
    canvas = Image.fromarray(_sky(time, weather, pixels))
    pen = _Pen(canvas)
    _lights(pen, time, weather, side)
    if weather != "clear":
        for x, y, r in CLOUD_BUMPS:
            pen.disc(x, y - (0 if weather == "storm" else 4), r, CLOUD[weather][time], flat=0.8)
    colour = ground_colour(place, time, weather)
    pen.poly([*_ridge(place), (66.0, 66.0), (0.0, 66.0)], colour)
    _texture(pen, place, colour)
    return canvas


def _draw_streaks(pen: _Pen, time: str, drift: float, fall: float) -> None:
    for x, y in STREAKS:
        x0 = (x + drift - 0.35 * fall) % GRID
        y0 = (y + fall) % GRID - 3.0
        pen.line([(x0, y0), (x0 - 2.1, y0 + 6.0)], STREAK[time], 0.75)


def _draw_flakes(pen: _Pen, drift: float, fall: float) -> None:
    for x, y, radius in FLAKES:
        pen.disc((x + drift) % GRID, (y + fall) % GRID, radius, (255, 255, 255))


def draw_backdrop(
    place: str,
    time: str,
    weather: str,
    *,
    side: float,
    drift: float,
    fall: float,
    stars: NDArray[np.float64],
    pixels: int,
) -> Image.Image:
    """A fresh canvas, RGB ``pixels`` square, with the place, the time and the weather on it.

    ``side`` is where sun, moon and lightning stand (x), ``drift`` and ``fall`` shift rain and
    snow right and down, ``stars`` float [n, 2] are x, y of stars; all in 64 pixel units.
    """
    canvas = still_part(place, time, weather, side, pixels).copy()
    pen = _Pen(canvas)
    if time == "night" and weather == "clear":
        for x, y in stars:
            pen.disc(float(x), float(y), 0.75, (255, 250, 220))
    if weather in ("rain", "storm"):
        _draw_streaks(pen, time, drift, fall)
    if weather == "snowfall":
        _draw_flakes(pen, drift, fall)
    if weather == "storm":
        pen.poly([(side + x, 10.0 + y) for x, y in BOLT_SHAPE], BOLT)
    return canvas
