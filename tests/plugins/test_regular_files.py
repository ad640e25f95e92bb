"""Only regular files are opened; pipes, devices and folders are refused at once."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from plugins.regular_files import SpecialFileError, open_regular, replace_file


def test_a_regular_file_is_opened_through_links(tmp_path: Path) -> None:
    file, link = tmp_path / "a", tmp_path / "b"
    file.write_bytes(b"words")
    link.symlink_to(file)

    with open_regular(link) as opened:
        assert opened.read() == b"words"


def test_a_pipe_without_a_writer_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(SpecialFileError, match="no regular file"):
        open_regular(pipe)


def test_a_folder_and_a_device_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, Path(os.devnull)):
        with pytest.raises(OSError):
            open_regular(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "none")


def test_a_file_is_replaced_whole_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "kept.toml"
    replace_file(path, b"before")

    replace_file(path, b"now")

    assert path.read_bytes() == b"now"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "kept.toml").mkdir()

    with pytest.raises(OSError):
        replace_file(tmp_path / "kept.toml", b"now")

    assert [one.name for one in tmp_path.iterdir()] == ["kept.toml"]
