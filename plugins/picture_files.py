"""Decodes picture files into upright RGB, transparency on white. Files are untrusted.

Bounded in pixels before anything is decoded. Knows Pillow, and libheif for HEIC; no paths.
"""

from __future__ import annotations

import math
import struct
import warnings
import zlib
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.AvifImagePlugin import AvifImageFile

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "HEIC")
MAX_PIXELS = 64_000_000
"""Of a picture once decoded: at most some hundred megabytes while it is being read."""
MAX_JPEG_PIXELS = 170_000_000
"""Of a baseline JPEG, which can be decoded at a fraction of its size."""
ENOUGH = 1024
"""Pixels of the shorter side that are kept unless more are asked for."""
_MOST_KEPT = 16_000_000
"""Pixels that are kept of a picture that is very long and thin."""
_ORIENTATION, _TURNED = 0x0112, 5
"""EXIF's tag for how a picture is turned, and the value from which on it lies on its side."""
_JPEG = ("JPEG", "MPO")
"""MPO is several JPEG pictures in one file, as some cameras write it; the first is read."""

_AVIF = frozenset((b"avif", b"avis"))
_HEVC = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_EITHER = frozenset((b"mif1", b"msf1", b"miaf", b"MA1A", b"MA1B", b"avio"))
"""Main brands that say "a picture" and not how it is coded."""

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
    MemoryError,
)
"""What the decoders raise on broken files."""


class PictureError(Exception):
    """A picture that cannot be decoded: what was found, and what the person can do."""

    def __init__(self, found: str, advice: str = "Choose another file.") -> None:
        super().__init__(found)
        self.found = found
        self.advice = advice


def still_format(head: bytes) -> str | None:
    """`AVIF` or `HEIC` for the first bytes of a file of the MP4 family that holds pictures; None
    for any other file."""
    main = head[8:12]
    if head[4:8] != b"ftyp" or main not in _AVIF | _HEVC | _EITHER:
        return None
    if main in _HEVC:
        return "HEIC"
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {main} | {head[at : at + 4] for at in range(16, end, 4)}
    return "AVIF" if brands & _AVIF else "HEIC"


def decode(file: BinaryIO, enough: int = ENOUGH) -> Image.Image:
    """The picture of an open file in RGB, upright, transparency on white; of an animation the
    first. Larger ones come reduced by a whole factor that leaves `enough` pixels or more of the
    shorter side.

    Raises:
        PictureError: not a picture, broken, or too large to be decoded safely.
    """
    try:
        with warnings.catch_warnings():
            # The limits here are stricter than the ones Pillow warns about.
            warnings.simplefilter("ignore")
            with _opened(file) as image:
                _check_size(image)
                if image.format in _JPEG:
                    image.draft(None, (enough, enough))
                _check_size(image, MAX_PIXELS)
                image.load()
                return _on_white(_upright(_reduce(_to_8_bit(image), enough)))
    except Image.DecompressionBombError as error:
        raise PictureError("far more pixels than can be read", _limit(MAX_PIXELS)) from error
    except UnidentifiedImageError as error:
        raise PictureError("a file that cannot be decoded (its beginning is broken)") from error
    except _BROKEN as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "broken"
        raise PictureError(f"a file that cannot be decoded ({reason})") from error


def upright_size(file: BinaryIO) -> tuple[int, int]:
    """Width and height in pixels of an open file's picture as a viewer shows it; nothing is
    decoded.

    Raises:
        PictureError: not a picture, or broken.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _opened(file) as image:
                width, height = image.size
                orientation = image.getexif().get(_ORIENTATION, 1)
    except _BROKEN as error:
        raise PictureError(f"a file that cannot be decoded ({type(error).__name__})") from error
    return (height, width) if orientation >= _TURNED else (width, height)


def _opened(file: BinaryIO) -> Image.Image:
    file.seek(0)
    kind = still_format(file.read(256))
    file.seek(0)
    if kind == "AVIF":
        # Directly: Pillow does not take every main brand of such a file for its own.
        return AvifImageFile(file)
    if kind == "HEIC":
        import pi_heif

        picture: Image.Image = pi_heif.HeifImageFile(file)
        return picture
    return Image.open(file, formats=FORMATS[:6])


def _check_size(image: Image.Image, limit: int | None = None) -> None:
    """Before anything is decoded."""
    if limit is None:
        baseline = image.format in _JPEG and not image.info.get("progressive")
        limit = MAX_JPEG_PIXELS if baseline else MAX_PIXELS
    width, height = image.size
    if width * height > limit:
        raise PictureError(f"{width} x {height} pixels", _limit(limit))


def _limit(pixels: int) -> str:
    return f"At most {pixels // 1_000_000} million pixels are read: make it smaller first."


def _to_8_bit(image: Image.Image) -> Image.Image:
    """16 bits a pixel are divided; 32 bits and fractions are stretched from least to most."""
    if image.mode.startswith("I;16"):
        pixels = Image.fromarray((np.asarray(image) // np.uint16(257)).astype(np.uint8))
    elif image.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(image, dtype=np.float32), posinf=0.0, neginf=0.0)
        low, high = float(values.min()), float(values.max())
        scale = 255.0 / (high - low) if high > low else 0.0
        pixels = Image.fromarray(((values - low) * scale).astype(np.uint8))
    elif image.mode in ("P", "PA", "1"):
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    else:
        return image
    if exif := image.info.get("exif"):
        pixels.info["exif"] = exif
    return pixels


def _reduce(image: Image.Image, enough: int) -> Image.Image:
    """By a whole factor, so that the shorter side keeps at least `enough` pixels."""
    width, height = image.size
    factor = max(min(image.size) // enough, math.ceil(math.sqrt(width * height / _MOST_KEPT)))
    factor = min(factor, min(image.size))
    if factor < 2:
        return image
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


def _on_white(image: Image.Image) -> Image.Image:
    if "transparency" not in image.info and not image.mode.endswith(("A", "a")):
        return image.convert("RGB")
    clear = image.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(white, clear).convert("RGB")
