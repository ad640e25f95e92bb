"""Reads documents passage by passage, whatever their kind. Files are untrusted."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from plugins.api import Observation, Reader, Stage
from plugins.document_kinds import CSV, DOCX, HTML, MARKDOWN, PDF, mime_of
from plugins.errors import phrase
from plugins.readers.documents import html_text, texts
from plugins.readers.documents.passages import Paragraph, Passage, passages
from plugins.readers.documents.pdf import pdf
from plugins.readers.documents.word import word
from plugins.readers.media import check, opened, unreadable
from plugins.text_decoding import decoded

MAX_BYTES = 100_000_000
_STEP = 500
"""Passages between two reports of progress."""


class DocumentReader(Reader):
    """Text, Markdown, HTML, CSV, Word and PDF."""

    id = "medley.documents"
    version = "1"
    modalities = ("document",)

    def read(self, path: Path, modality: str, stage: Stage) -> list[Observation]:
        """One observation a passage, in reading order, with its place; empty for a document
        without words.

        Raises:
            KnownError: the file is no document, broken, too large, or has a password.
            Cancelled: the stage asked to stop.
        """
        with opened(path, "document") as file:
            size = path.stat().st_size
            if size > MAX_BYTES:
                raise unreadable(
                    path,
                    "document",
                    phrase("{size} MB", size=size // 1_000_000),
                    phrase("At most {most} MB are read: split it.", most=MAX_BYTES // 1_000_000),
                )
            found: list[Observation] = []
            for number, (passage, confidence) in enumerate(_passages(file, path, stage), 1):
                check(stage)
                if number % _STEP == 0:
                    stage.progress(number, number + _STEP)
                found.append(
                    Observation(
                        "document",
                        passage.text,
                        confidence=None if confidence is None else round(confidence, 3),
                        place=passage.place,
                        source=self.id,
                    )
                )
        return found


def _passages(file: BinaryIO, path: Path, stage: Stage) -> Iterator[tuple[Passage, float | None]]:
    mime = mime_of(file, path.name)
    if mime == PDF:
        for confidence, group in groupby(pdf(file, path, stage), key=lambda pair: pair[1]):
            for passage in passages(paragraph for paragraph, _ in group):
                yield passage, confidence
        return
    if mime is None:
        raise unreadable(
            path, "document", "a kind of file that is not known here", "Save it as PDF or text."
        )
    sure = passages(word(file, path, stage)) if mime == DOCX else _of_text(file, path, mime)
    for passage in sure:
        yield passage, None


def _of_text(file: BinaryIO, path: Path, mime: str) -> Iterable[Passage]:
    file.seek(0)
    data = file.read()
    text = _declared(data) if mime == HTML else None
    text = text if text is not None else decoded(data)
    if text is None:
        raise unreadable(path, "document", "a text in no known encoding", "Save it as UTF-8.")
    if mime == CSV:
        return _rows(text, path)
    kinds = {MARKDOWN: texts.markdown, HTML: html_text.html}
    paragraphs: Iterator[Paragraph] = kinds.get(mime, texts.plain)(text)
    return passages(paragraphs)


def _rows(text: str, path: Path) -> Iterator[Passage]:
    try:
        yield from texts.table(text)
    except csv.Error as error:
        raise unreadable(
            path, "document", phrase("a table that is broken ({error})", error=error)
        ) from error


def _declared(data: bytes) -> str | None:
    """A page in the encoding that it declares, where that is right."""
    charset = html_text.declared_charset(data)
    if charset is None:
        return None
    try:
        name = codecs.lookup(charset).name
        return data.decode("gb18030" if name in ("gb2312", "gbk") else name)
    except (LookupError, UnicodeError):
        return None
