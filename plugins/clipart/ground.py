"""Draws what stands behind the things: a plain ground, or a place at a time of day in a weather.

Knows pixels and the names of places, times and weathers; knows no glyphs.

Legend: H, W pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Rgb = tuple[int, int, int]
PASTELS: tuple[Rgb, ...] = (
    (255, 226, 209), (254, 240, 205), (222, 242, 217), (210, 236, 240), (214, 226, 250),
    (231, 220, 248), (250, 218, 232), (236, 233, 226),
)  # fmt: skip
COLOURS: dict[str, Rgb] = {
    "red": (244, 150, 146), "orange": (252, 190, 130), "yellow": (253, 230, 140),
    "green": (172, 218, 160), "blue": (140, 186, 240), "light blue": (178, 230, 238),
    "purple": (196, 170, 234), "pink": (250, 190, 212), "brown": (206, 176, 148),
    "black": (48, 50, 58), "white": (250, 250, 248), "grey": (200, 203, 208),
}  # fmt: skip
SKIES: dict[str, tuple[Rgb, Rgb]] = {
    "day": ((126, 196, 246), (222, 242, 252)),
    "night": ((14, 22, 58), (52, 66, 122)),
    "sunset": ((92, 74, 140), (255, 170, 108)),
    "sunrise": ((138, 166, 222), (255, 214, 160)),
    "rain": ((122, 142, 164), (186, 200, 212)),
    "snowfall": ((176, 198, 220), (232, 240, 248)),
    "storm": ((52, 58, 80), (116, 124, 148)),
    "fog": ((190, 198, 204), (232, 236, 238)),
    "cloudy": ((150, 174, 196), (214, 224, 232)),
    "autumn": ((150, 200, 236), (250, 236, 210)),
    "space": ((8, 8, 28), (30, 22, 62)),
}
"""Colour above and at the horizon."""
LANDS: dict[str, tuple[Rgb, Rgb]] = {
    "grass": ((122, 192, 96), (86, 160, 76)),
    "forest": ((92, 158, 84), (60, 122, 66)),
    "mountains": ((120, 180, 104), (84, 146, 82)),
    "beach": ((244, 222, 166), (228, 198, 136)),
    "desert": ((240, 204, 138), (220, 174, 106)),
    "snow": ((250, 252, 255), (216, 230, 244)),
    "sea": ((70, 150, 206), (30, 96, 164)),
    "city": ((128, 134, 144), (98, 104, 114)),
    "table": ((200, 150, 100), (166, 116, 72)),
    "room": ((214, 176, 138), (186, 146, 108)),
    "stage": ((112, 62, 70), (72, 36, 48)),
    "autumn": ((214, 176, 96), (186, 136, 70)),
    "moon": ((196, 198, 206), (148, 150, 162)),
}
"""Colour at the horizon and at the lower edge."""
HORIZONS = {"table": 0.66, "room": 0.72, "stage": 0.74, "city": 0.74, "sea": 0.60, "shore": 0.74}
"""Share of the height above the land, where it is not `HORIZON`."""
HORIZON = 0.68
_DIMMED = {"night": 0.45, "storm": 0.65, "sunset": 0.82, "space": 0.9}
"""The brightness of the land under a dark sky."""
_LAID = {"snowfall": "snow", "autumn": "autumn"}
"""What covers the land while it falls."""
_LEAVES: tuple[Rgb, ...] = ((214, 92, 40), (230, 140, 46), (190, 64, 40), (236, 184, 76))
_SPARKS: tuple[Rgb, ...] = ((255, 120, 130), (255, 214, 110), (130, 214, 255), (206, 150, 255))
_OVERSAMPLED = 2


@dataclass(frozen=True)
class Ground:
    """The background of a scene."""

    place: str = ""
    time: str = ""
    weather: str = ""
    colour: str = ""

    @property
    def plain(self) -> bool:
        """True if it has neither a place, nor a time, nor a weather."""
        return not (self.place or self.time or self.weather)

    @property
    def sky(self) -> str:
        """The name in `SKIES`."""
        if self.place in ("space", "moon"):
            return "space"
        if self.weather in SKIES and self.time != "night":
            return self.weather
        return self.time or "day"

    @property
    def horizon(self) -> float:
        """Share of the height that is above the land; 1 without land."""
        if self.place in ("space", "sky", "underwater"):
            return 1.0
        return HORIZONS.get(self.place, HORIZON)


def draw(ground: Ground, width: int, height: int, rng: np.random.Generator) -> Image.Image:
    """The ground [H, W] RGB; `rng` places stars, waves and hills."""
    if ground.plain:
        return _plain(ground.colour, width, height, rng)
    if ground.place == "underwater":
        return _underwater(width, height, rng)
    picture = _sky(ground, width, height, rng)
    if ground.weather == "fireworks":
        _fireworks(picture, ground.horizon, rng)
    if ground.horizon < 1:
        _land(picture, ground, rng)
    return picture


def weather_over(picture: Image.Image, weather: str, rng: np.random.Generator) -> Image.Image:
    """The finished picture with rain or snow falling before it."""
    if weather not in ("rain", "storm", "snowfall", "fog", "autumn"):
        return picture
    width, height = picture.size
    unit = min(width, height)
    layer = Image.new("RGBA", picture.size, (255, 255, 255, 0))
    pen = ImageDraw.Draw(layer)
    if weather == "fog":
        layer.paste((240, 243, 245, 90), (0, int(height * 0.4), width, height))
        layer = layer.filter(ImageFilter.GaussianBlur(unit / 12))
    count = {"fog": 0, "autumn": 26}.get(weather, 60)
    for x, y in rng.random((count, 2)):
        at, size = (x * width, y * height), unit * (0.006 + 0.008 * float(rng.random()))
        if weather == "snowfall":
            pen.ellipse(_around(at, size), fill=(255, 255, 255, 225))
        elif weather == "autumn":
            colour = _LEAVES[int(rng.integers(len(_LEAVES)))]
            turned = [(at[0] + dx * size, at[1] + dy * size) for dx, dy in _leaf(rng)]
            pen.polygon(turned, fill=(*colour, 235))
        else:
            end = (at[0] - unit * 0.012, at[1] + unit * 0.05)
            pen.line((*at, *end), fill=(214, 230, 246, 170), width=max(1, round(unit / 190)))
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def _leaf(rng: np.random.Generator) -> list[tuple[float, float]]:
    """The outline of a leaf of about radius 2, turned by chance."""
    turn = float(rng.random()) * 6.28
    shape = [(-2.2, 0), (-1, -0.9), (0.4, -0.9), (2.2, 0), (0.4, 0.9), (-1, 0.9)]
    cos, sin = np.cos(turn), np.sin(turn)
    return [(x * cos - y * sin, x * sin + y * cos) for x, y in shape]


def _plain(colour: str, width: int, height: int, rng: np.random.Generator) -> Image.Image:
    """One soft colour with a lighter disc in the middle."""
    base = COLOURS.get(colour) or PASTELS[int(rng.integers(len(PASTELS)))]
    picture = _gradient(_mixed(base, (255, 255, 255), 0.35), base, width, height)
    unit = min(width, height)
    disc = Image.new("L", picture.size, 0)
    shift = (rng.random(2) - 0.5) * 0.03
    middle = (width * (0.5 + shift[0]), height * (0.5 + shift[1]))
    ImageDraw.Draw(disc).ellipse(_around(middle, unit * 0.43), fill=150)
    light = Image.new("RGB", picture.size, _mixed(base, (255, 255, 255), 0.75))
    picture.paste(light, mask=disc.filter(ImageFilter.GaussianBlur(max(1.0, unit / 220))))
    return picture


def _sky(ground: Ground, width: int, height: int, rng: np.random.Generator) -> Image.Image:
    above, below = SKIES[ground.sky]
    picture = _gradient(above, below, width, height, until=ground.horizon)
    if ground.sky in ("night", "space"):
        _stars(picture, ground.horizon, rng)
    if ground.sky in ("sunset", "sunrise", "day", "night") and ground.place not in ("table",):
        _light(picture, ground, rng)
    if ground.sky in ("day", "cloudy", "rain", "storm", "snowfall") and ground.place != "room":
        _clouds(picture, ground.sky, rng)
    if ground.place == "room":
        return _gradient((246, 234, 214), (236, 218, 192), width, height, until=ground.horizon)
    if ground.place == "stage":
        return _gradient((58, 26, 62), (120, 58, 110), width, height, until=ground.horizon)
    if ground.place == "table":
        return _gradient((236, 240, 238), (222, 230, 228), width, height, until=ground.horizon)
    return picture


def _stars(picture: Image.Image, horizon: float, rng: np.random.Generator) -> None:
    pen, unit = ImageDraw.Draw(picture), min(picture.size)
    for x, y, size in rng.random((70, 3)):
        at = (x * picture.width, y * picture.height * horizon)
        bright = 170 + int(85 * size)
        radius = unit * (0.0015 + 0.0035 * size**3)
        pen.ellipse(_around(at, radius), fill=(bright, bright, min(255, bright + 10)))


def _light(picture: Image.Image, ground: Ground, rng: np.random.Generator) -> None:
    """The sun or the moon, low in the middle at sunset and sunrise, else in an upper corner."""
    if ground.place in ("space", "moon") or ground.weather == "fireworks":
        return
    width, height = picture.size
    unit, side = min(width, height), float(rng.choice([0.16, 0.84]))
    low = ground.sky in ("sunset", "sunrise")
    at = (width * (0.5 if low else side), height * ((ground.horizon - 0.08) if low else 0.15))
    colour: Rgb = {
        "night": (250, 246, 220), "sunset": (255, 226, 150), "sunrise": (255, 240, 176)
    }.get(ground.sky, (255, 236, 130))  # fmt: skip
    glow = Image.new("L", picture.size, 0)
    radius = unit * (0.17 if low else 0.07)
    ImageDraw.Draw(glow).ellipse(_around(at, radius * 1.7), fill=110)
    glow = glow.filter(ImageFilter.GaussianBlur(radius * 0.6))
    picture.paste(Image.new("RGB", picture.size, colour), mask=glow)
    _smooth(picture, lambda pen, k: pen.ellipse(_around(_times(at, k), radius * k), fill=colour))


def _fireworks(picture: Image.Image, horizon: float, rng: np.random.Generator) -> None:
    """Four bursts of light in the sky."""
    width, height = picture.size
    unit, chances = min(width, height), rng.random((4, 4))

    def bursts(pen: ImageDraw.ImageDraw, k: int) -> None:
        for number, (x, y, size, turn) in enumerate(chances):
            at = (width * (0.14 + 0.24 * number + 0.06 * x) * k, height * horizon * k)
            at = (at[0], at[1] * (0.16 + 0.42 * ((number * 0.6 + 0.3 * y) % 1)))
            reach, colour = unit * (0.1 + 0.08 * size) * k, _SPARKS[number % len(_SPARKS)]
            for ray in range(18):
                way = np.cos(turn + ray * 0.349), np.sin(turn + ray * 0.349)
                ends = [(at[0] + r * reach * way[0], at[1] + r * reach * way[1]) for r in (0.25, 1)]
                pen.line([*ends[0], *ends[1]], fill=colour, width=max(1, round(unit * k / 240)))
                pen.ellipse(_around(ends[1], unit * k / 150), fill=(255, 250, 225))

    _smooth(picture, bursts)


def _clouds(picture: Image.Image, sky: str, rng: np.random.Generator) -> None:
    width, height = picture.size
    unit = min(width, height)
    dark = {"rain": (206, 214, 222), "storm": (92, 98, 118)}.get(sky, (255, 255, 255))
    middles = [
        (width * (0.2 + 0.6 * float(x)), height * (0.08 + 0.2 * float(y)))
        for x, y in rng.random((4 if sky != "day" else 2, 2))
    ]

    def puffs(pen: ImageDraw.ImageDraw, k: int) -> None:
        for at in middles:
            for dx, dy, size in ((-0.07, 0.012, 0.035), (0, 0, 0.055), (0.075, 0.014, 0.032)):
                spot = (at[0] + dx * unit, at[1] + dy * unit)
                pen.ellipse(_around(_times(spot, k), size * unit * k), fill=dark)
            left, right = at[0] - 0.09 * unit, at[0] + 0.1 * unit
            box = (left * k, (at[1] + 0.01 * unit) * k, right * k, (at[1] + 0.047 * unit) * k)
            pen.rounded_rectangle(box, radius=0.018 * unit * k, fill=dark)

    _smooth(picture, puffs)


def _land(picture: Image.Image, ground: Ground, rng: np.random.Generator) -> None:
    width, height = picture.size
    near, far = LANDS.get(ground.place, LANDS["grass"])
    if ground.place in ("", "grass", "forest") and ground.weather in _LAID:
        near, far = LANDS[_LAID[ground.weather]]
    dim = _DIMMED.get(ground.sky, 1.0) if ground.place not in ("room", "table", "stage") else 1.0
    near, far = _mixed((20, 24, 60), near, dim), _mixed((20, 24, 60), far, dim)
    top = height * ground.horizon
    flat = ground.place in ("sea", "table", "room", "stage", "city")
    swing = 0 if flat else 0.025 * height
    phase = float(rng.random()) * 6.28
    xs = np.linspace(0, width, 64)
    edge = [(x, top + swing * np.sin(phase + 4.2 * x / width)) for x in xs]
    mask = Image.new("L", (width * _OVERSAMPLED, height * _OVERSAMPLED), 0)
    corners = [*edge, (width, height), (0, height)]
    ImageDraw.Draw(mask).polygon([_times(at, _OVERSAMPLED) for at in corners], fill=255)
    if ground.place == "shore":
        _water(picture, top, dim, rng)
    if ground.place == "city":
        _houses(picture, top, dim, rng)
    land = _gradient(near, far, width, height, since=ground.horizon)
    picture.paste(land, mask=mask.resize(picture.size, Image.Resampling.BOX))
    if ground.place == "sea":
        _waves(picture, top, near, rng)


def _water(picture: Image.Image, top: float, dim: float, rng: np.random.Generator) -> None:
    """A lake between the land and the sky."""
    width, height = picture.size
    near, far = (_mixed((20, 24, 60), colour, dim) for colour in LANDS["sea"])
    begins, ends = round(top - 0.14 * height), round(top + 0.04 * height)
    lake = _gradient(near, far, width, ends - begins)
    _waves(lake, 0.0, near, rng)
    picture.paste(lake, (0, begins))


def _houses(picture: Image.Image, top: float, dim: float, rng: np.random.Generator) -> None:
    """A row of towers on the horizon, with some windows lit."""
    width, height = picture.size
    pen, x = ImageDraw.Draw(picture), -0.02 * width
    while x < width:
        wide, tall = width * (0.07 + 0.06 * rng.random()), height * (0.14 + 0.24 * rng.random())
        shade = int((120 + 70 * rng.random()) * (0.35 + 0.65 * dim))
        pen.rectangle((x, top - tall, x + wide, top), fill=(shade, shade + 6, shade + 18))
        lit = (255, 226, 140) if dim < 0.9 else (236, 242, 248)
        step = wide / 4
        for row in range(int(tall / (1.6 * step))):
            for column in range(3):
                if rng.random() < 0.6:
                    left, up = x + (column + 0.6) * step, top - tall + (row * 1.6 + 0.6) * step
                    pen.rectangle((left, up, left + step * 0.55, up + step * 0.8), fill=lit)
        x += wide * 1.05


def _waves(picture: Image.Image, top: float, colour: Rgb, rng: np.random.Generator) -> None:
    width, height = picture.size
    unit, light = min(width, height), _mixed(colour, (255, 255, 255), 0.35)

    def lines(pen: ImageDraw.ImageDraw, k: int) -> None:
        for x, y in places:
            left, long = x * width, unit * (0.04 + 0.07 * y)
            at = top + (0.04 + 0.93 * y) * (height - top)
            box = (left * k, at * k, (left + long) * k, (at + long * 0.22) * k)
            pen.arc(box, 200, 340, fill=light, width=max(1, round(k * unit / 170)))

    places = rng.random((16, 2))
    _smooth(picture, lines)


def _underwater(width: int, height: int, rng: np.random.Generator) -> Image.Image:
    picture = _gradient((64, 176, 222), (14, 62, 128), width, height)
    places = rng.random((14, 3))

    def bubbles(pen: ImageDraw.ImageDraw, k: int) -> None:
        for x, y, size in places:
            radius = min(width, height) * (0.008 + 0.02 * size) * k
            box = _around((x * width * k, y * height * k), radius)
            pen.ellipse(box, outline=(190, 228, 246), width=max(1, round(radius / 6)))

    _smooth(picture, bubbles)
    return picture


def _smooth(picture: Image.Image, paint: Callable[[ImageDraw.ImageDraw, int], None]) -> None:
    """Run `paint(pen, k)` on a copy that is k times as large, and scale it back into `picture`."""
    k = _OVERSAMPLED
    large = picture.resize((picture.width * k, picture.height * k), Image.Resampling.BILINEAR)
    paint(ImageDraw.Draw(large), k)
    picture.paste(large.resize(picture.size, Image.Resampling.BOX))


def _gradient(
    above: Rgb, below: Rgb, width: int, height: int, *, since: float = 0.0, until: float = 1.0
) -> Image.Image:
    """Vertical blend between the shares `since` and `until` of the height."""
    share = np.clip((np.linspace(0, 1, height) - since) / max(until - since, 1e-6), 0, 1)
    column = np.asarray(above) + share[:, None] * (np.asarray(below) - np.asarray(above))
    rows = np.repeat(np.round(column).astype(np.uint8)[:, None], width, axis=1)
    return Image.fromarray(rows)


def _around(at: Sequence[float], radius: float) -> tuple[float, float, float, float]:
    return (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)


def _times(at: Sequence[float], k: float) -> tuple[float, float]:
    return (at[0] * k, at[1] * k)


def _mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(one, other, strict=True))
    return (red, green, blue)
