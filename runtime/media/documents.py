"""Says whether a file is a document, and which kind. Knows signatures and encodings; reads no text.

PDF and Word files are known by content. Texts are known by content too; their name only says which
kind of text it is, for Markdown and CSV have no signature.
"""

from __future__ import annotations

import os
import zipfile
from io import BufferedReader

from plugins.text_decoding import SAMPLE_BYTES, decoded, encoding_of, looks_binary
from runtime.media.files import MediaPath, open_medium, size_of
from runtime.media.sniff import content_of

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


def document_mime(path: MediaPath) -> str | None:
    """The MIME type of a document, None for any other file.

    `text/plain` (also source code and other texts), `text/markdown`, `text/html`, `text/csv` (also
    with tabs), `application/pdf` or the long one of a .docx. Binary data is never called a text,
    and a medium never a document.

    Raises:
        KnownError: there is no such file, it is empty, or it cannot be read.
    """
    with open_medium(path, "document") as file:
        head = file.read(SAMPLE_BYTES)
        if b"%PDF-" in head[:_PDF_WITHIN]:
            return PDF
        if head.startswith(_ZIP):
            return DOCX if _is_word(file) else None
        if content_of(file).family != "unknown" or head.startswith(_NOT_TEXTS):
            return None
        return _text_kind(head, path) if _is_text(file, head) else None


def _is_text(file: BufferedReader, head: bytes) -> bool:
    """By its beginning, its middle and its end."""
    encoding = encoding_of(head)
    if encoding is None:
        return False
    if encoding.startswith(("utf-16", "utf-32")):
        return True
    size = size_of(file)
    for position in (size // 2, size - SAMPLE_BYTES):
        if position > SAMPLE_BYTES:
            file.seek(position)
            if looks_binary(file.read(SAMPLE_BYTES)):
                return False
    return True


def _text_kind(head: bytes, path: MediaPath) -> str:
    start = (decoded(head) or "").lstrip()[:1024].lower()
    if start.startswith(_HTML_STARTS) or (start.startswith(("<?xml", "<!--")) and "<html" in start):
        return HTML
    suffix = os.path.splitext(os.fsdecode(path))[1].lower()
    return _BY_SUFFIX.get(suffix, PLAIN)


def _is_word(file: BufferedReader) -> bool:
    """Whether a ZIP archive says that its main part is a document of Word."""
    try:
        with zipfile.ZipFile(file) as archive:
            with archive.open(_TYPES_PART) as part:
                return _WORD_MAIN in part.read(_MAX_TYPES)
    except (OSError, ValueError, LookupError, EOFError, RuntimeError, zipfile.BadZipFile):
        return False
