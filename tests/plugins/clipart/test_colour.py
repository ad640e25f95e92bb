"""A glyph's main colour changes; everything else in the picture stays."""

from __future__ import annotations

import colorsys

import pytest
from PIL import Image

from plugins.clipart.colour import HUES, recolour


def picture() -> Image.Image:
    """A red square with a black dot in it, on nothing."""
    made = Image.new("RGBA", (40, 40))
    made.paste((220, 30, 30, 255), (5, 5, 35, 35))
    made.paste((10, 10, 10, 255), (18, 18, 22, 22))
    return made


@pytest.mark.parametrize("colour", ["blue", "green", "yellow", "purple"])
def test_the_main_colour_gets_the_hue(colour: str) -> None:
    red, green, blue, alpha = recolour(picture(), colour).getpixel((10, 10))

    hue = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)[0]
    assert abs(hue - HUES[colour]) < 0.03
    assert alpha == 255


def test_dark_parts_and_the_outline_stay() -> None:
    made = recolour(picture(), "blue")

    assert max(made.getpixel((20, 20))[:3]) < 30
    assert made.getpixel((1, 1))[3] == 0


def test_black_and_white_are_greys() -> None:
    dark, light = (recolour(picture(), colour).getpixel((10, 10)) for colour in ("black", "white"))

    assert max(dark[:3]) < 100 < 180 < min(light[:3])


def test_an_unknown_colour_changes_nothing() -> None:
    before = picture()

    assert recolour(before, "mauve") is before
