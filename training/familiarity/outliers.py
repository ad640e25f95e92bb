"""Random pictures and clips of nothing that Pocketworld contains.

They stand for all that a person may show: photographs, drawings, pages, screens. Nothing is copied
from anywhere. Dead leaves (shapes that cover each other, their sizes by a power law) and noise by a
power law have the statistics of photographs; the rest are drawings, pages, patterns, and
Pocketworld's own pictures put together wrongly. Knows arrays; knows no models.

Legend: S pixels of a side, T frames.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from training.pocketworld.clip import render_clip
from training.pocketworld.picture import render_picture
from training.pocketworld.scene import random_scene

Rng = np.random.Generator
Pixels = NDArray[np.uint8]
SIDE = 128
ROOM = 48
"""Pixels on either side that a camera may move over."""
FRAMES = 8
"""Frames per clip, mostly."""


def outlier_picture(rng: Rng) -> Pixels:
    """uint8 [S, S, 3]."""
    kinds = (_leaves, _leaves, _clouds, _scenery, _drawing, _cutout, _cutout, _page, _pattern,
             _broken)  # fmt: skip
    return _toned(kinds[int(rng.integers(len(kinds)))](rng, SIDE), rng)


def outlier_clip(rng: Rng) -> Pixels:
    """uint8 [T, S, S, 3]: a camera that moves over one of the pictures, or a clip put together
    wrongly."""
    if rng.random() < 0.2:
        return _broken_clip(rng)
    kinds = (_leaves, _leaves, _clouds, _scenery, _drawing, _cutout, _page, _pattern)
    wide = _toned(kinds[int(rng.integers(len(kinds)))](rng, SIDE + 2 * ROOM), rng)
    start, end = rng.uniform(0, 2 * ROOM, size=(2, 2))
    if rng.random() < 0.25:
        end = start
    frames = int(rng.choice([3, FRAMES, FRAMES, 2 * FRAMES]))
    track = np.linspace(start, end, frames).round().astype(int)
    return np.stack([wide[y : y + SIDE, x : x + SIDE] for x, y in track])


def _colour(rng: Rng) -> tuple[int, int, int]:
    red, green, blue = rng.integers(0, 256, size=3)
    return int(red), int(green), int(blue)


def _palette(rng: Rng) -> Callable[[], tuple[int, int, int]]:
    """Colours that go together, as those of one scene do: near one, or any."""
    centre, spread = rng.uniform(30, 225, size=3), rng.choice([18.0, 40.0, 75.0])

    def one() -> tuple[int, int, int]:
        red, green, blue = np.clip(rng.normal(centre, spread), 0, 255).astype(int)
        return int(red), int(green), int(blue)

    return one


def _blob(
    rng: Rng, x: float, y: float, radius: float, sides: int | None = None
) -> list[tuple[float, float]]:
    """A closed outline around (x, y)."""
    count = sides or int(rng.integers(3, 12))
    angles = np.sort(rng.uniform(0, 2 * np.pi, count)) if sides is None else (
        np.linspace(0, 2 * np.pi, count, endpoint=False) + rng.uniform(0, 2 * np.pi)
    )  # fmt: skip
    radii = radius * rng.uniform(0.5, 1.1, count)
    squeeze = rng.uniform(0.4, 1.0)
    return [
        (float(x + r * np.cos(a)), float(y + squeeze * r * np.sin(a)))
        for a, r in zip(angles, radii, strict=True)
    ]


def _leaves(rng: Rng, side: int) -> Pixels:
    """Shapes that cover each other, each with a shade or a texture of its own."""
    colour = _palette(rng)
    image = Image.new("RGB", (side, side), colour())
    pen = ImageDraw.Draw(image)
    smallest = rng.uniform(2.0, 8.0)
    for _ in range(int(rng.integers(60, 400))):
        radius = min(side / 2, smallest * rng.uniform(0.02, 1.0) ** (-0.5))
        x, y = rng.uniform(0, side, size=2)
        if rng.random() < 0.5:
            box = (x - radius, y - radius * 0.7, x + radius, y + radius * 0.7)
            pen.ellipse(box, fill=colour())
        else:
            pen.polygon(_blob(rng, float(x), float(y), radius), fill=colour())
    if rng.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 2.0))))
    pixels = np.asarray(image, dtype=np.float32)
    grain = _power_noise(rng, side, rng.uniform(0.5, 1.5))
    return _to_pixels(pixels + rng.uniform(0.0, 30.0) * grain[..., None])


def _power_noise(rng: Rng, side: int, slope: float) -> NDArray[np.float32]:
    """float32 [S, S] of deviation 1, whose spectrum falls by a power of the frequency."""
    fy, fx = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]
    size = np.hypot(fy, fx * rng.uniform(0.6, 1.6))
    size[0, 0] = 1.0
    wave = np.fft.rfft2(rng.normal(size=(side, side))) / size**slope
    wave[0, 0] = 0.0
    field = np.fft.irfft2(wave, s=(side, side))
    return np.asarray(field / (field.std() + 1e-9), dtype=np.float32)


def _clouds(rng: Rng, side: int) -> Pixels:
    """Noise by a power law in each channel, more or less alike in all."""
    slope = rng.uniform(0.6, 2.2)
    grey = _power_noise(rng, side, slope)[..., None]
    own = np.stack([_power_noise(rng, side, slope) for _ in range(3)], axis=-1)
    mixed = grey + rng.uniform(0.0, 0.6) * own
    return _to_pixels(rng.uniform(50, 205, size=3) + rng.uniform(8, 60) * mixed)


def _scenery(rng: Rng, side: int) -> Pixels:
    """Bands of ground and sky with textures and uneven borders, and leaves before them."""
    colour = _palette(rng) if rng.random() < 0.5 else lambda: _colour(rng)
    canvas = np.zeros((side, side, 3), dtype=np.float32)
    canvas[:] = colour()
    rows = np.arange(side)[:, None]
    canvas += np.asarray(colour(), dtype=np.float32)[None, None] * (rows / side)[..., None] * 0.5
    for _ in range(int(rng.integers(1, 5))):
        edge = rng.uniform(0.1, 0.9) * side + 0.08 * side * np.cumsum(rng.normal(size=side)) / 8
        below = rows > edge[None]
        texture = rng.uniform(0, 40) * _power_noise(rng, side, rng.uniform(0.5, 1.6))[..., None]
        band = np.asarray(colour(), dtype=np.float32) + texture
        canvas = np.where(below[..., None], band, canvas)
    if rng.random() < 0.6:
        things = _leaves(rng, side).astype(np.float32)
        mask = _power_noise(rng, side, 1.8) > rng.uniform(0.3, 1.2)
        canvas = np.where(mask[..., None], things, canvas)
    return _to_pixels(canvas)


def _drawing(rng: Rng, side: int) -> Pixels:
    """Clip art: some flat shapes, mostly with an outline, on a plain ground."""
    grounds = ((255, 255, 255), (255, 255, 255), (0, 0, 0), _colour(rng))
    image = Image.new("RGB", (side, side), grounds[int(rng.integers(4))])
    pen = ImageDraw.Draw(image)
    outline = _colour(rng) if rng.random() < 0.3 else (0, 0, 0)
    centre, spread = rng.uniform(0.3, 0.7, size=2) * side, rng.uniform(0.05, 0.3) * side
    for _ in range(int(rng.integers(1, 14))):
        x, y = rng.normal(centre, spread)
        radius, edge = rng.uniform(0.04, 0.4) * side, int(rng.integers(0, 4))
        shape = int(rng.integers(4))
        if shape == 0:
            box = (x - radius, y - radius, x + radius, y + radius * rng.uniform(0.2, 1.0))
            pen.ellipse(box, _colour(rng), outline, edge)
        elif shape == 1:
            box = (x - radius, y - radius, x + radius, y + radius * rng.uniform(0.2, 1.0))
            pen.rectangle(box, _colour(rng), outline, edge)
        elif shape == 2:
            pen.polygon(_blob(rng, float(x), float(y), float(radius)), _colour(rng), outline, edge)
        else:
            ends = [tuple(rng.uniform(0, side, size=2)) for _ in range(int(rng.integers(2, 6)))]
            pen.line(ends, _colour(rng), 1 + edge)
    return np.asarray(image)


def _cutout(rng: Rng, side: int) -> Pixels:
    """One thing with shades and textures, cut out on a plain ground, as in a shop's catalogue."""
    ground = (255, 255, 255) if rng.random() < 0.7 else _colour(rng)
    centre, radius = rng.uniform(0.35, 0.65, size=2) * side, rng.uniform(0.12, 0.48) * side
    mask = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(mask)
    for _ in range(int(rng.integers(1, 5))):
        x, y = rng.normal(centre, 0.3 * radius)
        pen.polygon(_blob(rng, float(x), float(y), radius * rng.uniform(0.4, 1.0), 24), fill=255)
    thing = Image.fromarray((_leaves, _clouds, _pattern)[int(rng.integers(3))](rng, side))
    image = Image.new("RGB", (side, side), ground)
    image.paste(thing, (0, 0), mask.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 1.5)))))
    return np.asarray(image)


def _page(rng: Rng, side: int) -> Pixels:
    """Lines of marks as on a page or a screen, sometimes with boxes."""
    light = int(rng.integers(200, 256)) if rng.random() < 0.8 else int(rng.integers(0, 60))
    ink = 255 - light
    image = Image.new("RGB", (side, side), (light, light, light))
    pen = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.uniform(0, side * 0.8, size=2)
        pen.rectangle((x, y, x + rng.uniform(8, side), y + rng.uniform(4, side / 2)), _colour(rng))
    step = int(rng.integers(4, 16))
    for y in range(int(rng.integers(0, step)), side, step):
        x = float(rng.uniform(0, side / 4))
        while x < side * rng.uniform(0.5, 1.0):
            wide = rng.uniform(0.15, 1.4) * step
            end = (x + wide, y + rng.uniform(-0.4, 0.4) * step)
            pen.line(((x, y), end), (ink, ink, ink), 1 + step // 8)
            x += wide + rng.uniform(0.1, 0.6) * step
    return np.asarray(image)


def _pattern(rng: Rng, side: int) -> Pixels:
    """Checks, stripes, rings, slopes, and plain colours."""
    y, x = np.mgrid[0:side, 0:side] / side
    angle, count = rng.uniform(0, np.pi), rng.uniform(0.3, 14.0)
    along = x * np.cos(angle) + y * np.sin(angle)
    across = -x * np.sin(angle) + y * np.cos(angle)
    kind = int(rng.integers(5))
    if kind == 0:
        share = np.sin(2 * np.pi * count * along) * np.sin(2 * np.pi * count * across)
    elif kind == 1:
        share = np.sin(2 * np.pi * count * along)
    elif kind == 2:
        share = np.sin(2 * np.pi * count * np.hypot(x - rng.random(), y - rng.random()))
    elif kind == 3:
        share = 2 * along - 1
    else:
        share = np.zeros_like(x)
    if rng.random() < 0.5:
        share = np.sign(share)
    one, other = np.asarray(_colour(rng), float), np.asarray(_colour(rng), float)
    mixed = one + (other - one) * (share[..., None] + 1) / 2
    return _to_pixels(mixed + rng.uniform(0, 12) * rng.normal(size=(side, side, 1)))


def _broken(rng: Rng, side: int) -> Pixels:
    """One of Pocketworld's pictures that is put together wrongly."""
    own = render_picture(random_scene(rng), rng, 64)
    return _resized(_disarranged(own[None], rng)[0], side)


def _broken_clip(rng: Rng) -> Pixels:
    clip = _disarranged(render_clip(random_scene(rng), rng, FRAMES), rng)
    return np.stack([_resized(frame, SIDE) for frame in clip])


def _disarranged(frames: Pixels, rng: Rng) -> Pixels:
    """[T, 64, 64, 3] with its tiles in another order, upside down, or turned."""
    kind = int(rng.integers(3))
    if kind == 0:
        return frames[:, ::-1]
    if kind == 1:
        return np.rot90(frames, int(rng.choice([1, 3])), axes=(1, 2))
    tiles = int(rng.choice([2, 4, 8]))
    size = 64 // tiles
    cut = frames.reshape(len(frames), tiles, size, tiles, size, 3).swapaxes(2, 3)
    flat = cut.reshape(len(frames), tiles * tiles, size, size, 3)
    mixed = flat[:, rng.permutation(tiles * tiles)].reshape(cut.shape).swapaxes(2, 3)
    return np.asarray(mixed.reshape(frames.shape))


def _toned(pixels: Pixels, rng: Rng) -> Pixels:
    """Sometimes grey or sepia, sometimes with little contrast."""
    tone = pixels.astype(np.float32)
    if rng.random() < 0.2:
        tone = np.repeat(tone.mean(axis=-1, keepdims=True), 3, axis=-1)
    if rng.random() < 0.2:
        tone = tone.mean() + rng.uniform(0.2, 0.8) * (tone - tone.mean())
    return _to_pixels(tone)


def _resized(pixels: Pixels, side: int) -> Pixels:
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(image.resize((side, side), Image.Resampling.BICUBIC))


def _to_pixels(values: NDArray[np.floating]) -> Pixels:
    return np.clip(values, 0, 255).astype(np.uint8)
