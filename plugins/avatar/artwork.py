"""The face as numbers: every outline's points follow linearly from a pose's channels.

Reads `artwork.js`, which the window draws from as well. Knows no pixels and no time.

Legend: A anchors of an outline, C channels, P points of all outlines together.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Pose = Mapping[str, float]
"""A number for each channel that is not at rest."""
STEPS = 8
"""Points from one anchor to the next."""
MIRRORED = "-mirrored"
_ROUND = [(math.cos(k * math.pi / 4), math.sin(k * math.pi / 4)) for k in range(8)]


@dataclass(frozen=True)
class Shape:
    """One area of one colour."""

    name: str
    colour: str
    outlines: tuple[slice, ...]
    """Of the points: its outline, and what is cut out of it."""
    inside: str
    """The shape that clips it; empty for none."""
    head: bool
    """Whether it moves; the body is still."""


class Artwork:
    """All shapes, from the back to the front."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        """`description` is what stands in `artwork.js`."""
        self.canvas = float(description["canvas"])
        self.colours: dict[str, str] = description["colours"]
        self.grounds: dict[str, dict[str, str]] = description["grounds"]
        self.channels: tuple[str, ...] = tuple(description["channels"])
        self.poses: dict[str, dict[str, float]] = description["poses"]
        self.firm: dict[str, float] = description["firm"]
        self.seen: dict[str, float] = description["seen"]
        self.looks: dict[str, dict[str, float]] = description["looks"]
        self.motion: dict[str, Any] = description["motion"]
        self._pivot = np.array(description["pivot"], np.float64)
        both = [half for shape in description["shapes"] for half in _halves(shape, description)]
        parts = [part for shape in both for part in _parts(shape, self.channels)]
        ends = np.cumsum([part.shape[1] for part in parts]).tolist()
        lines = iter([slice(e - p.shape[1], e) for e, p in zip(ends, parts, strict=True)])
        self.shapes = tuple(_shape(shape, lines) for shape in both)
        self._points = np.concatenate(parts, axis=1)
        self._head = np.zeros(ends[-1], bool)
        for line in (line for shape in self.shapes if shape.head for line in shape.outlines):
            self._head[line] = True

    def points(self, pose: Pose) -> Float:
        """[P, 2]: where every outline runs in this pose, on the canvas of the description."""
        numbers = np.array([1.0, *(pose.get(name, 0.0) for name in self.channels)])
        points: Float = np.tensordot(numbers, self._points, 1)
        angle = math.radians(pose.get("tilt", 0.0))
        turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
        head = self._head
        points[head] = (points[head] - self._pivot) @ turn + self._pivot
        return points


@cache
def artwork() -> Artwork:
    """The face that Medley brings."""
    text = resources.files("plugins.avatar").joinpath("artwork.js").read_text("utf-8")
    return Artwork(json.loads(text[text.index("var face = ") + 11 : text.rindex(";")]))


def _halves(shape: dict[str, Any], description: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The shape, and its other side where it has one."""
    if not shape.get("mirror"):
        return [shape]
    other = shape | {"name": shape["name"] + MIRRORED, "flip": True}
    other["sideways"], other["omit"] = description["sideways"], description["one_sided"]
    if "inside" in shape:
        other["inside"] = shape["inside"] + MIRRORED
    return [shape, other | {"width": description["canvas"]}]


def _outlines(shape: Mapping[str, Any]) -> list[list[Any]]:
    if "oval" in shape:
        x, y, half_width, half_height, *rest = shape["oval"]
        moves = rest[0] if rest else {}
        return [[_on_oval(c, s, (x, y, half_width, half_height), moves) for c, s in _ROUND]]
    return [shape["through"], shape["hole"]] if "hole" in shape else [shape["through"]]


def _on_oval(cos: float, sin: float, oval: Sequence[float], moves: Mapping[str, Any]) -> list[Any]:
    x, y, half_width, half_height = oval
    shifts = {n: [dx + cos * dw, dy + sin * dh] for n, (dx, dy, dw, dh) in moves.items()}
    return [x + cos * half_width, y + sin * half_height, shifts]


def _parts(shape: Mapping[str, Any], channels: Sequence[str]) -> list[Float]:
    """[1 + C, points, 2] for each outline: where it is at rest, and how a channel moves it."""
    sharps = [shape.get("sharp", []), []]
    return [
        np.einsum("pa,cad->cpd", _smooth(len(line), sharp), _anchors(shape, line, channels))
        for line, sharp in zip(_outlines(shape), sharps, strict=False)
    ]


def _shape(description: Mapping[str, Any], lines: Iterator[slice]) -> Shape:
    outlines = tuple(next(lines) for _ in _outlines(description))
    inside, head = description.get("inside", ""), description.get("head", False)
    return Shape(description["name"], description["colour"], outlines, inside, head)


def _anchors(shape: Mapping[str, Any], line: Sequence[Any], channels: Sequence[str]) -> Float:
    """[1 + C, A, 2]."""
    found = np.zeros((1 + len(channels), len(line), 2))
    for index, (x, y, *moves) in enumerate(line):
        found[0, index] = x, y
        for name, shift in (moves[0] if moves else {}).items():
            found[1 + channels.index(name), index] += shift
    for name, shift in _carried(shape).items():
        found[1 + channels.index(name)] += shift
    return _flipped(found, shape, channels) if shape.get("flip") else found


def _carried(shape: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    """How the head's movement carries all anchors."""
    own = dict(shape.get("moves", {}))
    if not shape.get("head"):
        return own
    depth = shape["depth"]
    head: dict[str, Sequence[float]] = {
        "turn": [depth, 0], "nod": [0, depth], "sway": [1, 0], "rise": [0, -1],
    }  # fmt: skip
    return head | own


def _flipped(found: Float, shape: Mapping[str, Any], channels: Sequence[str]) -> Float:
    found[0, :, 0] = shape["width"] - found[0, :, 0]
    for index, name in enumerate(channels, 1):
        if name in shape["omit"]:
            found[index] = 0
        elif name not in shape["sideways"]:
            found[index, :, 0] *= -1
    return found


@cache
def _rows(steps: int) -> Float:
    """[steps, 4]: weights of a cubic's end, handle, handle, end along its way."""
    t = np.arange(steps)[:, None] / steps
    return np.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])


def _smooth(count: int, sharp: Sequence[int]) -> Float:
    """[points, A]: weights of the anchors in a closed Catmull-Rom line through them."""
    here = np.eye(count)
    tangent = (np.roll(here, 1, axis=1) - np.roll(here, -1, axis=1)) / 6
    tangent[list(sharp)] = 0
    following, next_tangent = np.roll(here, 1, axis=1), np.roll(tangent, -1, axis=0)
    corners = np.stack([here, here + tangent, following - next_tangent, following])
    found: Float = np.einsum("sk,kia->isa", _rows(STEPS), corners).reshape(-1, count)
    return found
