"""A file is whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.atomic_files import kind_of, not_written, write_whole
from storage.errors import FullError, LibraryError


def test_pieces_become_one_file_in_the_place_of_the_former(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"before")

    write_whole(path, [b"one", b"two"])

    assert path.read_bytes() == b"onetwo"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_half_way_leaves_the_former_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"before")

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(FullError):
        write_whole(path, pieces())
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_kinds_of_names(tmp_path: Path) -> None:
    file, pipe, broken = tmp_path / "file", tmp_path / "pipe", tmp_path / "broken"
    file.write_bytes(b"")
    os.mkfifo(pipe)
    broken.symlink_to(tmp_path / "nowhere")

    assert kind_of(tmp_path) == "folder"
    assert kind_of(file) == "file"
    assert kind_of(tmp_path / "none") == "nothing"
    assert kind_of(pipe) == kind_of(broken) == "special"
    with pytest.raises(LibraryError):
        kind_of(Path("a\0b"))


def test_a_full_disk_is_told_from_other_reasons(tmp_path: Path) -> None:
    assert isinstance(not_written(tmp_path, OSError(28, "full")), FullError)
    assert "Permission denied" in str(not_written(tmp_path, OSError(13, "Permission denied")))
