"""A disk that is really full: a small file system in memory, which root may mount."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import FullError, LibraryError
from storage.library import Library
from storage.maintenance.health import CheckReport
from storage.maintenance.repair import repair
from storage.records import Attachment, Text

ROOM = 4 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root on Linux may mount a small file system; RLIMIT_FSIZE stands in")
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    mounted = subprocess.run(command, check=False, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"this system mounts no small file system: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, leave: int = 0) -> Path:
    """Take all room but so many bytes."""
    ballast = disk / "ballast"
    free = shutil.disk_usage(disk).free
    ballast.write_bytes(b"x" * max(free - leave, 0))
    return ballast


def sound(library: Library) -> CheckReport:
    """The library's check, which finds nothing."""
    report = library.check()
    assert report.problems == ()
    return report


def test_what_does_not_fit_is_refused_and_what_was_there_stays(small_disk: Path) -> None:
    with Library.open(small_disk / "library.db") as library:
        made, writer = library.messages.ask(None, [Text("draw a boat")])
        writer.text("Here it is: ")
        ballast = fill(small_disk, leave=65536)

        with pytest.raises(FullError, match="no room left to write"):
            library.media.add_bytes(os.urandom(1 << 20), mime="image/png", modality="image")
        with pytest.raises(FullError):
            for _ in range(100):
                writer.text("many words " * 1000)
                writer.flush()
        assert library.messages.get(made.id).text == "draw a boat"
        assert library.messages.get(writer.message_id).text.startswith("Here it is: ")

        ballast.unlink()
        writer.finish()
        assert library.messages.get(writer.message_id).state == "complete"
        assert library.messages.get(writer.message_id).text.endswith("many words ")
        assert sound(library).media == 0


def test_a_library_on_a_disk_without_any_room_waits_for_some(small_disk: Path) -> None:
    path = small_disk / "library.db"
    with Library.open(path) as library:
        library.messages.ask(None, [Text("before")])
    ballast = fill(small_disk)
    before = path.read_bytes()

    for read_only in (True, False):
        with pytest.raises(FullError, match="no room left"):
            Library.open(path, read_only=read_only)
    assert path.read_bytes() == before

    ballast.unlink()
    with Library.open(path) as library:
        assert [c.opening for c in library.conversations.list()] == ["before"]
        sound(library)


def test_no_library_is_made_on_a_full_disk(small_disk: Path) -> None:
    fill(small_disk)

    with pytest.raises(LibraryError, match="free"):
        Library.open(small_disk / "library.db")

    left = {path.name for path in small_disk.iterdir()} - {"library.db.lock"}
    assert left == {"ballast"}


@pytest.mark.parametrize("name", ["copy.db", "boats.zip", "boats"])
def test_copies_that_do_not_fit_leave_nothing(
    small_disk: Path, library: Library, boats: int, name: str
) -> None:
    data = os.urandom(2 << 20)
    sha = library.media.add_bytes(data, mime="image/png", modality="image").sha256
    library.messages.add(boats, [Attachment(sha)])
    before = library.path.read_bytes()
    fill(small_disk, leave=500_000)

    with pytest.raises(LibraryError, match="free some space"):
        if name == "copy.db":
            library.backup(small_disk / name)
        else:
            library.exchange.export(boats, small_disk / name)

    assert [path.name for path in small_disk.iterdir()] == ["ballast"]
    assert library.path.read_bytes() == before


def test_a_repair_that_does_not_fit_leaves_nothing(small_disk: Path, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.messages.ask(None, [Text("draw")])
        library.media.add_bytes(os.urandom(2 << 20), mime="image/png", modality="image")
    before = path.read_bytes()
    fill(small_disk, leave=200_000)

    with pytest.raises(LibraryError, match="free some space"):
        repair(path, small_disk / "saved.db")

    assert {p.name for p in small_disk.iterdir()} <= {"ballast", "saved.db.lock"}
    assert path.read_bytes() == before
