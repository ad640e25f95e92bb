"""The type of a file by its first bytes, and whether it ends too early.

Knows signatures; decodes nothing.
"""

from __future__ import annotations

from io import BufferedReader
from typing import Literal, NamedTuple

from plugins.errors import Problem, phrase
from plugins.picture_files import still_format
from plugins.tagged_files import behind, tag_length
from runtime.media.files import size_of

_HEAD = 2_048
_MAX_BOXES, _MAX_CHUNKS = 100_000, 1_000
_TS_PACKETS = (188, 192, 204)
"""Bytes of a transport stream's packet: plain, with a time stamp (AVCHD), with error correction."""
_FEW_PACKETS, _ENOUGH_PACKETS = 3, 6
"""The number of packets that identify such a stream: if the file begins with one, and otherwise."""
_PLACEHOLDERS = (2_000_000_000, 2**31, 2**32)
"""Sizes, and those a little below or above, that a writer states who cannot know the true one."""
_NEAR = 1 << 16
_NEEDED_BOXES = frozenset((b"moov", b"mdat", b"moof"))


class Content(NamedTuple):
    """The type that the first bytes indicate."""

    family: Literal["image", "sound", "container", "unknown"]
    format: str
    """Name of the format; for sounds and containers FFmpeg's name of the demuxer."""
    begins: int = 0
    """Bytes of tags before it."""


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
    (4, b"free", Content("container", "mov")),
    (4, b"skip", Content("container", "mov")),
    (4, b"pnot", Content("container", "mov")),
    (4, b"styp", Content("container", "mov")),
    (4, b"moof", Content("container", "mov")),
    (0, b"\0\0\x01\xba", Content("container", "mpeg")),
    (0, b"0&\xb2u", Content("container", "asf")),
    (0, b"FLV", Content("container", "flv")),
)


def content_of(file: BufferedReader) -> Content:
    """The type of an open file; the file is left at its beginning."""
    tag = tag_length(file)
    file.seek(tag)
    content = _content(file.read(_HEAD))
    file.seek(0)
    if tag and content.family not in ("sound", "container"):
        content = Content("sound", "mp3")
    return content._replace(begins=tag)


def behind_tag(file: BufferedReader, content: Content) -> BufferedReader:
    """The open file from where its content begins, for a decoder."""
    return behind(file, content.begins)


def _content(head: bytes) -> Content:
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
    """True if there is a byte that no text contains."""
    return any(byte < 9 or 14 <= byte < 27 for byte in head)


def _by_sync_words(head: bytes) -> Content:
    """Streams without a header: MPEG audio, AAC, transport streams."""
    if len(head) > 2 and head[0] == 0xFF:
        if head[1] & 0xF6 == 0xF0:
            return Content("sound", "aac")
        if head[1] & 0xE6 == 0xE2:
            return Content("sound", "mp3")
    return Content("container", "mpegts") if _has_packets(head) else _UNKNOWN


def _has_packets(head: bytes) -> bool:
    """True if the sync byte of a transport stream occurs at even distances."""
    for size in _TS_PACKETS:
        for start in range(min(size, len(head))):
            found = head[start::size]
            least = _FEW_PACKETS if start in (0, size - _TS_PACKETS[0]) else _ENOUGH_PACKETS
            if len(found) >= least and set(found) == {0x47}:
                return True
    return False


def describe(content: Content) -> Problem:
    """The type in words, for an error."""
    return {
        "image": phrase("a picture ({format})", format=content.format),
        "sound": phrase("a sound ({format})", format=content.format),
        "container": phrase("a clip or sound ({format})", format=content.format),
        "unknown": phrase("a kind of file that is not known here"),
    }[content.family]


def ends_early(file: BufferedReader, content: Content) -> bool:
    """True if the file's own sizes (RIFF, MP4) say that its end is missing."""
    if content.format in ("wav", "avi"):
        return _riff_ends_early(behind_tag(file, content))
    return content.format == "mov" and _boxes_end_early(behind_tag(file, content))


def has_placeholder(file: BufferedReader, content: Content) -> bool:
    """True if a WAV states a length that its writer did not know or never wrote. Its sound then
    goes on to the end of the file."""
    return content.format == "wav" and _wav_has_placeholder(behind_tag(file, content))


def _riff_ends_early(file: BufferedReader) -> bool:
    """RIFF states its size.

    The last byte may be missing: it is padding that some writers count and do not write.
    """
    file.seek(0)
    head = file.read(8)
    if head[:4] != b"RIFF":
        return False
    size = int.from_bytes(head[4:8], "little")
    return size > 0 and not _is_placeholder(size) and size + 7 > size_of(file)


def _is_placeholder(size: int) -> bool:
    return any(abs(size - usual) <= _NEAR for usual in _PLACEHOLDERS)


def _wav_has_placeholder(file: BufferedReader) -> bool:
    file.seek(0)
    head = file.read(12)
    data = _data_chunk(file) if head[:4] == b"RIFF" else None
    if data is None:
        return False
    start, size = data
    if size:
        return _is_placeholder(size) and start + size > size_of(file)
    return not _is_chunk(file, start)


def _is_chunk(file: BufferedReader, place: int) -> bool:
    """True if there is a chunk or the end of the file at this place, and not samples."""
    file.seek(place)
    head = file.read(8)
    fits = place + 8 + int.from_bytes(head[4:], "little") <= size_of(file)
    return not head or (fits and head[:4].isascii() and head[:4].decode("ascii").isprintable())


def _data_chunk(file: BufferedReader) -> tuple[int, int] | None:
    """The start of a WAV's samples and their stated number of bytes; None if there are none."""
    place = 12
    for _ in range(_MAX_CHUNKS):
        file.seek(place)
        head = file.read(8)
        size = int.from_bytes(head[4:], "little")
        place += 8
        if head[:4] == b"data":
            return place, size
        if len(head) < 8:
            return None
        place += size + size % 2
    return None


def _boxes_end_early(file: BufferedReader) -> bool:
    """MP4 is a row of boxes that each state their size; those with the clip in them may not reach
    beyond the end. What taggers and cameras put behind them is no box."""
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
            return head[4:8] in _NEEDED_BOXES
    return False
