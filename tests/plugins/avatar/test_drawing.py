"""The rasteriser against Pillow's at sixteen times the size, and the face's own looks."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from plugins.avatar.artwork import Float, artwork
from plugins.avatar.drawing import Painter, areas

SIDE = 64
FINE = 16


def by_pillow(outlines: list[Float]) -> NDArray[np.float64]:
    """What outlines cover, the second cut out of the first."""
    whole = np.zeros((SIDE, SIDE))
    for index, outline in enumerate(outlines):
        large = Image.new("L", (SIDE * FINE, SIDE * FINE))
        ImageDraw.Draw(large).polygon(((outline * FINE) - 0.5).ravel().tolist(), fill=255)
        share = np.asarray(large, np.float64).reshape(SIDE, FINE, SIDE, FINE).mean(axis=(1, 3))
        whole += share if index == 0 else -share
    return np.clip(whole, 0, 255)


def by_areas(outlines: list[Float]) -> NDArray[np.float64]:
    found = areas(outlines, SIDE, [0] * len(outlines))[0]
    whole = np.zeros((SIDE, SIDE))
    height, width = found.share.shape
    part = found.share[:, : SIDE - found.left]
    whole[found.top : found.top + height, found.left : found.left + width] = part
    return whole


def ring(x: float, y: float, radius: float, *, back: bool = False) -> Float:
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    line = np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], axis=1)
    return line[::-1] if back else line


@pytest.mark.parametrize(
    "outlines",
    [
        [ring(30.3, 31.7, 20.2)],
        [ring(2, 60, 14)],
        [ring(60.5, 3.2, 14)],
        [ring(32, 32, 80)],
        [ring(30, 30, 20), ring(33, 31, 8.5, back=True)],
        [np.array([[5.2, 5.1], [58.4, 9.7], [20.3, 55.5]])],
        [np.array([[10.0, 10.0], [50.0, 10.0], [50.0, 40.0], [10.0, 40.0]])],
        [np.array([[3.25, 7.5], [60.0, 7.5], [60.0, 8.0], [3.25, 8.0]])],
    ],
    ids=["disc", "left edge", "corner", "beyond", "hole", "triangle", "square", "hairline"],
)
def test_areas_cover_what_pillow_covers_when_it_draws_larger(outlines: list[Float]) -> None:
    difference = np.abs(by_areas(outlines) - by_pillow(outlines))

    assert difference.max() < 40  # one of the four lines of a pixel, at flat edges
    assert difference.mean() < 1


def test_an_area_without_extent_or_outside_covers_nothing() -> None:
    outlines = [np.full((8, 2), 20.0), ring(-90, 20, 10), ring(20, 900, 10), ring(20, 20, 5)]

    found = areas(outlines, SIDE)

    assert [bool(one.share.any()) for one in found] == [False, False, False, True]


@pytest.mark.parametrize("kind", ["poses", "looks"])
def test_every_viseme_and_every_look_is_a_picture_of_its_own(kind: str) -> None:
    painter = Painter(artwork(), 128, "light")
    poses = getattr(artwork(), kind)
    pictures = {n: np.asarray(painter.draw(pose)).astype(int) for n, pose in poses.items()}

    for one, other in itertools.combinations(pictures, 2):
        changed = (np.abs(pictures[one] - pictures[other]).max(axis=2) > 40).sum()
        assert changed > 10, (one, other)


def test_shut_lids_hide_the_eyes_and_a_shut_mouth_its_inside() -> None:
    painter = Painter(artwork(), 256, "light")
    shut = np.asarray(painter.draw({"lid": 1.0})).astype(int)
    eyes = shut[95:135, 80:176]

    assert (np.abs(eyes - (0x5A, 0x3A, 0x26)).sum(axis=2) < 30).sum() < 12
    assert (np.abs(eyes - (0xFF, 0xFD, 0xF8)).sum(axis=2) < 30).sum() < 12


def test_nothing_of_the_mouth_shows_outside_its_lips() -> None:
    painter = Painter(artwork(), 256, "light")
    for pose in artwork().poses.values():
        picture = np.asarray(painter.draw(pose)).astype(int)
        teeth = np.abs(picture - (0xFF, 0xFB, 0xF3)).sum(axis=2) < 12
        teeth[:, :90], teeth[:, 166:], teeth[:140], teeth[200:] = False, False, False, False
        rows, columns = np.nonzero(teeth)
        for row, column in zip(rows, columns, strict=True):
            above = picture[max(row - 22, 0) : row, column]
            assert (np.abs(above - (0xC9, 0x6F, 0x65)).sum(axis=1) < 90).any()


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("side", [32, 100, 777])
def test_it_is_the_same_face_at_every_size(side: int, ground: str) -> None:
    large = Painter(artwork(), 512, ground).draw({"open": 20}).resize((side, side))

    drawn = Painter(artwork(), side, ground).draw({"open": 20})

    difference = np.abs(np.asarray(drawn).astype(int) - np.asarray(large).astype(int))
    assert difference.mean() < (4 if side < 64 else 2)
