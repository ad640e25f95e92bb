"""Documents become passages with their places; limits say so; nothing is cut in silence."""

from __future__ import annotations

import io
import threading
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from PIL import Image

from plugins.api import Observation
from plugins.errors import Cancelled, KnownError
from plugins.readers.documents import pdf as pdf_module
from plugins.readers.documents import reader as reader_module
from plugins.readers.documents import word as word_module
from plugins.readers.documents.passages import LONG
from plugins.readers.documents.reader import DocumentReader
from plugins.stage import RenderStage, UnlimitedMemory
from tests.plugins.readers.making import PAGE, page, pdf

ONE_PARAGRAPH = f"{PAGE[0]}\n{PAGE[1]} {PAGE[2]}"
"""A short line ends its paragraph."""
CHINESE = "离线助手可以回答问题，不需要网络。"


def read(path: Path, data: bytes | str, memory: UnlimitedMemory | None = None) -> list[Observation]:
    """What is found in a file of these bytes."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return DocumentReader(None).read(path, "document", RenderStage(0, memory=memory))


def pairs(found: list[Observation]) -> list[tuple[str, str]]:
    return [(one.place, one.text) for one in found]


def test_blocks_of_a_text_have_the_line_on_which_they_begin(tmp_path: Path) -> None:
    block = "Words of a block that is long enough to stand for itself. " * 5
    found = read(tmp_path / "notes.txt", f"{block}\n\n\n{block}\n")
    assert [one.place for one in found] == ["line 1", "line 4"]
    assert {(one.kind, one.source) for one in found} == {("document", "medley.documents")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_chinese_text_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    found = read(tmp_path / "a.txt", f"{CHINESE}\r\n{CHINESE}".encode(encoding))
    assert pairs(found) == [("line 1", f"{CHINESE}\n{CHINESE}")]


def test_headings_of_markdown_are_places(tmp_path: Path) -> None:
    text = "# Report\nFirst.\n\nCosts\n-----\n\nRent is 900.\n\n```\n# no heading\n```\n"
    assert pairs(read(tmp_path / "a.md", text)) == [
        ("heading: Report", "Report\nFirst."),
        ("heading: Costs", "Costs\nRent is 900.\n```\n# no heading\n```"),
    ]


def test_a_page_is_read_as_a_person_sees_it(tmp_path: Path) -> None:
    text = """<html><head><title>Boats</title><style>p {color: red}</style>
    <script>var hidden = "1 < 2";</script></head><body><h2>Prices &amp; times</h2>
    <p>Open at <b>seven</b>.<br>Closed
    on Sundays.</p><ul><li>row<li>sail</ul>
    <table><tr><th>Boat<th>Price<tr><td>Kayak<td>14</table><pre>a\n  b</pre>The end"""
    assert pairs(read(tmp_path / "a.html", text)) == [
        ("heading: Boats", "Boats"),
        (
            "heading: Prices & times",
            "Prices & times\nOpen at seven.\nClosed on Sundays.\n- row\n- sail\n"
            "Boat | Price\nKayak | 14\na\n  b\nThe end",
        ),
    ]


def test_a_page_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    text = f'<html><meta charset="gb2312"><p>{CHINESE}</p></html>'
    assert pairs(read(tmp_path / "a.htm", text.encode("gbk"))) == [("", CHINESE)]


def test_a_page_that_never_ends_its_head_loses_nothing(tmp_path: Path) -> None:
    text = "<html><head><title>T</title><meta><h1>Top</h1><p>One<p>Two"
    assert [one.text for one in read(tmp_path / "a.html", text)] == ["T", "Top\nOne\nTwo"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_rows_of_a_table_stand_below_their_titles(tmp_path: Path, mark: str) -> None:
    rows = [["name", "age"], ["Anna", "31"], ["Bob", "25"]]
    text = "\n".join(mark.join(row) for row in rows)
    found = read(tmp_path / "a.csv", text)
    assert pairs(found) == [("rows 2 to 3", "name | age\nAnna | 31\nBob | 25")]


def test_a_long_table_is_cut_between_rows_and_says_which(tmp_path: Path) -> None:
    rows = ["number,square,note"] + [f'{n},{n * n},"a, b"' for n in range(1, 201)]
    found = read(tmp_path / "a.csv", "\n".join(rows))
    assert len(found) > 4
    assert all(one.text.startswith("number | square | note\n") for one in found)
    assert all(len(one.text) <= LONG for one in found)
    assert sum(len(one.text.splitlines()) - 1 for one in found) == 200
    assert found[0].place.startswith("rows 2 to ")
    assert found[-1].text.endswith("200 | 40000 | a, b")


def test_a_table_of_numbers_has_no_titles(tmp_path: Path) -> None:
    assert pairs(read(tmp_path / "a.csv", "1,2\n3,4\n")) == [("rows 1 to 2", "1 | 2\n3 | 4")]


def word_file() -> bytes:
    """Headings, a list, a table, inserted, deleted and controlled text."""
    document = docx.Document()
    document.add_heading("Report", 0)
    document.add_paragraph("First words.")
    document.add_heading("Costs", 1)
    document.add_paragraph("rent", style="List Bullet")
    table = document.add_table(2, 2)
    for number, text in enumerate(("Item", "Price", "Tea", "3")):
        table.cell(number // 2, number % 2).text = text
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    for content in (
        "<w:ins><w:r><w:t>inserted</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>",
        "<w:sdt><w:sdtContent><w:r><w:t>controlled</w:t></w:r></w:sdtContent></w:sdt>",
    ):
        document.element.body.insert(-1, parse_xml(f"<w:p {space}>{content}</w:p>"))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_word_file_is_read_in_order_with_its_tables(tmp_path: Path) -> None:
    assert pairs(read(tmp_path / "a.docx", word_file())) == [
        ("heading: Report", "Report\nFirst words."),
        ("heading: Costs", "Costs\n- rent"),
        ("heading: Costs, table 1, row 1", "Item | Price\nTea | 3"),
        ("heading: Costs", "inserted\ncontrolled"),
    ]


def test_a_word_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_module, "MAX_UNPACKED", 10_000_000)
    buffer = io.BytesIO(word_file())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bomb.bin", bytes(20_000_000))
    with pytest.raises(KnownError, match=r"a\.docx: .* unpacks to more than 10 MB"):
        read(tmp_path / "a.docx", buffer.getvalue())


def test_a_word_file_that_is_broken_is_one_line(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(word_file())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"][:500]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(KnownError, match="a Word file that is broken") as told:
        read(tmp_path / "a.docx", buffer.getvalue())
    assert "\n" not in str(told.value)


def test_pages_of_a_pdf_are_places(tmp_path: Path) -> None:
    data = pdf(PAGE, ["Second page, about boats."], None, ["Fourth page (the last)."])
    found = read(tmp_path / "a.pdf", data)
    assert pairs(found) == [
        ("page 1", ONE_PARAGRAPH),
        ("page 2", "Second page, about boats."),
        ("page 4", "Fourth page (the last)."),
    ]
    assert {one.confidence for one in found} == {None}


def test_lines_of_a_paragraph_are_joined_and_words_made_whole() -> None:
    text = "The boats that are longer than\r\nnine metres pay more for the won\ufffe\r\nderful "
    text += "harbour.\r\nKeys are here.\r\n• one\r\n• two"
    assert pdf_module.paragraphs(text) == [
        "The boats that are longer than nine metres pay more for the wonderful harbour.",
        "Keys are here.",
        "• one",
        "• two",
    ]
    assert pdf_module.paragraphs("今天天气很好我们\n去公园散步。") == [
        "今天天气很好我们去公园散步。"
    ]
    assert pdf_module.paragraphs("Costs . . . . . . . 7") == ["Costs … 7"]


def test_a_page_that_is_a_picture_is_read_by_eye(tmp_path: Path, memory: UnlimitedMemory) -> None:
    found = read(tmp_path / "a.pdf", pdf(["A page with words."], page()), memory)
    assert found[0].text == "A page with words."
    assert (found[1].place, found[1].text) == ("page 2", ONE_PARAGRAPH)
    assert found[1].confidence is not None and found[1].confidence > 0.9


def test_pictures_beyond_the_limit_are_said_not_to_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: UnlimitedMemory
) -> None:
    monkeypatch.setattr(pdf_module, "MAX_SCANNED", 1)
    picture = page(["A page of paper."], 40)
    found = read(tmp_path / "a.pdf", pdf(picture, picture, picture), memory)
    assert found[0].text == "A page of paper."
    assert found[1].text.startswith("[Not read: pages 2 to 3. Only 1 pages")


def test_a_pdf_with_a_password_is_said_to_have_one(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(io.BytesIO(pdf(PAGE)))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(KnownError, match=r"a PDF with a password\. Save a copy without one"):
        read(tmp_path / "a.pdf", buffer.getvalue())


@pytest.mark.parametrize("share", [0.02, 0.5])
def test_a_pdf_that_is_cut_is_read_as_far_as_it_goes_or_is_one_line(
    tmp_path: Path, share: float
) -> None:
    data = pdf(PAGE, PAGE)
    try:
        found = read(tmp_path / "a.pdf", data[: int(len(data) * share)])
    except KnownError as error:
        assert "a PDF that is broken" in str(error)
    else:
        assert all(one.place.startswith("page ") for one in found)


def test_limits_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "MAX_PAGES", 2)
    with pytest.raises(KnownError, match=r"a PDF of 3 pages\. At most 2 are read: split it"):
        read(tmp_path / "a.pdf", pdf(PAGE, PAGE, PAGE))
    monkeypatch.setattr(reader_module, "MAX_BYTES", 1_000_000)
    with pytest.raises(KnownError, match=r"a\.txt: .* found 2 MB\. At most 1 MB are read: split"):
        read(tmp_path / "a.txt", "word " * 400_000)


def test_binary_data_is_no_document_and_an_empty_page_says_nothing(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    with pytest.raises(KnownError, match="a kind of file that is not known here"):
        read(tmp_path / "a.txt", (tmp_path / "a.png").read_bytes())
    assert read(tmp_path / "b.pdf", pdf(None)) == []


def test_reading_stops_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("word " * 100_000)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        DocumentReader(None).read(path, "document", RenderStage(0, cancel=stop))
