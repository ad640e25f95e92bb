"""The text of a PDF page by page; pages that are pictures are read by eye. Uses pypdfium2.

Files are untrusted: PDFium is the engine of a web browser, pages are bounded, and between two pages
it is asked whether to stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any, BinaryIO

from PIL import Image

from plugins.api import Stage
from plugins.errors import phrase
from plugins.readers import ocr
from plugins.readers.documents.passages import Paragraph
from plugins.readers.media import unreadable

MAX_PAGES = 5000
MAX_SCANNED = 100
"""Pages that are read by eye; what comes after is said not to be read."""
_FEW_LETTERS = 10
"""Letters of a page that is a picture with at most a number on it."""
_DOTS_PER_INCH = 150
_MOST_PIXELS = 16_000_000
_LONG_LINE = 0.75
"""Share of a full line's length below which a line ends its paragraph."""
_BREAK = re.compile(r"\r\n|\r|\n")
_ENDS = (".", "!", "?", ":", "。", "！", "？", "：", "”", '"')
_FOREIGN = re.compile(r"[　-鿿＀-￯]")
_LEADERS = re.compile(r"(?: ?\.){4,}")
"""The dots between a heading and its page in a table of contents."""
_HYPHEN = "￾"
"""PDFium's character for a hyphen at the end of a line inside a word."""


def pdf(file: BinaryIO, path: Path, stage: Stage) -> Iterator[tuple[Paragraph, float | None]]:
    """Paragraphs with their page, and the confidence in those that were read by eye.

    Raises:
        KnownError: the file is broken, has a password, or has too many pages.
        Cancelled: the stage asked to stop.
    """
    document = _opened(file, path)
    try:
        count = len(document)
        if count > MAX_PAGES:
            found = phrase("a PDF of {pages:,} pages", pages=count)
            advice = phrase("At most {pages:,} are read: split it.", pages=MAX_PAGES)
            raise unreadable(path, "document", found, advice)
        scanned = 0
        for number in range(count):
            stage.progress(number, count)
            place = f"page {number + 1}"
            text = _text(document, number)
            if sum(c.isalnum() for c in text) >= _FEW_LETTERS:
                for paragraph in paragraphs(text):
                    yield Paragraph(paragraph, place, place), None
                continue
            if scanned == MAX_SCANNED:
                yield Paragraph(_unread(number + 1, count), place, place), None
                return
            image = _seen(document, number)
            if image is None:
                if text.strip():
                    yield Paragraph(text.strip(), place, place), None
                continue
            scanned += 1
            yield from _by_eye(image, place, stage)
    finally:
        document.close()


def paragraphs(text: str) -> list[str]:
    """The lines of a page joined to paragraphs: one ends where a line is short, or ends a sentence
    before its end."""
    lines = [line.strip() for line in _BREAK.split(text)]
    lengths = [len(line) for line in lines if line]
    if not lengths:
        return []
    full = quantiles(lengths, n=10)[-1] if len(lengths) > 1 else lengths[0]
    found: list[str] = []
    open_line = False
    for line in lines:
        if not line:
            open_line = False
            continue
        if open_line and not line.startswith(("•", "-", "–", "●", "▪", "*")):
            found[-1] = _joined(found[-1], line)
        else:
            found.append(line)
        open_line = len(line) > _LONG_LINE * full and not (
            line.endswith(_ENDS) and len(line) < 0.95 * full
        )
    return [_LEADERS.sub(" …", one.replace(_HYPHEN, "")) for one in found]


def _joined(before: str, line: str) -> str:
    if before.endswith(_HYPHEN):
        return before[:-1] + line
    if _FOREIGN.match(before[-1]) and _FOREIGN.match(line[0]):
        return before + line
    return f"{before} {line}"


def _opened(file: BinaryIO, path: Path) -> Any:
    import pypdfium2

    file.seek(0)
    try:
        return pypdfium2.PdfDocument(file.read())
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise unreadable(
                path, "document", "a PDF with a password", "Save a copy without one, and give that."
            ) from error
        raise unreadable(path, "document", "a PDF that is broken", "Save it again.") from error


def _text(document: Any, number: int) -> str:
    """The page's own text; empty for a broken page."""
    import pypdfium2

    try:
        page = document[number]
        part = page.get_textpage()
        text: str = part.get_text_range()
        part.close()
        page.close()
    except pypdfium2.PdfiumError:
        return ""
    return text


def _seen(document: Any, number: int) -> Image.Image | None:
    """The page as a picture; None for one that is empty or broken."""
    import pypdfium2

    try:
        page = document[number]
        width, height = page.get_size()
        scale = _DOTS_PER_INCH / 72
        scale = min(scale, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        image: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
        page.close()
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return None
    lows_highs = image.convert("L").resize((200, 200)).getextrema()
    return None if lows_highs[0] == lows_highs[1] else image


def _by_eye(
    image: Image.Image, place: str, stage: Stage
) -> Iterator[tuple[Paragraph, float | None]]:
    with ocr.leased(stage, ocr.packaged_models()) as engine:
        lines = ocr.lines(engine, image, stage)
    if lines:
        size = sum(len(line.text) for line in lines)
        confidence = sum(line.confidence * len(line.text) for line in lines) / size
        for paragraph in paragraphs("\n".join(line.text for line in lines)):
            yield Paragraph(paragraph, place, place), confidence


def _unread(page: int, count: int) -> str:
    pages = f"page {page}" if page == count else f"pages {page} to {count}"
    return (
        f"[Not read: {pages}. Only {MAX_SCANNED} pages that are pictures are read at once; give "
        "the rest as a file of its own.]"
    )
