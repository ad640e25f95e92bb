"""Documents are known by content; binary data is never called a text."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import docx
import numpy as np
import pytest
import soundfile
from PIL import Image

from plugins.document_kinds import CSV, DOCX, HTML, MARKDOWN, PDF, PLAIN
from plugins.errors import KnownError
from runtime.media import detect_modality, document_mime

CHINESE = "离线助手可以回答问题，不需要网络。\n今天天气很好，我们去公园散步吧。\n"


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("notes.txt", b"The key is under the mat.\n", PLAIN),
        ("notes", b"No name says what it is.\n", PLAIN),
        ("program.py", b"def main() -> None:\n    print('hello')\n", PLAIN),
        ("readme.md", b"# Title\n\nWords.\n", MARKDOWN),
        ("table.CSV", b"name,age\nAnna,31\n", CSV),
        ("table.tsv", b"name\tage\nAnna\t31\n", CSV),
        ("page.html", b"<p>Words</p>", HTML),
        ("page.txt", b"\n <!DOCTYPE html><p>Words</p>", HTML),
        ("page", b'<?xml version="1.0"?>\n<html xmlns="x"><p>Words</p></html>', HTML),
        ("paper", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", PDF),
        ("paper.txt", b"\0\0rubbish before it\n%PDF-1.4\n", PDF),
        ("gbk.txt", CHINESE.encode("gbk"), PLAIN),
        ("big5.txt", "離線助手可以回答問題，今天天氣很好。".encode("big5"), PLAIN),
        ("utf16.txt", CHINESE.encode("utf-16"), PLAIN),
        ("utf16-no-mark.txt", "It has no mark.\n".encode("utf-16-le"), PLAIN),
        ("mark.csv", b"\xef\xbb\xbfname,age\n", CSV),
        ("latin.txt", "Größe, naïve, café: 5 €".encode("cp1252"), PLAIN),
        ("cut.txt", ("ä" * 40_000).encode(), PLAIN),
        # These words are also how media begin.
        ("cars.txt", b"BMW makes cars.\n", PLAIN),
        ("world.txt", b"The wide world.\n", PLAIN),
        ("gif.txt", b"GIF89a is a format.\n", PLAIN),
    ],
)
def test_a_document_is_known_by_its_content(
    tmp_path: Path, name: str, data: bytes, mime: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)

    assert document_mime(path) == mime


def test_a_word_file_is_known_under_any_name(tmp_path: Path) -> None:
    path = tmp_path / "letter.bin"
    docx.Document().save(str(path))

    assert document_mime(path) == DOCX


def test_other_archives_are_no_documents(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert document_mime(path) is None

    path.write_bytes(b"PK\x03\x04 and then nothing that an archive holds")
    assert document_mime(path) is None


@pytest.mark.parametrize("name", ["data.txt", "data.md", "data.csv", "data.html", "data.pdf"])
def test_binary_data_is_no_document_whatever_its_name(tmp_path: Path, name: str) -> None:
    generator = random.Random(7)
    path = tmp_path / name
    for size in (100, 1_000, 70_000):
        path.write_bytes(generator.randbytes(size))
        assert document_mime(path) is None


def test_a_program_behind_a_page_of_text_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "installer.txt"
    path.write_bytes(b"# words\n" * 10_000 + random.Random(1).randbytes(400_000))

    assert document_mime(path) is None


def test_a_page_for_a_printer_is_no_text_to_read(tmp_path: Path) -> None:
    path = tmp_path / "page.ps"
    path.write_bytes(b"%!PS-Adobe-3.0\n/Helvetica findfont\n")
    assert document_mime(path) is None

    path.write_bytes(rb"{\rtf1\ansi Words}")
    assert document_mime(path) is None


def test_media_are_no_documents(tmp_path: Path) -> None:
    picture, sound = tmp_path / "picture.txt", tmp_path / "sound.txt"
    Image.new("RGB", (4, 4)).save(picture, "BMP")
    soundfile.write(sound, np.zeros(100, np.float32), 8_000, format="WAV")

    assert document_mime(picture) is None
    assert document_mime(sound) is None
    assert (detect_modality(picture), detect_modality(sound)) == ("image", "audio")


def test_an_absent_or_empty_file_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(
        KnownError, match=r"document .*: expected a readable document, found no such"
    ):
        document_mime(tmp_path / "gone.txt")
    (tmp_path / "empty.txt").touch()
    with pytest.raises(KnownError, match="an empty file"):
        document_mime(tmp_path / "empty.txt")
