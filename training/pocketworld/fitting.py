"""Finds drawings in pictures: the nearest backdrop, and the places, kinds and colours of things.

Knows the drawings of the world (backdrops, silhouettes) and pixels; knows no captions, no random
state of a scene and no model that makes pictures, and holds nothing learned. A thing is found by
least squares: a drawing of it is the backdrop where it lets it through, its fixed colours, and its
body's coverage times one colour, so correlations give the squared error for every place and every
colour of every drawing at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training.pocketworld.backdrop import BOLT, BOLT_SHAPE, still_part
from training.pocketworld.picture import LIGHT_SIDE, SUPERSAMPLING
from training.pocketworld.scene import COLOURS, PLACES, TIMES, WEATHERS
from training.pocketworld.silhouettes import (
    BODY,
    OUTLINE_BY_DAY,
    OUTLINE_BY_NIGHT,
    OUTLINE_WIDTH,
    RGB,
    draw_thing,
)

Real = NDArray[np.float32]
Complex = NDArray[np.complex64]
Drawing = tuple[str, float]
"""A thing and half its width, in pixels of a 64 pixel picture."""

SIZE = 64
ROOM = 80  # the side of the plane for correlations: things may hang over the edge by a part
WINDOW_X = slice(10, 55)  # where the centre of a thing may be
WINDOW_Y = slice(12, 55)
BLUR = (0.16, 0.68, 0.16)  # of the drawings, over pixels: pictures place things between pixels
CAP = 140.0  # an error of three channels counts no more than this, so that no thing can sway it

BACKDROPS = tuple(
    (place, time, weather, side)
    for place in PLACES
    for time in TIMES
    for weather in WEATHERS
    for side in sorted(set(LIGHT_SIDE.values()))
)
PALETTE: Real = np.array([BODY[colour] for colour in COLOURS], dtype=np.float32)


@dataclass(frozen=True)
class Drawings:
    """All drawings at the origin of the plane, and their spectra, for one colour of outline.

    Spectra are complex64 [drawings, (3,) ROOM, ROOM // 2 + 1], conjugated; maps are float32
    [drawings, (3,) window y, window x] and sum over the part of a drawing inside the picture.
    """

    cover: Complex  # how much of a pixel the thing takes
    cover_twice: Complex  # its square
    fixed: Complex  # the colours that are the same for every body colour
    cover_fixed: Complex
    body: Complex  # how much of a pixel takes the colour of the body
    cover_body: Complex
    fixed_energy: Real
    body_fixed: Real
    body_energy: Real


@dataclass(frozen=True)
class Fit:
    """The squared error of every drawing in every colour at its best place, in one picture.

    ``error`` is float32 [drawings, colours]; ``centre`` is float32 [drawings, colours, 2] (x, y).
    """

    error: Real
    centre: Real


def _shrunk(canvas: Image.Image) -> Real:
    return np.asarray(canvas.reduce(SUPERSAMPLING), dtype=np.float32)


def _drawn(thing: str, half: float, colour: str, outline: RGB, behind: int) -> Real:
    """The thing in the middle of a flat plane, float32 [ROOM, ROOM, 3]."""
    side = ROOM * SUPERSAMPLING
    canvas = Image.new("RGB", (side, side), (behind, behind, behind))
    draw_thing(
        ImageDraw.Draw(canvas),
        thing,
        colour,
        (side / 2, side / 2),
        half * SUPERSAMPLING,
        edge=OUTLINE_WIDTH * SUPERSAMPLING,
        outline=outline,
    )
    return _shrunk(canvas)


@lru_cache(maxsize=128)
def _layers(thing: str, half: float, outline: RGB) -> tuple[Real, Real, Real]:
    """Cover [ROOM, ROOM], body [ROOM, ROOM] and fixed colours [3, ROOM, ROOM], at the origin."""
    on_black = _drawn(thing, half, "white", outline, 0)
    cover = 1.0 - (_drawn(thing, half, "white", outline, 255) - on_black).mean(axis=2) / 255.0
    green = 1
    span = BODY["white"][green] - BODY["red"][green]
    body = (on_black - _drawn(thing, half, "red", outline, 0))[:, :, green] / span
    fixed = on_black - body[:, :, None] * PALETTE[COLOURS.index("white")]
    stack = np.concatenate([cover[None], body[None], fixed.transpose(2, 0, 1)])
    for axis in (1, 2):
        stack = np.sum([part * np.roll(stack, k - 1, axis) for k, part in enumerate(BLUR)], axis=0)
    centred = np.roll(stack, (-ROOM // 2, -ROOM // 2), axis=(1, 2)).astype(np.float32)
    return centred[0], centred[1], centred[2:]


def _spectrum(planes: Real) -> Complex:
    return np.asarray(np.fft.rfft2(planes), dtype=np.complex64)


def _windowed(spectrum: Complex) -> Real:
    """The part of correlations [..., y, x] where the centre of a thing may be."""
    plane = np.asarray(np.fft.irfft2(spectrum, (ROOM, ROOM)), dtype=np.float32)
    return plane[..., WINDOW_Y, WINDOW_X]


def _in_room(image: Real) -> Real:
    """[..., SIZE, SIZE] in the corner of an empty plane."""
    room = np.zeros((*image.shape[:-2], ROOM, ROOM), dtype=np.float32)
    room[..., :SIZE, :SIZE] = image
    return room


def _outline(by_night: bool) -> RGB:
    return OUTLINE_BY_NIGHT if by_night else OUTLINE_BY_DAY


@lru_cache(maxsize=4)
def _drawings(known: tuple[Drawing, ...], by_night: bool) -> Drawings:
    outline = _outline(by_night)
    layers = [_layers(thing, half, outline) for thing, half in known]
    cover, body = np.stack([one[0] for one in layers]), np.stack([one[1] for one in layers])
    fixed = np.stack([one[2] for one in layers])
    whole = _spectrum(_in_room(np.ones((SIZE, SIZE), dtype=np.float32)))

    def conjugated(planes: Real) -> Complex:
        return np.conj(_spectrum(planes))

    return Drawings(
        cover=conjugated(cover),
        cover_twice=conjugated(cover**2),
        fixed=conjugated(fixed),
        cover_fixed=conjugated(cover[:, None] * fixed),
        body=conjugated(body),
        cover_body=conjugated(cover * body),
        fixed_energy=_windowed(conjugated((fixed**2).sum(axis=1)) * whole),
        body_fixed=_windowed(conjugated(body[:, None] * fixed) * whole),
        body_energy=_windowed(conjugated(body**2) * whole),
    )


@lru_cache(maxsize=1)
def backdrops() -> Real:
    """Every backdrop without rain, snow and stars, float32 [backdrops, SIZE, SIZE, 3]."""
    pixels = SIZE * SUPERSAMPLING
    pictures = []
    for place, time, weather, side in BACKDROPS:
        canvas = still_part(place, time, weather, side, pixels).copy()
        if weather == "storm":
            unit = float(SUPERSAMPLING)
            bolt = [((side + x) * unit, (10.0 + y) * unit) for x, y in BOLT_SHAPE]
            ImageDraw.Draw(canvas).polygon(bolt, BOLT)
        pictures.append(_shrunk(canvas))
    return np.stack(pictures)


def _halved(pictures: Real) -> Real:
    """Pictures [..., SIZE, SIZE, 3] as planes [..., 3, SIZE // 2, SIZE // 2], of four each."""
    planes = np.moveaxis(pictures, -1, -3)
    rows = planes[..., ::2, :] + planes[..., 1::2, :]
    return np.asarray((rows[..., ::2] + rows[..., 1::2]) / 4.0, dtype=np.float32)


@lru_cache(maxsize=1)
def _halved_backdrops() -> Real:
    return np.ascontiguousarray(_halved(backdrops()))


def nearest_backdrop(picture: Real) -> int:
    """The index of the backdrop most similar to the picture [SIZE, SIZE, 3], whatever is in front
    of it."""
    error = np.abs(_halved_backdrops() - _halved(picture)).sum(axis=1)
    return int(np.minimum(error, CAP).mean(axis=(1, 2)).argmin())


def fit_things(picture: Real, backdrop: Real, known: tuple[Drawing, ...], *, by_night: bool) -> Fit:
    """Fit every known drawing over the backdrop to the picture; both float32 [SIZE, SIZE, 3]."""
    drawings = _drawings(known, by_night)
    behind = backdrop.transpose(2, 0, 1)
    rest = picture.transpose(2, 0, 1) - behind
    behind_s, rest_s = _spectrum(_in_room(behind)), _spectrum(_in_room(rest))
    product_s = _spectrum(_in_room((2.0 * rest * behind).sum(axis=0)))
    square_s = _spectrum(_in_room((behind**2).sum(axis=0)))
    flat = drawings.cover * product_s + drawings.cover_twice * square_s
    flat -= 2.0 * np.einsum("dcyx,cyx->dyx", drawings.fixed, rest_s)
    flat -= 2.0 * np.einsum("dcyx,cyx->dyx", drawings.cover_fixed, behind_s)
    constant = _windowed(flat) + drawings.fixed_energy
    pull = _windowed(drawings.body[:, None] * rest_s + drawings.cover_body[:, None] * behind_s)
    pull -= drawings.body_fixed
    energy = (PALETTE**2).sum(axis=1)
    error = constant[:, None] - 2.0 * np.einsum("kc,dcyx->dkyx", PALETTE, pull, optimize=True)
    error += energy[:, None, None] * drawings.body_energy[:, None]
    width = error.shape[-1]
    best = error.reshape(*error.shape[:2], -1).argmin(axis=2)
    lowest = np.take_along_axis(error.reshape(*error.shape[:2], -1), best[..., None], 2)[..., 0]
    centre = np.stack([best % width + WINDOW_X.start, best // width + WINDOW_Y.start], axis=2)
    return Fit(lowest, centre.astype(np.float32))


def best_of(error: Real) -> tuple[int, int]:
    """The drawing and the colour of the least error [drawings, colours]."""
    drawing, colour = np.unravel_index(int(error.argmin()), error.shape)
    return int(drawing), int(colour)


def painted(
    backdrop: Real, drawing: Drawing, colour: int, centre: tuple[int, int], *, by_night: bool
) -> Real:
    """The backdrop [SIZE, SIZE, 3] with a drawing in a colour of `COLOURS` at a pixel (x, y)."""
    cover, body, fixed = _layers(*drawing, _outline(by_night))
    ink = fixed + body * PALETTE[colour][:, None, None]
    x, y = centre
    moved = np.roll(np.concatenate([cover[None], ink]), (y, x), axis=(1, 2))[:, :SIZE, :SIZE]
    picture = backdrop * (1.0 - moved[0])[:, :, None] + moved[1:].transpose(1, 2, 0)
    return np.asarray(picture, dtype=np.float32)
