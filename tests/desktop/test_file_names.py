"""What a person, or another program, may call a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.file_names import local
from plugins.errors import KnownError
from tests.desktop.conftest import Run, error_line


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("/a/b.png", "/a/b.png"),
        ("b.png", "b.png"),
        ("file:///a%20b/caf%C3%A9.png", "/a b/caf\u00e9.png"),
        ("file://localhost/a", "/a"),
        (Path("file:///a%20b"), "/a b"),
        ("FILE:///a", "/a"),
        ("file:///caf%e9", "/caf\udce9"),
        ("C:/pictures/a.png", "C:/pictures/a.png"),
        ("a:b", "a:b"),
        ("10:30 note.txt", "10:30 note.txt"),
    ],
)
def test_a_name_means_a_path(name: str | Path, path: str) -> None:
    assert local(name) == Path(path)


def test_the_own_folder_is_meant_by_its_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert local("~/boat.png") == Path("/home/ada/boat.png")


def test_a_file_whose_name_looks_like_an_address_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("http:").mkdir()
    Path("http:/boat.png").touch()
    assert local("http://boat.png") == Path("http:/boat.png")


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "what is this?", "--image", "https://example.com/a.png"),
        ("ask", "what is this?", "--file", "HTTP://example.com/a.pdf"),
        ("render", "https://example.com/a.png"),
        ("library", "import", "https://example.com/a.zip"),
        ("library", "check", "--library", "smb://server/library.db"),
        ("ask", "draw a boat", "--out", "https://example.com/"),
        ("https://example.com/a.png",),
    ],
)
def test_an_address_is_told_from_a_file(words: tuple[str, ...], medley: Run) -> None:
    said = error_line(medley(*words))
    assert "found an address. Medley opens no connection" in said


def test_a_file_is_taken_by_its_address(medley: Run, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="address"):
        local("ftp://x/y")
    (tmp_path / "a b.db").write_bytes(b"no library")
    said = error_line(medley("library", "check", "--library", f"file://{tmp_path}/a%20b.db"))
    assert "a b.db is not a Medley library" in said
