"""Draws a scene: the ground, the glyphs at their places, shadows, and the weather before them.

Knows pixels; knows no words.

Legend: H, W pixels.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from plugins.clipart import ground as backdrop
from plugins.clipart import layout
from plugins.clipart.colour import recolour
from plugins.clipart.emoji_font import EmojiFont
from plugins.clipart.ground import Ground
from plugins.clipart.layout import Group, Spot
from plugins.clipart.scene import Scene

Pixels = NDArray[np.uint8]
WIDEST = 0.84
"""Share of the width that the things take at most."""
HIGHEST = 0.64
"""Share of the height that the things take at most."""
_SHADOW = (30, 34, 60)
_FEET = 0.42
"""Share of the land's depth at which things stand."""


def draw(scene: Scene, font: EmojiFont, width: int, height: int, seed: int) -> Pixels:
    """The picture [H, W, 3]; the same scene, font, size and seed give the same pixels."""
    rng = np.random.default_rng([seed, 20])
    ground = Ground(scene.place, scene.time, scene.weather, scene.ground_colour)
    picture = backdrop.draw(ground, width, height, rng)
    if scene.items:
        shown = {glyph: font.draw(glyph) for glyph in _drawable(scene, font)}
        sizes = {glyph: sprite.size for glyph, sprite in shown.items()}
        group = _placed(layout.layout(scene, sizes, rng), ground, width, height)
        for spot in group:
            _shadow(picture, spot, ground)
        for spot in sorted(group, key=lambda s: s.depth):
            _paste(picture, shown[spot.glyph], spot)
    return np.asarray(backdrop.weather_over(picture, scene.weather, rng))


def _drawable(scene: Scene, font: EmojiFont) -> list[str]:
    """The glyphs that the scene needs; faces that the font lacks are done without."""
    needed = {part.thing.glyph for i in scene.items for part in (i, *i.wears, *i.holds)}
    faces = set(layout.glyphs(scene)) - needed
    return [*sorted(needed), *(face for face in sorted(faces) if font.has(face))]


def _placed(group: Group, ground: Ground, width: int, height: int) -> Group:
    """The group in pixels: as large as fits, standing on the land or in the middle."""
    left, top, right, bottom = layout.bounds(group)
    room = HIGHEST if ground.plain else HIGHEST * 0.94
    scale = min(WIDEST * width / (right - left), room * height / (bottom - top))
    if ground.horizon < 1 and not ground.plain:
        feet = height * (ground.horizon + (1 - ground.horizon) * _FEET)
        scale = min(scale, (feet - 0.05 * height) / -top if top < 0 else scale)
    else:
        feet = height / 2 + scale * (bottom - top) / 2 - bottom * scale
    shift = width / 2 - scale * (left + right) / 2
    return [
        replace(
            s, x=s.x * scale + shift, y=s.y * scale + feet, width=s.width * scale,
            height=s.height * scale,
        )
        for s in group
    ]  # fmt: skip


def _shadow(picture: Image.Image, spot: Spot, ground: Ground) -> None:
    """A soft ellipse under what stands."""
    if not spot.stands or ground.place in ("underwater", "space", "sky", "sea"):
        return
    half, flat = spot.width * 0.42, spot.height * 0.045
    soft = max(1.0, flat * 0.5)
    edge = round(3 * soft)
    size = (round(2 * half) + 2 * edge, round(2.5 * flat) + 2 * edge)
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).ellipse((edge, edge, size[0] - edge, size[1] - edge), fill=70)
    at = (round(spot.x - half) - edge, round(spot.y - 1.5 * flat) - edge)
    box = (*at, at[0] + size[0], at[1] + size[1])
    picture.paste(_SHADOW, box, mask.filter(ImageFilter.GaussianBlur(soft)))


def _paste(picture: Image.Image, sprite: Image.Image, spot: Spot) -> None:
    size = (max(1, round(spot.width)), max(1, round(spot.height)))
    glyph = _scaled(recolour(sprite, spot.colour), size)
    if spot.cut:
        glyph.paste((0, 0, 0, 0), (0, 0, glyph.width, round(spot.cut * glyph.height)))
    if spot.angle:
        glyph = glyph.rotate(spot.angle, Image.Resampling.BICUBIC, expand=True)
    left = spot.x - spot.width / 2 - (glyph.width - size[0]) / 2
    top = spot.y - spot.height - (glyph.height - size[1]) / 2
    picture.paste(glyph, (round(left), round(top)), glyph)


def _scaled(sprite: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The sprite at another size with an edge of one of its pixels around it; edges that enlarging
    made soft are made firm again."""
    times = size[1] / sprite.height
    padded = ImageOps.expand(sprite, 1)
    wanted = (round(size[0] + 2 * times), round(size[1] + 2 * times))
    if times < 1.3:
        return padded.resize(wanted, Image.Resampling.LANCZOS)
    found = padded.resize(wanted, Image.Resampling.BICUBIC)
    colours = _spread(found, times)
    colours = colours.filter(ImageFilter.UnsharpMask(radius=times * 0.8, percent=60, threshold=0))
    alpha = np.asarray(found.getchannel("A"), np.float32)
    steep = np.clip((alpha - 127.5) * max(1.0, 0.6 * min(times, 5.0)) + 127.5, 0, 255)
    colours.putalpha(Image.fromarray(np.round(steep).astype(np.uint8)))
    return colours


def _spread(picture: Image.Image, radius: float) -> Image.Image:
    """The picture's colours RGB, carried on a little way into what is transparent."""
    alpha = np.asarray(picture.getchannel("A"), np.float32)[..., None] / 255.0
    colours = np.asarray(picture.convert("RGB"), np.float32)
    blur = ImageFilter.GaussianBlur(radius)
    near = Image.fromarray(np.round(colours * alpha).astype(np.uint8)).filter(blur)
    amount = Image.fromarray(np.round(alpha[..., 0] * 255).astype(np.uint8)).filter(blur)
    share = np.maximum(np.asarray(amount, np.float32)[..., None] / 255.0, 1 / 255)
    outside = np.clip(np.asarray(near, np.float32) / share, 0, 255)
    solid = np.clip((alpha - 0.5) * 2, 0, 1)
    return Image.fromarray(np.round(solid * colours + (1 - solid) * outside).astype(np.uint8))
