"""Hostile files: one clear sentence, and the file stays as it was, byte for byte."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.errors import (
    BusyError,
    DamagedError,
    FileError,
    LibraryError,
    NotALibraryError,
    NotWritableError,
)
from storage.file import database
from storage.library import Library
from storage.maintenance.repair import repair
from storage.records import Text

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed library that is longer than a few pages, to be copied."""
    path = tmp_path_factory.mktemp("master") / "library.db"
    with Library.open(path) as library:
        conversation = library.conversations.new("Boats").id
        for i in range(40):
            library.messages.add(conversation, [Text(f"message {i} " + "words " * 60)])
        library.media.add_bytes(b"x" * 3_000_000, mime="image/png", modality="image")
    return path


@pytest.fixture
def filled(master: Path, library_path: Path) -> Path:
    """A copy that may be spoiled."""
    library_path.parent.mkdir()
    shutil.copy(master, library_path)
    return library_path


def fingerprint(folder: Path) -> dict[str, str]:
    """Names and hashes of all files but locks and the empty logs that SQLite makes to read."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.stat().st_size > 0 and not path.name.endswith((".lock", "-shm"))
    }


def _random(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(50_000))


def _words(path: Path) -> None:
    path.write_text("my diary\n" * 100, "utf-8")


def _another_programs(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE history (url TEXT)")
        connection.commit()


def _shortest(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:50])


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _only_a_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def _random_schema(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100:4096] = random.Random(2).randbytes(3996)
    path.write_bytes(data)


HOSTILE: dict[Callable[[Path], None], type[LibraryError]] = {
    _random: NotALibraryError,
    _words: NotALibraryError,
    _another_programs: NotALibraryError,
    _shortest: DamagedError,
    _only_a_header: DamagedError,
    _cut: DamagedError,
    _random_schema: DamagedError,
}


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("spoil", HOSTILE, ids=lambda function: function.__name__)
def test_a_file_that_does_not_serve_is_left_as_it_is(
    filled: Path, spoil: Callable[[Path], None], read_only: bool
) -> None:
    spoil(filled)
    before = fingerprint(filled.parent)

    with pytest.raises(HOSTILE[spoil]) as caught:
        Library.open(filled, read_only=read_only)

    assert fingerprint(filled.parent) == before
    assert str(filled) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400 + len(str(filled))


def test_random_damage_is_told_and_never_crashes(filled: Path) -> None:
    whole = filled.read_bytes()
    for seed in range(25):
        numbers = random.Random(seed)
        data = bytearray(whole)
        for _ in range(4):
            at = numbers.randrange(100, len(data) - 600)
            data[at : at + 500] = numbers.randbytes(500)
        filled.write_bytes(data)
        try:
            with Library.open(filled, read_only=True) as library:
                assert not library.check().sound, f"seed {seed} was not noticed"
        except LibraryError as error:
            assert "damaged" in str(error) or "not a Medley library" in str(error)


def test_a_folder_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="expected a file, found a folder"):
        Library.open(tmp_path)


def test_an_empty_file_becomes_a_library(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.touch()

    with Library.open(path) as library:
        assert library.conversations.list() == []


def test_reading_does_not_make_a_library(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no library here yet"):
        Library.open(tmp_path / "none.db", read_only=True)

    assert list(tmp_path.iterdir()) == []


def test_a_library_is_held_by_one_process_but_read_by_others(filled: Path) -> None:
    with Library.open(filled) as library:
        code = (
            "import sys; from pathlib import Path\n"
            "from storage.library import Library\nfrom storage.errors import BusyError\n"
            "path = Path(sys.argv[1])\n"
            "print(Library.open(path, read_only=True).conversations.list()[0].title)\n"
            "try: Library.open(path)\n"
            "except BusyError as error: print(error)"
        )
        result = subprocess.run(
            [sys.executable, "-c", code, filled],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        title, refusal = result.stdout.splitlines()
        assert title == "Boats"
        assert "held by another program" in refusal
        assert library.conversations.new("still mine").id

    with Library.open(filled) as again:
        assert len(again.conversations.list()) == 2


def test_a_second_opening_in_the_same_process_is_refused_too(filled: Path) -> None:
    with Library.open(filled):
        with pytest.raises(BusyError, match="held by another program"):
            Library.open(filled)


def test_a_file_that_another_program_locked_says_so(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    with Library.open(filled) as library, closing(sqlite3.connect(filled)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError, match="held by another program"):
            library.conversations.new()
        other.rollback()
        library.conversations.new("now it goes")


def test_a_library_opened_for_reading_takes_no_writes(filled: Path) -> None:
    before = fingerprint(filled.parent)

    with Library.open(filled, read_only=True) as library:
        with pytest.raises(NotWritableError, match="for reading only"):
            library.conversations.new()
        assert library.check().sound

    assert fingerprint(filled.parent) == before


def test_a_closed_library_says_so(filled: Path) -> None:
    library = Library.open(filled)
    library.close()
    library.close()

    for call in (library.conversations.list, library.conversations.new):
        with pytest.raises(LibraryError, match="was closed"):
            call()


@pytest.fixture
def others_folder(filled: Path) -> Iterator[Path]:
    """A folder with a library that the user `nobody` may read and not write."""
    folder = Path(tempfile.mkdtemp())
    shutil.copy(filled, folder / "library.db")
    (folder / "library.db").chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="has other rights")
def test_a_library_in_a_read_only_folder_can_be_read(others_folder: Path) -> None:
    code = (
        "import filelock, os, sys, storage.maintenance.health; from pathlib import Path\n"
        "from storage.library import Library\nfrom storage.errors import LibraryError\n"
        "try: os.geteuid() or os.setuid(65534)\n"
        "except OSError: sys.exit('no other user')\n"
        "path = Path(sys.argv[1])\n"
        "library = Library.open(path / 'library.db', read_only=True)\n"
        "print(library.conversations.list()[0].title, library.check().sound)\n"
        "for name in ('library.db', 'new.db', 'sub/new.db'):\n"
        "    try: Library.open(path / name)\n"
        "    except LibraryError as error: print(type(error).__name__, error)"
    )
    before = fingerprint(others_folder)

    result = subprocess.run(
        [sys.executable, "-c", code, others_folder],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    if result.stderr == "no other user\n":
        pytest.skip("this is root of a user namespace that knows no other user")
    assert result.returncode == 0, result.stderr
    first, *refusals = result.stdout.splitlines()
    assert first == "Boats True"
    assert len(refusals) == 3
    for refusal in refusals:
        assert refusal.startswith("NotWritableError")
        assert "Check that its folder is there" in refusal
    assert fingerprint(others_folder) == before


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit on the size of files")
def test_a_library_that_finds_no_room_is_not_left_half_made(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from storage.library import Library\nfrom storage.errors import LibraryError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "try: Library.open(Path(sys.argv[1]))\n"
        "except LibraryError as error: print(error)"
    )

    result = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "library.db"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert "free space" in result.stdout
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".lock"] == []


@pytest.mark.parametrize("special", ["fifo", "/dev/zero", "broken link", "x" * 300, "a\0b"])
def test_what_is_no_file_is_told_at_once(special: str, tmp_path: Path) -> None:
    path = Path(special) if special.startswith("/") else tmp_path / special
    if special == "fifo":
        os.mkfifo(path)
    elif special == "broken link":
        path.symlink_to(tmp_path / "nowhere")
    with Library.open(tmp_path / "library.db") as library:
        conversation = library.conversations.new().id
        for work in (
            lambda: Library.open(path, read_only=True),
            lambda: library.exchange.import_conversation(path),
            lambda: library.exchange.import_library(path),
            lambda: library.exchange.export(conversation, path),
            lambda: library.backup(path),
            lambda: repair(tmp_path / "library.db", path),
        ):
            with pytest.raises(LibraryError) as caught:
                work()
            assert "\n" not in str(caught.value)
