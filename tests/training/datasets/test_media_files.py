"""Media are found beside the data, in the root, or by name anywhere below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.datasets.examples import BadData
from training.datasets.media_files import MediaFiles


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.png", "sub/b.png", "sub/c.wav", "one/d.png", "two/d.png", ".hidden/e.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    return tmp_path.resolve()


def test_found_in_three_ways(root: Path) -> None:
    files, source = MediaFiles(root), root / "sub" / "data.json"

    assert files.find("b.png", source) == root / "sub/b.png"
    assert files.find("sub/b.png", source) == root / "sub/b.png"
    assert files.find("b.png", root / "one/data.json") == root / "sub/b.png"
    assert files.find_stem(["x", "c"], [".wav"]) == root / "sub/c.wav"


@pytest.mark.parametrize("name", ["none.png", "e.png", "../outside.png", "/etc/passwd"])
def test_nothing_outside_or_hidden_is_found(root: Path, name: str) -> None:
    with pytest.raises(BadData, match="no file"):
        MediaFiles(root).find(name, root / "data.json")


def test_two_files_of_one_name_are_not_guessed_between(root: Path) -> None:
    with pytest.raises(BadData, match="2 files could be"):
        MediaFiles(root).find("d.png", root / "data.json")
    with pytest.raises(BadData, match="no file"):
        MediaFiles(root).find_stem(["c"], [".mp3"])
