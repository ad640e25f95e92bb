"""What stands for a document: its first words, and how many pages it has. For the helper process.

Reads no more of a file than that takes; files are untrusted. All of it is the readers' matter.
"""

from __future__ import annotations

import html
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from desktop.assistant.media_probe.protocol import WORDS, Sketch
from plugins.document_kinds import DOCX, HTML, PDF
from plugins.errors import KnownError, Problem, phrase
from plugins.text_decoding import decoded
from runtime.media.files import open_medium, shown

LONGEST = 500
"""Characters of the first words."""
_HEAD = 65_536
"""Bytes of a text that are looked at, and of the main part of a Word file."""
_WORD_PART = "word/document.xml"
_RUN = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)</w:t>|(</w:p>)")
_HIDDEN = ("script", "style", "head", "template")


def words_of(path: Path, mime: str) -> Sketch:
    """The first words of a document as a sketch, whose height is its pages where it has such.

    Raises:
        KnownError: it is broken, or has a password.
    """
    pages: int | None = None
    if mime == PDF:
        text, pages = _pdf(path)
    elif mime == DOCX:
        text = _word(path)
    else:
        text = _text(path, mime)
    lines = (" ".join(line.split()) for line in text.splitlines())
    words = "\n".join(line for line in lines if line)[:LONGEST]
    return Sketch(WORDS, "text/plain", words.encode("utf-8", "replace"), height=pages)


def _text(path: Path, mime: str) -> str:
    with open_medium(path, "document") as file:
        text = decoded(file.read(_HEAD)) or ""
    if mime != HTML:
        return text
    page = _Page()
    page.feed(text)
    return "".join(page.words)


def _pdf(path: Path) -> tuple[str, int]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
        try:
            pages = len(document)
            return (_first_page(document) if pages else ""), pages
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise KnownError(
                "document {path}: expected a readable document, found a PDF with a password. "
                "Save a copy without one, and give that.",
                "medium",
                path=shown(path),
            ) from error
        raise _broken(path, phrase("a PDF that is broken")) from error


def _first_page(document: Any) -> str:
    page = document[0]
    part = page.get_textpage()
    text: str = part.get_text_range(count=min(part.count_chars(), 4 * LONGEST))
    part.close()
    page.close()
    return text


def _word(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_WORD_PART) as part:
            head = part.read(_HEAD)
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile) as error:
        raise _broken(path, phrase("a Word file that is broken")) from error
    found = b"".join(b"\n" if end else run for run, end in _RUN.findall(head))
    return html.unescape(found.decode("utf-8", "replace"))


def _broken(path: Path, found: Problem) -> KnownError:
    return KnownError(
        "document {path}: expected a readable document, found {found}. Save "
        "it again, or choose another file.",
        "medium",
        path=shown(path),
        found=found,
    )


class _Page(HTMLParser):
    """The visible words of an HTML page, a line for each of its blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Hidden parts are counted."""
        self._hidden += tag in _HIDDEN

    def handle_endtag(self, tag: str) -> None:
        """The end of a block is the end of a line."""
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        if tag in ("p", "div", "li", "tr", "title") or re.fullmatch(r"h[1-6]", tag):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep what is seen."""
        if not self._hidden:
            self.words.append(data.replace("\n", " "))
