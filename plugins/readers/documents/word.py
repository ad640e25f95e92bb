"""Paragraphs and tables of a Word file, in order. Imports docx on use.

Walks the body itself, because content controls and inserted text are left out by the library's own
lists; deleted text is not read. Files are untrusted: an archive that would unpack to far more than
a document is refused first.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from plugins.api import Stage
from plugins.errors import phrase
from plugins.readers.documents.passages import Paragraph
from plugins.readers.media import check, unreadable

MAX_UNPACKED = 300_000_000
"""Bytes of all parts together."""
MAX_PARTS = 20_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DELETED = frozenset((_W + "del", _W + "moveFrom", _FALLBACK))
_BREAKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_CHECK_EVERY = 500


def word(file: BinaryIO, path: Path, stage: Stage) -> Iterator[Paragraph]:
    """Paragraphs and rows of tables; their place is the heading above them, or the row.

    Raises:
        KnownError: the file is broken, locked, or would unpack to too much.
        Cancelled: the stage asked to stop.
    """
    _check_archive(file, path)
    document = _opened(file, path)
    styles = {style.style_id: style.name or "" for style in document.styles}
    place = ""
    tables = 0
    for number, block in enumerate(_blocks(document.element.body)):
        if number % _CHECK_EVERY == 0:
            check(stage)
        if block.tag == _W + "tbl":
            tables += 1
            yield from _rows(block, tables, place)
            continue
        text = _text(block).strip()
        style = styles.get(_style(block), "")
        if text and style.lower().startswith(("heading", "title")):
            place = f"heading: {text}"
        mark = "- " if style.lower().startswith("list") or _is_numbered(block) else ""
        yield Paragraph(mark + text if text else "", place, place)


def _check_archive(file: BinaryIO, path: Path) -> None:
    file.seek(0)
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise unreadable(
            path, "document", phrase("a Word file that is broken ({error})", error=error)
        ) from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise unreadable(
            path,
            "document",
            phrase(
                "a Word file that unpacks to more than {most} MB", most=MAX_UNPACKED // 1_000_000
            ),
            "Save it without its pictures.",
        )
    file.seek(0)


def _opened(file: BinaryIO, path: Path) -> Any:
    import docx

    try:
        return docx.Document(file)
    except Exception as error:  # what a broken file makes the library raise is open
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise unreadable(
            path, "document", phrase("a Word file that is broken ({error})", error=said)
        ) from error


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables below an element, also those inside content controls."""
    for child in parent:
        if child.tag in (_W + "p", _W + "tbl"):
            yield child
        elif child.tag not in _DELETED:
            yield from _blocks(child)


def _rows(table: Any, number: int, section: str) -> Iterator[Paragraph]:
    """The rows of a table; what stands in a table inside a cell belongs to the cell."""
    for row_number, row in enumerate(table.iter(_W + "tr"), 1):
        if next(row.iterancestors(_W + "tbl")) is not table:
            continue
        cells = []
        for cell in row.iter(_W + "tc"):
            if next(cell.iterancestors(_W + "tr")) is row:
                texts = (_text(paragraph).strip() for paragraph in cell.iter(_W + "p"))
                cells.append(" ".join(" ".join(texts).split()))
        place = f"table {number}, row {row_number}"
        if section:
            place = f"{section}, {place}"
        yield Paragraph(" | ".join(cells).strip(" |"), f"{section} table {number}", place)


def _text(paragraph: Any) -> str:
    """The visible text of a paragraph."""
    parts: list[str] = []
    _collect(paragraph, parts)
    return "".join(parts)


def _collect(element: Any, parts: list[str]) -> None:
    for child in element:
        if child.tag == _W + "t":
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(_BREAKS[child.tag])
        elif child.tag not in _DELETED and child.tag != _W + "pPr":
            if child.tag == _W + "p" and parts:
                parts.append("\n")  # A paragraph in a text box that hangs on this one.
            _collect(child, parts)


def _style(paragraph: Any) -> str:
    found = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if found is None else str(found.get(_W + "val"))


def _is_numbered(paragraph: Any) -> bool:
    return paragraph.find(f"{_W}pPr/{_W}numPr") is not None
