"""What a person said to Medley can be read by nobody else on the machine."""

from __future__ import annotations

import gzip
import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from storage.library import Library, default_path
from storage.maintenance.repair import repair
from tests.storage.file.making_versions import fill

OLDEST = min((Path(__file__).parent / "versions").glob("*.db.gz"))


@pytest.fixture(autouse=True)
def everybody() -> Iterator[None]:
    """Files that a program makes without a thought can be read and written by everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Names of the files and folders below that others can look into."""
    return sorted(
        path.name
        for path in (folder, *folder.rglob("*"))
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    )


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Medley's own folder."""
    folder = tmp_path / "medley"
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda name, appauthor: str(folder))
    return folder


def test_the_library_its_logs_and_its_folder_are_private_from_the_start(mine: Path) -> None:
    with Library.open() as library:
        fill(library)
        assert {path.name for path in mine.iterdir()} >= {
            "library.db", "library.db-wal", "library.db-shm", "library.db.lock",
        }  # fmt: skip
        assert open_to_others(mine) == []
    with Library.open(read_only=True):
        assert open_to_others(mine) == []


def test_what_an_older_medley_left_open_is_corrected(mine: Path) -> None:
    mine.mkdir()
    default_path().write_bytes(gzip.decompress(OLDEST.read_bytes()))
    for name in ("library.db", "library.db.lock", "library-before-2025-01-01-x.db"):
        (mine / name).touch()
        (mine / name).chmod(0o666)
    (mine / "bundles").mkdir(mode=0o755)

    with Library.open() as library:
        library.conversations.new("one")
        assert open_to_others(mine) == ["bundles"]
        assert len(list(mine.glob("library-before-*.db"))) >= 2


def test_a_folder_of_the_persons_own_is_left_as_it_is_and_a_new_one_is_private(
    tmp_path: Path,
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    for folder in (shared, tmp_path / "above" / "new"):
        Library.open(folder / "library.db").close()
    assert open_to_others(shared) == ["shared"]
    assert open_to_others(tmp_path / "above" / "new") == []


def test_backups_repairs_and_exports_are_private(mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o755)
    with Library.open() as library:
        fill(library)
        conversation = library.conversations.list()[0].id
        library.backup(out / "backup.db")
        library.exchange.export(conversation, out / "whole.zip")
        library.exchange.export(conversation, out / "whole")
    repair(default_path(), out / "repaired.db")

    assert open_to_others(out) == ["out"]
    with zipfile.ZipFile(out / "whole.zip") as archive:
        assert {entry.external_attr >> 16 & 0o777 for entry in archive.infolist()} == {0o600}
    assert open_to_others(mine) == []


def test_a_medium_that_is_saved_alone_is_a_file_like_any_other(tmp_path: Path) -> None:
    os.umask(0o022)
    with Library.open(tmp_path / "library.db") as library:
        sha256 = library.media.add_bytes(b"png", mime="image/png", modality="image").sha256
        library.media.copy_to(sha256, tmp_path / "saved.png")
    assert stat.S_IMODE((tmp_path / "saved.png").stat().st_mode) == 0o644
