"""A document is taken in with its first words, which stand for it."""

from __future__ import annotations

import os
from pathlib import Path

import docx
import pytest

from desktop.assistant.media_folder import MediaFolder, file_name, medium_at
from desktop.assistant.media_import import MediaImport
from desktop.assistant.media_probe.client import MediaProbe
from desktop.assistant.media_probe.documents import LONGEST
from desktop.assistant.media_probe.process import look
from desktop.assistant.media_probe.protocol import MARKS, WORDS
from desktop.assistant.previews import Previews
from plugins.document_kinds import CSV, DOCX, HTML, MARKDOWN, PDF, PLAIN
from plugins.errors import KnownError
from storage.library import Library
from tests.plugins.readers.making import pdf


def minutes(path: Path) -> Path:
    """A Word file in two languages."""
    document = docx.Document()
    document.add_heading("Minutes & <plans>")
    document.add_paragraph("We met on Monday. 会议")
    document.save(os.fspath(path))
    return path


PAGE = "<html><head><title>T</title><script>x</script></head><h1>Hello</h1><p>a <b>b</b>&amp;c</p>"


def write(path: Path) -> Path:
    """A document of the kind that its name says."""
    match path.suffix:
        case ".docx":
            return minutes(path)
        case ".pdf":
            path.write_bytes(pdf(["Report of 2026", "Everything is well."], ["The end"], None))
        case ".html":
            path.write_text(PAGE, encoding="utf-8")
        case _:
            path.write_bytes("# Notes\r\n\r\n钥匙,key\r\n".encode("gb18030"))
    return path


@pytest.mark.parametrize(
    ("name", "mime", "words", "pages"),
    [
        ("a.docx", DOCX, "Minutes & <plans>\nWe met on Monday. 会议", None),
        ("a.pdf", PDF, "Report of 2026\nEverything is well.", 3),
        ("a.html", HTML, "Hello\na b&c", None),
        ("a.md", MARKDOWN, "# Notes\n钥匙,key", None),
        ("a.csv", CSV, "# Notes\n钥匙,key", None),
        ("a", PLAIN, "# Notes\n钥匙,key", None),
    ],
)
def test_first_words_and_pages_stand_for_a_document(
    tmp_path: Path, name: str, mime: str, words: str, pages: int | None
) -> None:
    seen = look(write(tmp_path / name))

    assert (seen.modality, seen.mime, seen.width, seen.duration_s) == ("document", mime, None, None)
    (sketch,) = seen.sketches
    assert (sketch.kind, sketch.mime, sketch.height) == (WORDS, "text/plain", pages)
    assert sketch.data.decode() == words


def test_of_a_long_text_the_beginning_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("many words \n\n" * 100_000, encoding="utf-8")

    (sketch,) = look(tmp_path / "a.txt").sketches

    assert len(sketch.data.decode()) == LONGEST


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.pdf", b"%PDF-1.4 and nothing more", "found a PDF that is broken"),
        ("a.png", b"\0\1\2\3 neither text nor medium", "not known here"),
        ("a.txt", b"", "an empty file"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(data)

    with pytest.raises(KnownError, match=says):
        look(tmp_path / name)


def test_a_document_is_taken_into_the_library_through_the_helper(tmp_path: Path) -> None:
    path = write(tmp_path / "report.pdf")
    media_probe = MediaProbe()
    try:
        with Library.open(tmp_path / "library.db") as library:
            folder = MediaFolder(library, tmp_path / "media")
            previews = Previews(library, media_probe, folder)

            medium = MediaImport(library, media_probe, previews).file(path)

            assert (medium.modality, medium.mime) == ("document", PDF)
            assert medium.previews == (WORDS,) == (MARKS["document"],)
            preview = previews.get(medium.sha256, WORDS)
            assert preview is not None and preview.data.startswith(b"Report of 2026")
            assert previews.checked(medium.sha256) == medium
            copy = folder.path(medium)
            assert copy.suffix == ".pdf" and medium_at(str(copy)) == medium.sha256
            assert file_name(medium, words="my report") == "my-report.pdf"
            assert library.check().sound
    finally:
        media_probe.close()
