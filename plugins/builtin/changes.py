"""A picture that is to be changed: as a whole, or within an area.

Knows pixels and the classes of diffusers that change pictures; loads nothing.

Legend: H, W pixels.
"""

from __future__ import annotations

import inspect
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from plugins.api import Condition
from plugins.builtin import loading
from plugins.errors import KnownError, UnreadableError, phrase
from plugins.picture_files import decode
from plugins.pipelines import Pipeline


@dataclass(frozen=True)
class Change:
    """A picture and where it is to be changed, as large as what will be made."""

    name: str
    """Of the class that changes it."""
    picture: Image.Image
    area: Image.Image | None
    """White where it is to be changed; None: everywhere."""

    def arguments(self, strength: float, sized: dict[str, Any]) -> dict[str, Any]:
        """The arguments of the class's call.

        Args:
            strength: how much is made anew, above 0 and at most 1.
            sized: the arguments for width and height, of which it may take none.
        """
        taken = inspect.signature(loading.pipeline_class(self.name).__call__).parameters
        given = {"image": self.picture, "strength": strength, **sized}
        if self.area is not None:
            given["mask_image"] = self.area
        return {key: value for key, value in given.items() if key in taken}

    def kept(self, made: NDArray[Any]) -> NDArray[Any]:
        """[H, W, 3] in 0..1 with the picture itself where it was to stay."""
        if self.area is None:
            return made
        share = np.asarray(self.area, dtype=np.float32)[..., None] / 255.0
        before = np.asarray(self.picture, dtype=np.float32) / 255.0
        mixed: NDArray[Any] = made * share + before * (1.0 - share)
        return mixed


def change_of(condition: Condition, row: Pipeline, width: int, height: int) -> Change | None:
    """The picture of a condition, cut to what is to be made; None where it has none.

    Raises:
        KnownError: nothing of that pipeline's components changes pictures, or a file is none.
    """
    if condition.picture is None:
        return None
    whole, within = row.changes
    name = whole if condition.area is None else within
    if not name:
        raise KnownError(
            "{pipeline}: expected to make something new, found a picture to change{where}, "
            "which it cannot do. Choose a Stable Diffusion decoder, or leave the picture out.",
            pipeline=row.name,
            where="" if condition.area is None else phrase(" within an area"),
        )
    picture = _fitted(condition.picture, width, height)
    area = None if condition.area is None else _fitted(condition.area, width, height).convert("L")
    return Change(name, picture, area)


def _fitted(file: bytes, width: int, height: int) -> Image.Image:
    try:
        picture = decode(io.BytesIO(file), max(width, height))
    except UnreadableError as error:
        raise KnownError(
            "expected a picture to change, found {found} {advice}",
            found=error.found,
            advice=error.advice,
        ) from error
    return ImageOps.fit(picture.convert("RGB"), (width, height))
