"""Made files arrive whole or not at all, and never over another file."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop.cli.printing.output import OutputFolder
from desktop.file_names import slug
from plugins.errors import KnownError


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes: what a full disk looks like."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_second_file_gets_the_next_number(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path / "new" / "deep")

    first, second = folder.save(b"1", "boat", ".png"), folder.save(b"2", "boat", ".png")

    assert (first.name, second.name) == ("boat-1.png", "boat-2.png")
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "boat-1.png").symlink_to(tmp_path / "elsewhere")

    assert OutputFolder(tmp_path).save(b"1", "boat", ".png").name == "boat-2.png"
    assert not (tmp_path / "elsewhere").exists()


def test_checking_creates_nothing(tmp_path: Path) -> None:
    OutputFolder(tmp_path / "new").check()

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    with room_for(1000), pytest.raises(KnownError, match="no room left"):
        OutputFolder(tmp_path).save(b"x" * 5000, "boat", ".png")

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_found_before_anything_runs(tmp_path: Path) -> None:
    with room_for(1000), pytest.raises(KnownError, match="no room left"):
        OutputFolder(tmp_path).check()


def test_a_read_only_folder_is_found_before_anything_runs(read_only_folder: Path) -> None:
    with pytest.raises(KnownError, match="cannot write there"):
        OutputFolder(read_only_folder / "new").check()
    with pytest.raises(KnownError, match="cannot write there"):
        OutputFolder(read_only_folder).save(b"x", "boat", ".png")


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")

    with pytest.raises(KnownError, match="is a file"):
        OutputFolder(tmp_path / "out" / "deeper").check()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Draw a red boat!", "draw-a-red-boat"),
        ("../../etc/passwd", "etc-passwd"),
        ("?!", "answer"),
        ("x" * 300, "x" * 40),
        ("\udcff", "answer"),
        (
            "one two three four five six seven eight nine ten",
            "one-two-three-four-five-six-seven-eight",
        ),
    ],
)
def test_a_request_becomes_a_safe_file_name(text: str, name: str) -> None:
    assert slug(text) == name


@pytest.mark.parametrize("stem", ["n" * 251, "\u6d77" * 85, "e\udcff" * 120])
def test_a_long_name_leaves_room_for_its_number(stem: str, tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    made = [folder.save(b"x", stem, ".jpeg") for _ in range(2)]

    assert [path.name.endswith(f"-{n}.jpeg") for n, path in enumerate(made, 1)] == [True, True]
    assert all(stem.startswith(path.name.rsplit("-", 1)[0]) for path in made)
