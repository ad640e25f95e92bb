"""Reads pictures from users' files. Knows their content by signatures, and arrays.

Legend: H, V height and width in pixels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from plugins.errors import phrase
from plugins.picture_files import FORMATS, PictureError, decode
from runtime.media.files import MediaPath, open_medium, unusable
from runtime.media.sniff import content_of, describe


def read_image(path: MediaPath) -> NDArray[np.uint8]:
    """uint8 [H, V, 3], upright, transparency on white; the first picture of an animation.

    Pictures whose shorter side is over 2,048 pixels come reduced by a whole factor.

    Raises:
        KnownError: no such file, not a picture, broken, or too large to decode safely.
    """
    with open_medium(path, "image") as file:
        content = content_of(file)
        if content.format not in FORMATS:
            raise unusable(
                path,
                "image",
                describe(content),
                phrase("Medley reads {formats}.", formats=", ".join(FORMATS)),
            )
        try:
            return np.array(decode(file))
        except PictureError as error:
            raise unusable(path, "image", error.found, error.advice) from error
