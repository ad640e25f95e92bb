"""Texts by lines, documents as texts, media as they are."""

from __future__ import annotations

from pathlib import Path

from desktop.tools.protocol import Called
from tests.desktop.tools.calling import Calls
from tests.runtime.making_media import write_picture


def test_lines_of_a_text_are_read(calls: Calls, granted: Path) -> None:
    whole = calls.text("read_file", path="notes.txt", within=granted)
    part = calls.text("read_file", path="notes.txt", first_line=2, lines=1, within=granted)

    assert whole == "notes.txt, lines 1 to 3 of 3:\nbuy bread\nbuy milk\ncall Ada"
    assert part == "notes.txt, lines 2 to 2 of 3:\nbuy milk"
    assert "found only 3 lines" in calls.problem(
        "read_file", path="notes.txt", first_line=9, within=granted
    )


def test_a_long_text_is_read_in_part(calls: Calls, granted: Path) -> None:
    (granted / "long.txt").write_text("".join(f"line {n}\n" for n in range(5000)))

    text = calls.text("read_file", path="long.txt", within=granted)

    assert text.startswith("long.txt, lines 1 to 200 of 5000:")
    assert text.endswith("line 199")


def test_texts_in_other_encodings_are_read(calls: Calls, granted: Path) -> None:
    (granted / "gbk.txt").write_bytes("今天的天气很好，我们去公园散步。".encode("gb18030"))
    (granted / "empty.txt").touch()

    assert "公园" in calls.text("read_file", path="gbk.txt", within=granted)
    assert calls.text("read_file", path="empty.txt", within=granted) == "empty.txt is empty."


def test_a_word_file_is_read_as_text(calls: Calls, granted: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading("Boats")
    document.add_paragraph("The red boat leaves at nine.")
    document.save(str(granted / "boats.docx"))

    assert "The red boat leaves at nine." in calls.text(
        "read_file", path="boats.docx", within=granted
    )


def test_a_picture_is_given_back(calls: Calls, granted: Path) -> None:
    picture = write_picture(granted / "sea.png")

    called = calls.call("read_file", path="sea.png", within=granted)

    assert isinstance(called, Called)
    assert called.text == "sea.png is a picture; it is given back."
    (file,) = called.files
    assert file.name == "sea.png"
    assert Path(file.path).read_bytes() == picture.read_bytes()


def test_other_files_are_refused(calls: Calls, granted: Path) -> None:
    (granted / "program").write_bytes(b"\x7fELF\0\0\0" * 100)

    assert "found another kind of file" in calls.problem(
        "read_file", path="program", within=granted
    )
    assert "found a folder" in calls.problem("read_file", path="trips", within=granted)
    assert "found none" in calls.problem("read_file", path="away.txt", within=granted)
