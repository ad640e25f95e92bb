"""The files of the scenes that are written here hold what the scenes ask about."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from benchmarks.first_hour import files
from benchmarks.first_hour.scenes import SCENES


def test_the_report_is_a_pdf_of_three_pages(tmp_path: Path) -> None:
    import pypdf

    files._report(tmp_path / "report.pdf")
    pages = pypdf.PdfReader(tmp_path / "report.pdf").pages
    assert len(pages) == 3
    assert "8,300 euros were left" in pages[2].extract_text()


def test_the_invitation_is_a_word_document_with_a_table(tmp_path: Path) -> None:
    import docx

    files._invitation(tmp_path / "invitation.docx")
    document = docx.Document(str(tmp_path / "invitation.docx"))
    assert "school gym" in "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert document.tables[0].cell(2, 1).text == "apple juice"


def test_the_notice_is_a_picture_with_words_in_it(tmp_path: Path) -> None:
    files._notice(tmp_path / "notice.png")
    with Image.open(tmp_path / "notice.png") as picture:
        dark = sum(picture.convert("L").histogram()[:80])
    assert dark > 5000


def test_a_scene_gives_no_file_that_is_not_made(tmp_path: Path) -> None:
    for name in ("notice.png", "report.pdf", "invitation.docx", "coffee.png", "photo.heic"):
        (tmp_path / name).touch()
    (tmp_path / "speech.mp3").touch()
    made = files.make(tmp_path)  # All are there already, so that no package is asked for.
    assert {scene.file for scene in SCENES if scene.file} == set(made)
