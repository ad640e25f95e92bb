"""Pixels of a face: outlines filled with smooth edges.

An own small rasteriser: Pillow draws polygons on whole pixels, which makes slow movement tremble,
and drawing larger to shrink afterwards takes several times as long.

Legend: S side of the picture in pixels, P points of all outlines, A areas, K places where outlines
cross lines, H, W pixels of one area.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from plugins.avatar.artwork import Artwork, Float, Pose, Shape

Integers = NDArray[np.int64]
LINES = 4
"""Lines a pixel is looked at along."""


@dataclass(frozen=True)
class Covered:
    """How much of each pixel an area covers, in the rectangle around it."""

    top: int
    left: int
    share: NDArray[np.uint8]
    """[H, W], 0 to 255."""

    def within(self, other: Covered) -> Covered:
        """What lies in the other area too."""
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom = min(self.top + self.share.shape[0], other.top + other.share.shape[0])
        right = min(self.left + self.share.shape[1], other.left + other.share.shape[1])
        if bottom <= top or right <= left:
            return Covered(0, 0, np.zeros((0, 0), np.uint8))
        place = (top, left, bottom, right)
        both = self._cut(*place).astype(np.uint16) * other._cut(*place)
        return Covered(top, left, (both // 255).astype(np.uint8))

    def _cut(self, top: int, left: int, bottom: int, right: int) -> NDArray[np.uint8]:
        return self.share[top - self.top : bottom - self.top, left - self.left : right - self.left]


class Painter:
    """Draws one artwork at one size."""

    def __init__(self, artwork: Artwork, side: int, ground: str) -> None:
        """`side` is S; `ground` is `light` or `dark`."""
        self._artwork, self._side = artwork, side
        self._clips = {shape.inside for shape in artwork.shapes}
        looks = artwork.grounds[ground]
        self._ground = Image.new("RGB", (side, side), looks["ground"])
        around = np.linspace(0, 2 * np.pi, 256, endpoint=False)
        disc = (0.5 + 0.47 * np.stack([np.cos(around), np.sin(around)], axis=1)) * side
        _paint(self._ground, areas([disc], side)[0], looks["disc"])
        self._moving = tuple(shape for shape in artwork.shapes if shape.head)
        still = [shape for shape in artwork.shapes if not shape.head]
        self._draw(self._ground, {}, still)

    def draw(self, pose: Pose) -> Image.Image:
        """S x S, in colour."""
        picture = self._ground.copy()
        self._draw(picture, pose, self._moving)
        return picture

    def _draw(self, picture: Image.Image, pose: Pose, shapes: Sequence[Shape]) -> None:
        points = self._artwork.points(pose) * (self._side / self._artwork.canvas)
        outlines = [line for shape in shapes for line in shape.outlines]
        owners = [index for index, shape in enumerate(shapes) for _ in shape.outlines]
        found = areas([points[line] for line in outlines], self._side, owners)
        clips: dict[str, Covered] = {}
        for shape, covered in zip(shapes, found, strict=True):
            seen = covered.within(clips[shape.inside]) if shape.inside else covered
            if shape.name in self._clips:
                clips[shape.name] = seen
            _paint(picture, seen, self._artwork.colours[shape.colour])


def areas(
    outlines: Sequence[Float], side: int, owners: Sequence[int] | None = None
) -> list[Covered]:
    """What closed outlines, each [P, 2], cover of a picture of S x S.

    Args:
        outlines: in pixels.
        side: S.
        owners: to which area each outline belongs, counted from 0 and in order; by default each
            is one. A second outline that runs the other way round cuts out.
    """
    whose = np.asarray(range(len(outlines)) if owners is None else owners)
    count = int(whose[-1]) + 1
    start = np.concatenate(outlines)
    end = np.concatenate([np.concatenate([line[1:], line[:1]]) for line in outlines])
    edge, line, x, way = _crossings(start, end, side)
    owner = np.repeat(whose, [len(outline) for outline in outlines])[edge]
    top, bottom = _limits(line // LINES, owner, count)
    left, right = _limits(x.astype(np.int64), owner, count)
    height, width = bottom - top + 1, right - left + 3
    ends = np.cumsum(height * width)
    column = x.astype(np.int64)
    place = (ends - height * width - left - top * width)[owner]
    place += line // LINES * width[owner] + column
    after = way * (x - column)
    # Along every line the steps of closed outlines add up to nothing, so that one sum over all
    # areas, one behind the other, serves each of them.
    steps = np.bincount(
        np.concatenate([place, place + 1]), np.concatenate([way - after, after]), ends[-1]
    )
    np.cumsum(steps, out=steps)
    np.abs(steps, out=steps)
    np.minimum(steps, 255, out=steps)
    parts = np.split((steps + 0.5).astype(np.uint8), ends[:-1])
    return [
        Covered(int(t), int(x), part.reshape(h, w))
        for t, x, h, w, part in zip(top, left, height, width, parts, strict=True)
    ]


def _limits(numbers: Integers, owner: Integers, count: int) -> tuple[Integers, Integers]:
    """[A] each: the least and the greatest number of every area; 0 and -1 where it has none."""
    low, high = np.zeros(count, np.int64), np.full(count, -1)
    there, first = np.unique(owner, return_index=True)
    if len(there):
        low[there] = np.minimum.reduceat(numbers, first)
        high[there] = np.maximum.reduceat(numbers, first)
    return low, high


def _crossings(start: Float, end: Float, side: int) -> tuple[Integers, Integers, Float, Float]:
    """[K] each: which edge crosses, which line, where in x, and whether downwards (positive)."""
    y, run = start[:, 1] * LINES - 0.5, (end[:, 1] - start[:, 1]) * LINES
    bounds = np.clip(np.ceil(np.stack([y, y + run])), 0, side * LINES).astype(np.int64)
    first = bounds.min(axis=0)
    counts = bounds.max(axis=0) - first
    edge = np.repeat(np.arange(len(start)), counts)
    line = np.arange(len(edge)) + (first - np.cumsum(counts) + counts)[edge]
    slope = (end[:, 0] - start[:, 0]) / np.where(run == 0, 1, run)
    x = start[edge, 0] + (line - y[edge]) * slope[edge]
    way = np.where(run > 0, 255 / LINES, -255 / LINES)[edge]
    return edge, line, np.clip(x, 0, side), way


def _paint(picture: Image.Image, covered: Covered, colour: str) -> None:
    height, width = covered.share.shape
    if height and width:
        mask = Image.frombuffer("L", (width, height), covered.share.tobytes(), "raw", "L", 0, 1)
        picture.paste(colour, (covered.left, covered.top), mask)
