"""Detects the kind of a document. Knows signatures and encodings; reads no text.

PDF and Word files are known by content. Texts are known by content too; their name only says which
kind of text it is, for Markdown and CSV have no signature.
"""

from __future__ import annotations

import os
import zipfile
from typing import BinaryIO

from plugins.text_decoding import SAMPLE_BYTES, decoded, encoding_of, looks_binary

PLAIN, MARKDOWN, HTML, CSV = "text/plain", "text/markdown", "text/html", "text/csv"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_BY_SUFFIX = {
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".csv": CSV,
    ".tsv": CSV,
    ".htm": HTML,
    ".html": HTML,
    ".xhtml": HTML,
}
_HTML_STARTS = ("<!doctype html", "<html")
_PDF_WITHIN = 1024
"""Bytes in which the signature of a PDF may stand."""
_NOT_TEXTS = (b"{\\rtf", b"%!PS")
"""Programs for printers and word processors: made of letters, and no text to read."""
_TYPES_PART = "[Content_Types].xml"
_MAX_TYPES = 1 << 20
"""Bytes of the part of a Word file that names its other parts."""
_WORD_MAIN = b"wordprocessingml.document.main+xml"
_ZIP = b"PK\x03\x04"


def mime_of(file: BinaryIO, name: str) -> str | None:
    """The MIME type of an open file that is no picture, sound or clip; None for no document.

    Args:
        file: at any position; it is left at another.
        name: with its suffix, which only tells kinds of text from each other.
    """
    file.seek(0)
    head = file.read(SAMPLE_BYTES)
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return PDF
    if head.startswith(_ZIP):
        return DOCX if _is_word(file) else None
    if head.startswith(_NOT_TEXTS) or not _is_text(file, head):
        return None
    start = (decoded(head) or "").lstrip()[:1024].lower()
    if start.startswith(_HTML_STARTS) or (start.startswith(("<?xml", "<!--")) and "<html" in start):
        return HTML
    return _BY_SUFFIX.get(os.path.splitext(name)[1].lower(), PLAIN)


def _is_text(file: BinaryIO, head: bytes) -> bool:
    """True if the beginning, the middle and the end are text."""
    encoding = encoding_of(head)
    if encoding is None:
        return False
    if encoding.startswith(("utf-16", "utf-32")):
        return True
    size = file.seek(0, os.SEEK_END)
    for position in (size // 2, size - SAMPLE_BYTES):
        if position > SAMPLE_BYTES:
            file.seek(position)
            if looks_binary(file.read(SAMPLE_BYTES)):
                return False
    return True


def _is_word(file: BinaryIO) -> bool:
    """True if a ZIP archive says that its main part is a Word document."""
    try:
        with zipfile.ZipFile(file) as archive, archive.open(_TYPES_PART) as part:
            return _WORD_MAIN in part.read(_MAX_TYPES)
    except (OSError, ValueError, LookupError, EOFError, RuntimeError, zipfile.BadZipFile):
        return False
