"""The kind of a document is told by its content; the name only tells kinds of text apart."""

from __future__ import annotations

import io
import zipfile

import pytest

from plugins import document_kinds as kinds


@pytest.mark.parametrize(
    ("data", "name", "mime"),
    [
        (b"%PDF-1.7\n...", "letter.txt", kinds.PDF),
        (b"plain words", "letter", kinds.PLAIN),
        (b"# A heading", "letter.md", kinds.MARKDOWN),
        (b"a,b\n1,2\n", "table.csv", kinds.CSV),
        (b"<!DOCTYPE html><p>words", "page.txt", kinds.HTML),
        ("你好，世界".encode("gb18030"), "letter.txt", kinds.PLAIN),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "letter.txt", None),
        (b"{\\rtf1 words}", "letter.rtf", None),
    ],
)
def test_the_kind_of(data: bytes, name: str, mime: str | None) -> None:
    assert kinds.mime_of(io.BytesIO(data), name) == mime


def archive(content_types: bytes) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("[Content_Types].xml", content_types)
    return made


def test_a_word_file_is_an_archive_that_says_so() -> None:
    word = archive(b"application/vnd...wordprocessingml.document.main+xml")

    assert kinds.mime_of(word, "x.zip") == kinds.DOCX
    assert kinds.mime_of(archive(b"something else"), "x.docx") is None


def test_a_text_with_bytes_of_another_kind_in_its_middle_is_none() -> None:
    words = b"words " * 40_000
    broken = words[:150_000] + b"\0" * 64 + words[150_000:]

    assert kinds.mime_of(io.BytesIO(words), "x.txt") == kinds.PLAIN
    assert kinds.mime_of(io.BytesIO(broken), "x.txt") is None
