"""Only regular files are opened; pipes, devices and folders are refused at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plugins.regular_files import SpecialFileError, open_regular


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
