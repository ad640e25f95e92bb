"""Files that another program names are read if they are media, and never overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from desktop.mcp_server.given_files import medium, new_file, write
from plugins.errors import KnownError


def test_a_medium_is_told_by_its_content(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(tmp_path / "a.dat", "PNG")
    (tmp_path / "notes.txt").write_text("Boats leave at seven.")

    assert medium(str(tmp_path / "a.dat")).modality == "image"
    assert medium(str(tmp_path / "notes.txt")).modality == "document"


def test_a_new_file_is_written_whole(tmp_path: Path) -> None:
    path = new_file(str(tmp_path / "A.PNG"), (".png",))

    write(path, b"pixels")

    assert path.read_bytes() == b"pixels"


def test_links_that_lead_nowhere_count_as_files(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(KnownError, match="found one that is there"):
        new_file(str(tmp_path / "a.png"), (".png",))


@pytest.mark.parametrize(
    ("name", "why"),
    [("a.png", "whole path"), ("/tmp/a.sh", "ends in .png"), ("/no/a.png", "a folder to write")],
)
def test_names_that_do_not_serve_are_told(name: str, why: str) -> None:
    with pytest.raises(KnownError, match=why):
        new_file(name, (".png",))
