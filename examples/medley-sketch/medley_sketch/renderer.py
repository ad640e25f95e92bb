"""Renderer `sketch.svg`: one figure drawn by hand.

Knows Medley's plugin contract; knows no language model and no torch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from medley_sketch import words
from plugins.api import (
    Artifact,
    Condition,
    Float32,
    Parameter,
    ParameterValue,
    Recipe,
    Renderer,
    Stage,
    check_parameters,
)
from plugins.errors import KnownError
from plugins.media_files import recipe_element

COLOURS = {
    "red": "#d62828", "orange": "#f3722c", "yellow": "#f9c74f", "green": "#43aa3c",
    "blue": "#277da1", "purple": "#7b2cbf", "brown": "#7f5539", "black": "#222222",
}  # fmt: skip
RADIUS = {"small": 0.1, "medium": 0.18, "big": 0.28}
"""Of the paper's side."""
CENTRE = {
    "left": (0.3, 0.5), "right": (0.7, 0.5), "top": (0.5, 0.3), "bottom": (0.5, 0.7),
    "middle": (0.5, 0.5),
}  # fmt: skip
"""Of the paper's side, from the left and from the top."""
POINTS_A_SIDE = 12
CORNERS = {"circle": 60, "square": 4, "triangle": 3, "star": 10}


class SketchRenderer(Renderer):
    """[4, 16] or a caption -> SVG."""

    id = "sketch.svg"
    version = "1"
    modality = "sketch"
    parameters = (
        Parameter("side", "int", 256, "Width and height of the paper", 32, 4096, unit="px"),
        Parameter("wobble", "float", 0.3, "How unsteady the hand is", 0.0, 1.0),
    )

    def render(
        self, condition: Condition, parameters: Mapping[str, ParameterValue], stage: Stage
    ) -> Artifact:
        """Draw what the condition says; the seed moves the hand."""
        values = check_parameters(self.parameters, parameters)
        stage.progress(0, 1)
        wish = words.read(self._embedding(condition))
        side = int(values["side"])
        rng = np.random.default_rng(stage.seed)
        outline = draw(wish, float(values["wobble"]), rng) * side
        recipe = Recipe(
            self.id, self.version, self.modality, self.decoder.bundle, condition, values, stage.seed
        )
        data = svg(outline, COLOURS[wish["colour"]], side, recipe_element(recipe)).encode()
        stage.progress(1, 1)
        return Artifact(
            modality=self.modality, mime="image/svg+xml", data=data, extension=".svg",
            recipe=recipe, width=side, height=side,
        )  # fmt: skip

    def condition_targets(self, captions: Sequence[str]) -> Float32:
        """[len(captions), 4, 16]."""
        return words.encode(captions)

    def _embedding(self, condition: Condition) -> Float32:
        if condition.caption is not None:
            return words.encode([condition.caption])[0]
        embedding = np.asarray(condition.embeds, dtype=np.float32)
        if embedding.shape != words.SHAPE or not np.isfinite(embedding).all():
            raise KnownError(
                f"{self.id}: expected a condition of {list(words.SHAPE)} finite numbers, found "
                f"shape {list(embedding.shape)}; use a projection made for this renderer."
            )
        return embedding


def draw(wish: Mapping[str, str], wobble: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """[n, 2]: the outline on a paper of side 1, x to the right and y down."""
    count = CORNERS[wish["shape"]]
    angles = 2 * math.pi * np.arange(count) / count - math.pi / 2
    if wish["shape"] == "square":
        angles += math.pi / 4
    reach = np.ones(count)
    if wish["shape"] == "star":
        reach[1::2] = 0.42
    corners = np.stack([np.cos(angles), np.sin(angles)], axis=1) * reach[:, None]
    outline = _sides(corners) if count < CORNERS["circle"] else corners
    shaken = outline * (1 + 0.02 * wobble * rng.standard_normal((len(outline), 1)))
    return np.array(CENTRE[wish["place"]]) + RADIUS[wish["size"]] * shaken


def svg(outline: NDArray[np.float64], colour: str, side: int, metadata: str) -> str:
    """The file's text."""
    points = " L ".join(f"{x:.2f} {y:.2f}" for x, y in outline)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" '
        f'viewBox="0 0 {side} {side}">\n{metadata}\n'
        f'<rect width="100%" height="100%" fill="#fffdf5"/>\n'
        f'<path d="M {points} Z" fill="{colour}" stroke="#333333" stroke-width="{side / 128:g}" '
        'stroke-linejoin="round"/>\n</svg>\n'
    )


def _sides(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """More points along each side, so that the hand can shake on the way."""
    along = np.linspace(0, 1, POINTS_A_SIDE, endpoint=False)[None, :, None]
    following = np.roll(corners, -1, axis=0)[:, None]
    return (corners[:, None] * (1 - along) + following * along).reshape(-1, 2)
