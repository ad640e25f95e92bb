"""Says what a file is from its first bytes, and whether it ends before it should.

Knows signatures; decodes nothing.
"""

from __future__ import annotations

from io import BufferedReader
from typing import Literal, NamedTuple

from plugins.picture_files import still_format
from runtime.media.files import size_of

_HEAD = 600
_MAX_BOXES = 100_000
_TS_PACKET = 188


class Content(NamedTuple):
    """What the first bytes say."""

    family: Literal["image", "sound", "container", "unknown"]
    format: str
    """Name of the format; for sounds and containers FFmpeg's name of the demuxer."""


_UNKNOWN = Content("unknown", "")

_SIGNATURES: tuple[tuple[int, bytes, Content], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", Content("image", "PNG")),
    (0, b"\xff\xd8\xff", Content("image", "JPEG")),
    (0, b"GIF8", Content("image", "GIF")),
    (8, b"WEBP", Content("image", "WEBP")),
    (0, b"BM", Content("image", "BMP")),
    (0, b"II*\0", Content("image", "TIFF")),
    (0, b"MM\0*", Content("image", "TIFF")),
    (8, b"WAVE", Content("sound", "wav")),
    (0, b"fLaC", Content("sound", "flac")),
    (0, b"ID3", Content("sound", "mp3")),
    (8, b"AIFF", Content("sound", "aiff")),
    (8, b"AIFC", Content("sound", "aiff")),
    (0, b"#!AMR", Content("sound", "amr")),
    (0, b"caff", Content("sound", "caf")),
    (0, b"OggS", Content("container", "ogg")),
    (8, b"AVI ", Content("container", "avi")),
    (0, b"\x1aE\xdf\xa3", Content("container", "matroska")),
    (4, b"ftyp", Content("container", "mov")),
    (4, b"moov", Content("container", "mov")),
    (4, b"mdat", Content("container", "mov")),
    (4, b"wide", Content("container", "mov")),
    (0, b"\0\0\x01\xba", Content("container", "mpeg")),
    (0, b"0&\xb2u", Content("container", "asf")),
    (0, b"FLV", Content("container", "flv")),
)


def content_of(file: BufferedReader) -> Content:
    """What an open file is; leaves it at its beginning."""
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if not _has_controls(head):
        # A sentence may begin with any letters; what is coded as bytes is never free of these.
        return _UNKNOWN
    if still := still_format(head):
        return Content("image", still)
    for offset, signature, content in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return content
    return _by_sync_words(head)


def _has_controls(head: bytes) -> bool:
    """Whether there is a byte that no text holds."""
    return any(byte < 9 or 14 <= byte < 27 for byte in head)


def _by_sync_words(head: bytes) -> Content:
    """Streams without a header: MPEG audio, AAC, transport streams."""
    if len(head) > 2 and head[0] == 0xFF:
        if head[1] & 0xF6 == 0xF0:
            return Content("sound", "aac")
        if head[1] & 0xE6 == 0xE2:
            return Content("sound", "mp3")
    if len(head) > 2 * _TS_PACKET and {head[0], head[_TS_PACKET], head[2 * _TS_PACKET]} == {0x47}:
        return Content("container", "mpegts")
    return _UNKNOWN


def described(content: Content) -> str:
    """For an error: what was found instead."""
    return {
        "image": f"a picture ({content.format})",
        "sound": f"a sound ({content.format})",
        "container": f"a clip or sound ({content.format})",
        "unknown": "a kind of file that is not known here",
    }[content.family]


def ends_early(file: BufferedReader, content: Content) -> bool:
    """Whether the file's own sizes (RIFF, MP4) say that its end is missing."""
    try:
        if content.format in ("wav", "avi"):
            return _riff_ends_early(file)
        if content.format == "mov":
            return _boxes_end_early(file)
        return False
    finally:
        file.seek(0)


def _riff_ends_early(file: BufferedReader) -> bool:
    """RIFF states its size; 0 and all ones mean that the writer could not know it.

    The last byte may be missing: it is padding that some writers count and do not write.
    """
    file.seek(0)
    head = file.read(8)
    if head[:4] != b"RIFF":
        return False
    size = int.from_bytes(head[4:8], "little")
    return size not in (0, 0xFFFFFFFF) and size + 7 > size_of(file)


def _boxes_end_early(file: BufferedReader) -> bool:
    """MP4 is a row of boxes that each state their size; the last may not reach beyond the end."""
    end, position = size_of(file), 0
    for _ in range(_MAX_BOXES):
        file.seek(position)
        head = file.read(16)
        if len(head) < 8:
            return False
        size = int.from_bytes(head[:4], "big")
        if size == 1 and len(head) == 16:
            size = int.from_bytes(head[8:], "big")
        if size < 8:
            return False
        position += size
        if position > end:
            return True
    return False
