"""The helper process that looks at media: decodes foreign files, so that nobody else has to.

Reads requests from its standard input and answers on its standard output, one after the other,
until the input ends. A file that brings a decoder down brings this process down and nothing else.
Knows Medley's media readers; knows no library and no window.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop.assistant.helper_serving import answer_requests
from desktop.assistant.media_probe.documents import words_of
from desktop.assistant.media_probe.protocol import (
    LIMIT_S,
    PEAKS,
    POSTER,
    THUMBNAIL,
    VIEW,
    WAVEFORM,
    Probed,
    ProbeFailed,
    Refusal,
    Sketch,
    decode_look,
    encode,
)
from plugins.errors import KnownError, phrase
from plugins.picture_files import has_own_colours, upright_size
from runtime.media import detect_modality, document_mime, read_audio, read_image, read_video
from runtime.media.files import open_medium
from runtime.media.sniff import content_of

THUMBNAIL_SIDE, VIEW_SIDE = 320, 2048
"""Pixels of the longer side."""
_PLAIN = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
"""What Qt decodes by itself, and shows without regard to colour profiles."""
_POSTER_SHARE = 0.1
"""How far into a clip its poster stands: first frames are often black."""
_RATE_HZ = 16_000
_MIMES = {
    "PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp",
    "BMP": "image/bmp", "TIFF": "image/tiff", "AVIF": "image/avif", "HEIC": "image/heic",
    "wav": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg", "aiff": "audio/aiff",
    "amr": "audio/amr", "caf": "audio/x-caf", "aac": "audio/aac",
}  # fmt: skip
_CONTAINERS = {
    "ogg": "ogg", "avi": "x-msvideo", "matroska": "x-matroska", "mov": "mp4", "mpeg": "mpeg",
    "asf": "x-ms-asf", "flv": "x-flv", "mpegts": "mp2t",
}  # fmt: skip


def look(path: Path, claimed: str = "") -> Probed:
    """What the file is, and what stands for it; `claimed` is what `Look` has.

    Raises:
        KnownError: it is no picture, sound, clip or document, or it is broken.
    """
    if document := document_mime(path):
        return Probed("document", document, sketches=(words_of(path, document),))
    modality = detect_modality(path)
    with open_medium(path, modality) as file:
        content = content_of(file)
    mime = _MIMES.get(content.format) or (
        f"{modality}/{_CONTAINERS.get(content.format, 'octet-stream')}"
    )
    match modality:
        case "image":
            return _picture(path, mime, content.format in _PLAIN and claimed in ("", mime))
        case "audio":
            return _sound(path, mime)
    return _clip(path, mime)


def _picture(path: Path, mime: str, plain: bool) -> Probed:
    pixels = read_image(path)
    with open_medium(path, "image") as file:
        width, height = upright_size(file)
        plain = plain and not has_own_colours(file)
    sketches = [_sketch(THUMBNAIL, pixels, THUMBNAIL_SIDE)]
    if not plain or max(width, height) > VIEW_SIDE:
        sketches.append(_sketch(VIEW, pixels, VIEW_SIDE))
    return Probed("image", mime, width, height, sketches=tuple(sketches))


def _sound(path: Path, mime: str) -> Probed:
    sound = read_audio(path, _RATE_HZ)
    return Probed("audio", mime, duration_s=sound.duration_s, sketches=(waveform(sound.samples),))


def _clip(path: Path, mime: str) -> Probed:
    video = read_video(path, lambda count, _fps: (int(count * _POSTER_SHARE),))
    frame = video.frames[0]
    width, height = video.size
    sketches = [
        _sketch(POSTER, frame, max(frame.shape[:2])),
        _sketch(THUMBNAIL, frame, THUMBNAIL_SIDE),
    ]
    # A clip without a sound track, or with one that is broken or too long, is a clip all the same.
    with contextlib.suppress(KnownError):
        sketches.append(waveform(read_audio(path, _RATE_HZ).samples))
    return Probed("video", mime, width, height, video.duration_s, tuple(sketches))


def waveform(samples: NDArray[np.float32]) -> Sketch:
    """The peaks of mono samples [n], -1 to 1."""
    loud = np.abs(samples)
    edges = np.linspace(0, len(loud), PEAKS + 1).astype(int)
    peaks = [float(loud[a : max(b, a + 1)].max(initial=0.0)) for a, b in pairwise(edges)]
    data = np.clip(np.array(peaks) * 255, 0, 255).astype(np.uint8).tobytes()
    return Sketch(WAVEFORM, "application/octet-stream", data, width=PEAKS)


def _sketch(kind: str, pixels: NDArray[np.uint8], side: int) -> Sketch:
    """A picture of [H, V, 3] pixels whose longer side is at most `side` pixels."""
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.BOX if side < 64 else Image.Resampling.BILINEAR)
    file = io.BytesIO()
    if max(image.size) <= THUMBNAIL_SIDE:
        image.save(file, "PNG")
        return Sketch(kind, "image/png", file.getvalue(), *image.size)
    image.save(file, "JPEG", quality=90)
    return Sketch(kind, "image/jpeg", file.getvalue(), *image.size)


def serve() -> None:
    """Answer requests until the input ends."""
    answer_requests(lambda request: encode(_outcome(request)), LIMIT_S)


def _outcome(data: bytes) -> Probed | ProbeFailed:
    request = decode_look(data)
    try:
        return look(Path(request.path), request.claimed)
    except KnownError as error:
        return ProbeFailed(error.problem, why_refused(Path(request.path)))
    except Exception as error:  # noqa: BLE001  (a decoder's own failure is the file's fault)
        return ProbeFailed(
            phrase(
                "expected a readable picture, sound or clip, found a file that breaks its decoder "
                "({error_type}). Choose another file.",
                error_type=type(error).__name__,
            )
        )


def why_refused(path: Path) -> Refusal:
    """What it comes down to that a file was not taken."""
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            return "folder"
        if not stat.S_ISREG(status.st_mode):
            return "special"
        if status.st_size == 0:
            return "empty"
        with path.open("rb") as file:
            return "unknown" if content_of(file).family == "unknown" else "broken"
    except FileNotFoundError:
        return "missing"
    except (OSError, ValueError):
        return "denied"


if __name__ == "__main__":
    serve()
