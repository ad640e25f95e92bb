"""Tells by the first bytes of a file what it is, as other programs' exports name files anyhow.

Nothing is decoded: whoever shows a medium looks at it in a process of its own.
"""

from __future__ import annotations

import re
import struct

from storage import limits
from storage.medium_bytes import MediumFacts

HEAD = 64 << 10
"""Bytes that are looked at."""
_BEGINNINGS: tuple[tuple[bytes, int, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png", "image"),
    (b"\xff\xd8\xff", 0, "image/jpeg", "image"),
    (b"GIF87a", 0, "image/gif", "image"),
    (b"GIF89a", 0, "image/gif", "image"),
    (b"WEBP", 8, "image/webp", "image"),
    (b"BM", 0, "image/bmp", "image"),
    (b"WAVE", 8, "audio/wav", "audio"),
    (b"OggS", 0, "audio/ogg", "audio"),
    (b"fLaC", 0, "audio/flac", "audio"),
    (b"ID3", 0, "audio/mpeg", "audio"),
    (b"\xff\xfb", 0, "audio/mpeg", "audio"),
    (b"\xff\xf3", 0, "audio/mpeg", "audio"),
    (b"\xff\xf1", 0, "audio/aac", "audio"),
    (b"\x1aE\xdf\xa3", 0, "video/webm", "video"),
    (b"%PDF-", 0, "application/pdf", "document"),
)
_BRANDS = {
    b"avif": ("image/avif", "image"), b"heic": ("image/heic", "image"),
    b"heix": ("image/heic", "image"), b"mif1": ("image/heic", "image"),
    b"M4A ": ("audio/mp4", "audio"), b"qt  ": ("video/quicktime", "video"),
}  # fmt: skip
_TEXTS = {
    "md": "text/markdown", "markdown": "text/markdown", "html": "text/html", "htm": "text/html",
    "csv": "text/csv",
}  # fmt: skip
_JPEG_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(....)", re.DOTALL)
"""The head of a frame of a JPEG, with its height and width."""
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def facts_of(head: bytes, name: str) -> MediumFacts | None:
    """What a file is, from its first `HEAD` bytes, or fewer where it is shorter; of one that is
    text its name says which. None for what Medley does not show, as spreadsheets and programs."""
    for begin, at, mime, modality in _BEGINNINGS:
        if head[at : at + len(begin)] == begin:
            return MediumFacts(mime, modality, *_size(head, mime))
    if head[4:8] == b"ftyp":
        return MediumFacts(*_BRANDS.get(head[8:12], ("video/mp4", "video")))
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if head[:4] == b"PK\x03\x04":
        return MediumFacts(_WORD, "document") if ending == "docx" else None
    if b"\0" in head or not _is_text(head):
        return None
    return MediumFacts(_TEXTS.get(ending, "text/plain"), "document")


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(head) == HEAD and error.start >= HEAD - 3
    return bool(head)


def _size(head: bytes, mime: str) -> tuple[int | None, int | None]:
    """Width and height in pixels; None where the first bytes do not tell."""
    width: int | None = None
    height: int | None = None
    if mime == "image/png" and len(head) >= 24:
        width, height = struct.unpack(">II", head[16:24])
    elif mime == "image/gif" and len(head) >= 10:
        width, height = struct.unpack("<HH", head[6:10])
    elif mime == "image/jpeg":
        found = _JPEG_FRAME.search(head)
        if found is not None:
            height, width = struct.unpack(">HH", found.group(1))
    return limits.pixels(width), limits.pixels(height)
