"""Writes pictures, sounds and clips as real files with their recipe inside, and reads it back.

PNG (iTXt chunk `medley`), WAV (16-bit PCM, LIST/INFO comment), MP4 (H.264; VP9 WebM where there is
no H.264 encoder; a comment in the container). A plugin that writes XML, such as SVG, puts
`recipe_element` into it. The same input makes the same bytes: no time, no machine and no thread
count gets into a file. Knows no renderer and no torch.

Legend: n samples, T frames, H, W pixels.
"""

from __future__ import annotations

import html
import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from plugins.api import Recipe
from plugins.clip_frames import BROKEN
from plugins.errors import KnownError, UnreadableError, phrase
from plugins.printable import shown
from plugins.regular_files import SpecialFileError, open_regular
from plugins.tagged_files import behind

Pixels = NDArray[np.uint8]
KEY = "medley"
MAX_RECIPE_BYTES = 16 * 1024 * 1024
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
EBML_SIGNATURE = b"\x1aE\xdf\xa3"
XML_STARTS = (b"<?xml", b"<svg")
_ELEMENT = re.compile(rb'<metadata id="medley">([^<]*)</metadata>')


@dataclass(frozen=True)
class MediaFile:
    """A finished file in memory."""

    data: bytes
    mime: str
    extension: str
    """The file name extension, with the dot."""


def png(pixels: Pixels, recipe: Recipe | None = None) -> MediaFile:
    """A PNG of [H, W, 3] colour or [H, W] grey pixels, 0 to 255."""
    info = PngInfo()
    if recipe is not None:
        info.add_itxt(KEY, recipe.to_json())
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "PNG", pnginfo=info, compress_level=6)
    return MediaFile(file.getvalue(), "image/png", ".png")


def wav(samples: NDArray[np.float32], rate: int, recipe: Recipe | None = None) -> MediaFile:
    """A 16-bit WAV of [n] mono samples or [n, channels], -1 to 1, at `rate` Hz."""
    pcm = np.round(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * 2 * channels, 2 * channels, 16)
    body = b"WAVE" + _riff(b"fmt ", form)
    body += _riff(b"data", pcm)
    if recipe is not None:
        comment = recipe.to_json().encode("ascii") + b"\0"
        body += _riff(b"LIST", b"INFO" + _riff(b"ICMT", comment))
    return MediaFile(_riff(b"RIFF", body), "audio/wav", ".wav")


def clip(frames: Pixels, fps: int, recipe: Recipe | None = None) -> MediaFile:
    """An MP4 (or WebM) of [T, H, W, 3] frames, 0 to 255.

    Raises:
        KnownError: H or W is odd, or this build of FFmpeg has neither H.264 nor VP9.
    """
    _, height, width, _ = frames.shape
    if height % 2 or width % 2:
        raise KnownError(
            "clip: expected an even width and height, found {width}x{height}; change the size.",
            width=width,
            height=height,
        )
    if "libx264" in av.codecs_available:
        options = {"crf": "16", "preset": "medium", "threads": "1"}
        data = _encode(frames, fps, "mp4", "libx264", options, recipe)
        return MediaFile(data, "video/mp4", ".mp4")
    if "libvpx-vp9" in av.codecs_available:
        options = {"crf": "24", "b": "0", "threads": "1", "row-mt": "0"}
        data = _encode(frames, fps, "webm", "libvpx-vp9", options, recipe)
        return MediaFile(data, "video/webm", ".webm")
    raise KnownError(
        "clip: expected an H.264 or VP9 encoder, found neither; install the published av wheel."
    )


def recipe_element(recipe: Recipe) -> str:
    """The recipe as an element for an XML file such as SVG; `read_recipe` finds it there."""
    return f'<metadata id="{KEY}">{html.escape(recipe.to_json())}</metadata>'


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file that Medley wrote.

    Raises:
        KnownError: the file cannot be read, is of another kind, or carries no recipe.
    """
    try:
        with open_regular(path) as file:
            text = file.read(MAX_RECIPE_BYTES + 1) if _is_json(path) else _find_recipe(file)
    except FileNotFoundError as error:
        raise KnownError(
            "{path}: expected a file, found none. Check the name.", path=shown(path)
        ) from error
    except SpecialFileError as error:
        found = phrase("a folder") if path.is_dir() else phrase("a pipe or a device")
        raise KnownError(
            "{path}: expected a file, found {found}. Choose another.", path=shown(path), found=found
        ) from error
    except (UnreadableError, *BROKEN, struct.error) as error:
        found = getattr(error, "found", phrase("one that cannot be read"))
        raise KnownError(
            "{path}: expected a whole file that Medley made, found {found}. Choose another file.",
            path=shown(path),
            found=found,
        ) from error
    if text is None:
        raise KnownError(
            "{path}: expected a PNG, WAV, MP4, WebM or SVG file with Medley's recipe, found "
            "none. Use a file that Medley made.",
            path=shown(path),
        )
    if len(text) > MAX_RECIPE_BYTES:
        raise KnownError(
            "{path}: too large for a recipe. Use one that Medley wrote.", path=shown(path)
        )
    return Recipe.from_json(text)


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == ".json"


def _riff(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _encode(
    frames: Pixels,
    fps: int,
    container: str,
    codec: str,
    options: dict[str, str],
    recipe: Recipe | None,
) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container, options={"fflags": "+bitexact"}) as output:
        if recipe is not None:
            output.metadata["comment"] = recipe.to_json()
        stream = cast(VideoStream, output.add_stream(codec, rate=fps, options=options))
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        for pixels in frames:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


def _find_recipe(file: BinaryIO) -> str | bytes | None:
    start = file.read(12)
    file.seek(0)
    if start.startswith(PNG_SIGNATURE):
        return _from_png(file)
    if start.startswith(b"RIFF") and start.endswith(b"WAVE"):
        return _from_wav(file)
    if start.startswith(EBML_SIGNATURE):
        return _from_container(file, "matroska")
    if start[4:8] == b"ftyp":
        return _from_container(file, "mov")
    if start.startswith(XML_STARTS):
        found = _ELEMENT.search(file.read(MAX_RECIPE_BYTES))
        return html.unescape(found[1].decode("utf-8")) if found else None
    return None


def _chunk(file: BinaryIO, size: int) -> bytes:
    """`size` bytes; a chunk that cannot be a recipe or is cut off is an error."""
    if size > MAX_RECIPE_BYTES:
        raise UnreadableError(
            phrase("a text of {size} bytes, more than {most}", size=size, most=MAX_RECIPE_BYTES)
        )
    data = file.read(size)
    if len(data) != size:
        raise UnreadableError("one that is cut off")
    return data


def _from_png(file: BinaryIO) -> bytes | None:
    file.seek(len(PNG_SIGNATURE))
    while len(head := file.read(8)) == 8:
        size, name = struct.unpack(">I4s", head)
        if name != b"iTXt":
            file.seek(size + 4, io.SEEK_CUR)
            continue
        data = _chunk(file, size)
        if struct.unpack(">I", _chunk(file, 4))[0] != zlib.crc32(name + data):
            raise UnreadableError("a wrong checksum")
        key, _, rest = data.partition(b"\0")
        # Two flags (not compressed), then an empty language and an empty translated key.
        if key == KEY.encode() and rest.startswith(b"\0\0\0\0"):
            return rest[4:]
    return None


def _from_wav(file: BinaryIO) -> bytes | None:
    file.seek(12)
    while len(head := file.read(8)) == 8:
        name, size = struct.unpack("<4sI", head)
        if name != b"LIST":
            file.seek(size + size % 2, io.SEEK_CUR)
            continue
        for kind, content in _info(_chunk(file, size)):
            if kind == b"ICMT":
                return content.rstrip(b"\0")
    return None


def _info(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 4 if data.startswith(b"INFO") else len(data)
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _from_container(file: BinaryIO, demuxer: str) -> str | None:
    with av.open(behind(file), "r", format=demuxer, metadata_errors="replace") as container:
        tags = {name.lower(): text for name, text in container.metadata.items()}
    return tags.get("comment")
