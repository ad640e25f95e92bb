"""Decodes picture files into upright sRGB, transparency on white. Files are untrusted.

Bounded in pixels before anything is decoded. Knows Pillow, and libheif for HEIC; no paths.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from PIL.AvifImagePlugin import AvifImageFile

from plugins.errors import Problem, UnreadableError, phrase

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "HEIC")
MAX_PIXELS = 64_000_000
"""The most pixels of a decoded picture: at most some hundred megabytes while it is being read."""
MAX_JPEG_PIXELS = 170_000_000
"""The most pixels of a baseline JPEG, which can be decoded at a fraction of its size."""
ENOUGH = 1024
"""Pixels of the shorter side that are kept unless more are asked for."""
_MOST_KEPT = 16_000_000
"""Pixels that are kept of a picture that is very long and thin."""
_STRIP = 1 << 20
"""Pixels of more than 8 bits that are converted at once."""
_PROFILED = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
"""Pillow's modes for the kinds of colours that profiles are about."""
_ORIENTATION, _TURNED = 0x0112, 5
"""EXIF's tag for how a picture is turned, and the value from which on it lies on its side."""
_JPEG = ("JPEG", "MPO")
"""MPO is several JPEG pictures in one file, as some cameras write it; the first is read."""

_AVIF = frozenset((b"avif", b"avis"))
_HEVC = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_EITHER = frozenset((b"mif1", b"msf1", b"miaf", b"MA1A", b"MA1B", b"avio"))
"""Brands that say "a picture" and not how it is coded."""
_MOVING = frozenset((b"hevc", b"hevx", b"avio"))
"""Brands that clips are compatible with too."""

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
"""Exceptions that the decoders raise on broken files."""


class PictureError(UnreadableError):
    """A picture that cannot be decoded."""


def still_format(head: bytes) -> str | None:
    """`AVIF` or `HEIC` for the first bytes of a file of the MP4 family that holds pictures; None
    for any other file."""
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[at : at + 4] for at in (8, *range(16, end, 4))]
    known = [brand for brand in brands if brand in _AVIF | _HEVC | _EITHER]
    if not known or (brands[0] not in known and known[0] in _MOVING):
        return None
    # The main brand first: a file of the one kind may be compatible with the other.
    coded = next((brand for brand in known if brand not in _EITHER), None)
    return "AVIF" if coded in _AVIF else "HEIC"


def decode(file: BinaryIO, enough: int = ENOUGH) -> Image.Image:
    """The picture of an open file in sRGB, upright, transparency on white; of an animation the
    first. Larger ones come reduced by a whole factor that leaves `enough` pixels or more of the
    shorter side, and at most some 16 million in all.

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
                profile = image.info.get("icc_profile")
                small = _reduce(_to_8_bit(image), enough)
                return _on_white(_upright(_in_srgb(small, profile)))
    except Image.DecompressionBombError as error:
        raise PictureError("far more pixels than can be read", _limit(MAX_PIXELS)) from error
    except UnidentifiedImageError as error:
        raise PictureError("a file that cannot be decoded (its beginning is broken)") from error
    except _BROKEN as error:
        raise _undecodable(error) from error


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
        raise _undecodable(error) from error
    return (height, width) if orientation >= _TURNED else (width, height)


def has_own_colours(file: BinaryIO) -> bool:
    """True if an open picture has a colour profile other than the usual one of screens, so that its
    colours would be wrong without it. Nothing is decoded.

    Raises:
        PictureError: not a picture, or broken.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _opened(file) as image:
                profile: bytes = image.info.get("icc_profile") or b""
        return bool(profile) and "sRGB" not in _name_of(profile)
    except _BROKEN as error:
        raise _undecodable(error) from error


def _name_of(profile: bytes) -> str:
    """The name of a colour profile; empty if the profile is broken."""
    try:
        return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    except (ImageCms.PyCMSError, *_BROKEN):
        return ""


def _undecodable(error: Exception) -> PictureError:
    """The error in our own words: decoders' messages are meant for programmers."""
    if isinstance(error, MemoryError):
        return PictureError("a file that cannot be decoded (too little memory)")
    if "truncated" in str(error):
        return PictureError("a file that is cut short", "Copy or download it again.")
    return PictureError("a file that cannot be decoded")


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
        size = phrase("{width} x {height} pixels", width=width, height=height)
        raise PictureError(size, _limit(limit))


def _limit(pixels: int) -> Problem:
    return phrase(
        "At most {millions} million pixels are read: make it smaller first.",
        millions=pixels // 1_000_000,
    )


def _to_8_bit(image: Image.Image) -> Image.Image:
    """16 bits a pixel are divided; 32 bits and fractions are stretched from least to most."""
    if image.mode in ("P", "PA", "1"):
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode.startswith("I;16"):
        low, scale = 0.0, 1 / 257
    elif image.mode in ("I", "F"):
        low, high = _range(image)
        scale = 255.0 / (high - low) if high > low else 0.0
    else:
        return image
    pixels = np.empty((image.height, image.width), np.uint8)
    for top, strip in _strips(image):
        pixels[top : top + len(strip)] = (strip - low) * scale
    grey = Image.fromarray(pixels)
    if exif := image.info.get("exif"):
        grey.info["exif"] = exif
    return grey


def _range(image: Image.Image) -> tuple[float, float]:
    """The least and the greatest value."""
    ranges = [(float(strip.min()), float(strip.max())) for _, strip in _strips(image)]
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _strips(image: Image.Image) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Some rows after the other with the first's number; what is no number is 0."""
    rows = max(1, _STRIP // image.width)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        yield top, np.nan_to_num(np.asarray(strip, np.float64), posinf=0.0, neginf=0.0)


def _reduce(image: Image.Image, enough: int) -> Image.Image:
    """By a whole factor, so that the shorter side keeps at least `enough` pixels; thin pictures
    are shortened where they would be too many pixels still."""
    width, height = image.size
    factor = max(min(image.size) // enough, math.ceil(math.sqrt(width * height / _MOST_KEPT)))
    if factor < 2:
        return image
    across, down = min(factor, width), min(factor, height)
    across = max(across, width * math.ceil(height / down) // _MOST_KEPT)
    down = max(down, height * math.ceil(width / across) // _MOST_KEPT)
    exif = image.info.get("exif")
    reduced = image.reduce((across, down))
    if exif:
        reduced.info["exif"] = exif
    return reduced


def _in_srgb(image: Image.Image, profile: Any) -> Image.Image:
    """The picture in the colours that a screen shows; a profile that is broken, or of another kind
    of colours than the picture, is ignored."""
    if not isinstance(profile, bytes) or not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        colours = _as_profiled(image, source.profile.xcolor_space.strip())
        screen = ImageCms.createProfile("sRGB")
        shown = ImageCms.profileToProfile(colours, source, screen, outputMode="RGB")
    except (ImageCms.PyCMSError, *_BROKEN):
        return image
    if shown is None:
        return image
    if image.mode.endswith(("A", "a")):
        shown.putalpha(image.convert("RGBA").getchannel("A"))
    shown.info = {**image.info, **shown.info}
    return shown


def _as_profiled(image: Image.Image, space: str) -> Image.Image:
    """The picture without transparency, in the kind of colours that its profile is about.

    Raises:
        LookupError: the profile is about other colours.
    """
    mode = _PROFILED[space]
    if image.mode.endswith(("A", "a")):
        image = image.convert("RGBA").convert("RGB") if mode == "RGB" else image.convert("L")
    if image.mode != mode and (mode != "RGB" or image.mode not in ("L", "YCbCr", "RGBX")):
        raise LookupError(image.mode)
    return image.convert(mode)


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
