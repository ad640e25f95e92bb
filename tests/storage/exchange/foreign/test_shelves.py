"""Files of an export are found by their own names and nowhere else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from storage.errors import ExchangeError
from storage.exchange.foreign.shelves import Index, shelf_at
from tests.storage.exchange.foreign.exports import PNG, chatgpt_zip, lm_studio_folder


def test_handles_find_files_by_name_or_beginning() -> None:
    index = Index(["a/file-Xy12-photo.png", "file_00ab.dat", "user/1726 - 431.png"])
    assert index.find("file-Xy12") == "a/file-Xy12-photo.png"
    assert index.find("file_00ab") == "file_00ab.dat"
    assert index.find("1726 - 431.png") == "user/1726 - 431.png"
    assert index.find("../1726 - 431.png") is None
    assert index.find("") is None


def test_a_zip_file_lists_its_documents(tmp_path: Path) -> None:
    with shelf_at(chatgpt_zip(tmp_path / "x.zip")) as shelf:
        assert shelf.documents() == ["conversations.json", "message_feedback.json", "user.json"]
        with shelf.open("file_00000000abcd-sanitized.png") as file:
            assert file.read() == PNG


def test_attachments_lie_beside_the_conversations_of_lm_studio(tmp_path: Path) -> None:
    with shelf_at(lm_studio_folder(tmp_path)) as shelf:
        name = Index(shelf.names()).find("1726 - 431.png")
        assert name is not None
        with shelf.open(name) as file:
            assert file.read() == PNG


def test_a_zip_file_that_grows_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", b"[" + b" " * 5_000_000 + b"]")
    with pytest.raises(ExchangeError, match="over 200 times as many"), shelf_at(path):
        pass


@pytest.mark.parametrize("name", ["../conversations.json", "/conversations.json", "c:\\x.json"])
def test_a_zip_file_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "out.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"[]")
    with pytest.raises(ExchangeError, match="leads out of it"), shelf_at(path):
        pass
