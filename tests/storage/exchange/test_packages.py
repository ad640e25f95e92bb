"""Packages of conversations: folders and zip files that are whole or not there."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from storage.errors import ExchangeError
from storage.exchange.packages import MANIFEST, FolderSource, ZipSource, sink_at, source_at


@pytest.mark.parametrize("name", ["boats", "boats.zip"])
def test_a_failure_leaves_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(RuntimeError), sink_at(tmp_path / name):
        raise RuntimeError

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "boats").mkdir()

    with pytest.raises(ExchangeError, match="is there already"), sink_at(tmp_path / "boats"):
        pass


def test_links_and_names_that_lead_out_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    inside = tmp_path / "boats"
    inside.mkdir()
    (inside / MANIFEST).write_text("{}")
    (inside / "link").symlink_to(tmp_path / "secret")
    source = FolderSource(inside)

    for name in ("link", "../secret", "none"):
        with pytest.raises(ExchangeError), source.open(name):
            pass


@pytest.mark.parametrize("name", ["../out", "/etc/out", "C:/out", "a\\..\\out"])
def test_a_zip_with_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(MANIFEST, "{}")
        packed.writestr(name, "x")

    with pytest.raises(ExchangeError):
        ZipSource(path)


@pytest.mark.parametrize("top", ["", "boats/"])
def test_a_packed_folder_is_read_as_one_that_was_not(tmp_path: Path, top: str) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{top}{MANIFEST}", "{}")
        packed.writestr(f"{top}media/a.png", "png")

    with source_at(path) as source, source.open("media/a.png") as file:
        assert file.read() == b"png"


def test_what_is_no_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")

    for name, found in (("none", "no file or folder"), ("x.zip", "no sound zip file")):
        with pytest.raises(ExchangeError, match=found), source_at(tmp_path / name):
            pass
