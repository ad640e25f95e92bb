"""Gives a glyph's picture another colour.

Knows pixels only.

Legend: H, W pixels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Float = NDArray[np.float32]
HUES = {
    "red": 0.0, "orange": 0.075, "yellow": 0.145, "green": 0.345, "light blue": 0.515,
    "blue": 0.60, "purple": 0.77, "pink": 0.915, "brown": 0.07,
}  # fmt: skip
"""Hue of a colour, 0 to 1."""
SATURATIONS = {"green": (0.72, 0.86), "brown": (0.75, 0.62), "pink": (0.55, 1.12)}
"""Factors of saturation and brightness that the hue alone does not give."""
GREYS = {"black": (0.30, 0.0), "white": (0.35, 0.65), "grey": (0.7, 0.12)}
"""Factor and offset of the brightness of what has no hue."""
_PLAIN = 0.18
"""Below this saturation a pixel has no hue of its own."""


def recolour(picture: Image.Image, colour: str) -> Image.Image:
    """The picture [H, W] RGBA with its main colour changed to one of `HUES` or `GREYS`.

    What is dark or of another hue (eyes, wheels, leaves) stays as it is.
    """
    if colour not in HUES and colour not in GREYS:
        return picture
    hsv = np.asarray(picture.convert("RGB").convert("HSV"), np.float32) / 255.0
    alpha = picture.getchannel("A")
    weight = _main(hsv, np.asarray(alpha, np.float32) / 255.0)
    changed = _grey(hsv, colour) if colour in GREYS else _hued(hsv, colour)
    before = np.asarray(picture.convert("RGB"), np.float32)
    pixels = before + weight[..., None] * (_to_rgb(changed) - before)
    found = Image.fromarray(np.clip(np.round(pixels), 0, 255).astype(np.uint8))
    found.putalpha(alpha)
    return found


def _main(hsv: Float, alpha: Float) -> Float:
    """[H, W] how much each pixel belongs to the main colour, 0 to 1."""
    hue, saturation, value = hsv[..., 0], hsv[..., 1], hsv[..., 2]
    coloured = (saturation > _PLAIN) & (alpha > 0.5) & (value > 0.2)
    if coloured.sum() < 0.2 * (alpha > 0.5).sum():  # a grey or white thing: all that is light
        light: Float = np.clip((value - 0.25) / 0.2, 0, 1).astype(np.float32)
        return light
    counts, edges = np.histogram(
        hue[coloured], bins=36, range=(0, 1), weights=saturation[coloured] * value[coloured]
    )
    around = counts + np.roll(counts, 1) + np.roll(counts, -1)
    main = edges[int(around.argmax())] + 1 / 72
    distance = np.abs((hue - main + 0.5) % 1.0 - 0.5)
    near = np.clip((0.16 - distance) / 0.05, 0, 1)
    weight: Float = (near * np.clip((saturation - 0.08) / 0.15, 0, 1)).astype(np.float32)
    return weight


def _hued(hsv: Float, colour: str) -> Float:
    more, brighter = SATURATIONS.get(colour, (1.0, 1.0))
    plain = hsv[..., 1] < _PLAIN
    found = hsv.copy()
    found[..., 0] = HUES[colour]
    found[..., 1] = np.clip(np.where(plain, 0.6, np.maximum(hsv[..., 1], 0.5)) * more, 0, 1)
    found[..., 2] = np.clip(hsv[..., 2] * brighter, 0, 1)
    return found


def _grey(hsv: Float, colour: str) -> Float:
    factor, offset = GREYS[colour]
    found = hsv.copy()
    found[..., 1] *= 0.06
    found[..., 2] = np.clip(hsv[..., 2] * factor + offset, 0, 1)
    return found


def _to_rgb(hsv: Float) -> Float:
    """[H, W, 3] red, green, blue from 0 to 255."""
    bands = np.round(hsv * 255).astype(np.uint8)
    picture = Image.merge("HSV", [Image.fromarray(bands[..., band].copy()) for band in range(3)])
    return np.asarray(picture.convert("RGB"), np.float32)
