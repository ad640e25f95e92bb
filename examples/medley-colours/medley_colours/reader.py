"""Says which colours fill most of a picture. Knows no model: confidence is a share of pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from plugins.api import Observation, Reader, Stage
from plugins.errors import KnownError

COLOURS = {
    "black": (0, 0, 0), "white": (255, 255, 255), "grey": (128, 128, 128), "red": (200, 40, 40),
    "green": (40, 150, 60), "blue": (40, 80, 200), "yellow": (230, 200, 50),
}  # fmt: skip
_SIDE = 64
"""Pixels; a smaller copy of the picture is looked at."""
_LEAST = 0.2
"""Share of the picture that a colour fills to be named."""


class ColourReader(Reader):
    """The colours of a picture as labels, the largest first."""

    id = "colours.shares"
    version = "1.0.0"
    modalities = ("image",)

    def read(self, path: Path, modality: str, stage: Stage) -> list[Observation]:
        """One label for each colour that fills a fifth of the picture or more.

        Raises:
            KnownError: the file is no picture that can be decoded.
        """
        try:
            with Image.open(path) as image:
                small = image.convert("RGB").resize((_SIDE, _SIDE))
        except (OSError, ValueError) as error:
            raise KnownError(f"{path.name}: its colours cannot be seen ({error}).") from error
        stage.progress(1, 2)
        pixels = np.asarray(small, dtype=np.int32).reshape(-1, 1, 3)  # [P, 1, 3]
        centres = np.array(list(COLOURS.values()), dtype=np.int32)  # [C, 3]
        nearest = ((pixels - centres) ** 2).sum(axis=2).argmin(axis=1)  # [P]
        shares = np.bincount(nearest, minlength=len(COLOURS)) / len(pixels)
        stage.progress(2, 2)
        return [
            Observation("label", f"{name} picture", float(share), source=self.id)
            for share, name in sorted(zip(shares, COLOURS, strict=True), reverse=True)
            if share >= _LEAST
        ]
