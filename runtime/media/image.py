"""Reads pictures. Knows Pillow and arrays.

Legend: H, V height and width in pixels.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from io import BufferedReader

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from runtime.media.files import MediaPath, open_medium, unusable
from runtime.media.sniff import content_of, described

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
MAX_PIXELS = 64_000_000
"""Of a picture once decoded: at most some hundred megabytes while it is being read."""
MAX_JPEG_PIXELS = 170_000_000
"""Of a baseline JPEG, which can be decoded at a fraction of its size."""
_JPEG = ("JPEG", "MPO")
"""MPO is several JPEG pictures in one file, as some cameras write it; the first is read."""
_ENOUGH = 1024
"""Pixels of the shorter side that are kept; larger pictures are reduced by whole factors."""

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    struct.error,
    zlib.error,
    MemoryError,
)
"""What Pillow's decoders raise on broken files."""


def read_image(path: MediaPath) -> NDArray[np.uint8]:
    """uint8 [H, V, 3], upright, transparency on white; the first picture of an animation.

    Pictures whose shorter side is over 2,048 pixels come reduced by a whole factor.

    Raises:
        KnownError: no such file, not a picture, broken, or too large to decode safely.
    """
    with open_medium(path, "image") as file:
        content = content_of(file)
        if content.format not in FORMATS:
            raise unusable(path, "image", described(content), f"Medley reads {', '.join(FORMATS)}.")
        try:
            return np.array(_decode(file, path))
        except Image.DecompressionBombError as error:
            limit = MAX_JPEG_PIXELS if content.format == "JPEG" else MAX_PIXELS
            raise unusable(path, "image", "far more pixels than that", _limit(limit)) from error
        except _BROKEN as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else "broken"
            raise unusable(path, "image", f"a file that cannot be decoded ({reason})") from error


def _decode(file: BufferedReader, path: MediaPath) -> Image.Image:
    with warnings.catch_warnings():
        # The limits below are stricter than the ones Pillow warns about.
        warnings.simplefilter("ignore")
        image: Image.Image
        with Image.open(file, formats=FORMATS) as image:
            _check_size(image, path)
            if image.format in _JPEG:
                image.draft(None, (_ENOUGH, _ENOUGH))
            _check_size(image, path, MAX_PIXELS)
            image.load()
            reduced = _reduce(image)
            return _on_white(_to_8_bit(_upright(reduced)))


def _check_size(image: Image.Image, path: MediaPath, limit: int | None = None) -> None:
    """Before anything is decoded."""
    if limit is None:
        baseline = image.format in _JPEG and not image.info.get("progressive")
        limit = MAX_JPEG_PIXELS if baseline else MAX_PIXELS
    width, height = image.size
    if width * height > limit:
        raise unusable(path, "image", f"{width} x {height} pixels", _limit(limit))


def _limit(pixels: int) -> str:
    return f"At most {pixels // 1_000_000} million pixels are read: make it smaller first."


def _reduce(image: Image.Image) -> Image.Image:
    """By a whole factor, so that the shorter side keeps at least `_ENOUGH` pixels."""
    factor = min(image.size) // _ENOUGH
    if factor < 2:
        return image
    if image.mode in ("P", "PA", "1"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    exif = image.info.get("exif")
    reduced = image.reduce(factor)
    if exif:
        reduced.info["exif"] = exif
    return reduced


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held; a broken note about that is ignored."""
    try:
        return ImageOps.exif_transpose(image)
    except _BROKEN:
        return image


def _to_8_bit(image: Image.Image) -> Image.Image:
    """16 bits a pixel are divided; 32 bits and fractions are stretched from least to most."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image).astype(np.uint32) // 257).astype(np.uint8))
    if image.mode not in ("I", "F"):
        return image
    values = np.nan_to_num(np.asarray(image).astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    scale = 255.0 / (high - low) if high > low else 0.0
    return Image.fromarray(((values - low) * scale).astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    if "transparency" not in image.info and not image.mode.endswith(("A", "a")):
        return image.convert("RGB")
    clear = image.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(white, clear).convert("RGB")
