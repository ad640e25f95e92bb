"""What can be read of a damaged library is saved; the damaged file is only read."""

from __future__ import annotations

import gzip
import hashlib
import random
import shutil
from pathlib import Path

import pytest

from storage.errors import DamagedError, ExchangeError, FileError, LibraryError, NotALibraryError
from storage.file.schema import tables
from storage.library import Library
from storage.maintenance.repair import repair
from storage.reading import LOST
from storage.records import Attachment, FailedPart, Observation, Query, Text
from tests.storage.file.making_versions import FOLDER

MESSAGES = 120
PAGE = 4096
FIRST_ROWS = 70
"""The first page that surely holds rows, and no list of tables."""


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed library of some hundred pages, to be copied."""
    path = tmp_path_factory.mktemp("master") / "library.db"
    with Library.open(path) as library:
        for name in ("first", "second"):
            conversation = library.conversations.new(name).id
            for i in range(MESSAGES):
                library.messages.add(conversation, [Text(f"{name} {i} " + "words and more " * 20)])
            data = random.Random(name).randbytes(100_000)
            sha = library.media.add_bytes(data, mime="image/png", modality="image").sha256
            library.messages.add(conversation, [Attachment(sha, "boat.png")])
        library.settings.put("theme", "dark")
    return path


@pytest.fixture
def filled(master: Path, library_path: Path) -> Path:
    """A copy that may be spoiled."""
    library_path.parent.mkdir()
    shutil.copy(master, library_path)
    return library_path


def words_of(library: Library) -> set[str]:
    """Every message's words, by its first two."""
    return {
        " ".join(message.text.split()[:2])
        for conversation in library.conversations.list()
        for message in library.messages.path(conversation.id)
    }


def test_a_sound_library_is_saved_whole(filled: Path, tmp_path: Path) -> None:
    saved = repair(filled, tmp_path / "new.db")

    assert saved.lost_media == 0
    assert saved.rows["messages"] == 2 * MESSAGES + 2
    with Library.open(filled) as old, Library.open(tmp_path / "new.db") as new:
        assert new.check() == old.check()
        assert new.conversations.list() == old.conversations.list()
        assert words_of(new) == words_of(old)
        assert new.settings.get("theme") == "dark"
        assert len(new.search.newest(Query(text="first 77"))) == 1


@pytest.mark.parametrize("kept", sorted(FOLDER.glob("*.db.gz")), ids=lambda path: path.name)
def test_a_library_of_every_version_is_saved_whole(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.write_bytes(gzip.decompress(kept.read_bytes()))

    repair(path, tmp_path / "new.db")

    with Library.open(path) as old, Library.open(tmp_path / "new.db") as new:
        assert new.check().problems == ()
        with old._database.read() as one, new._database.read() as other:
            assert tables(one) == tables(other) and "observations" in tables(one)
            for table in tables(one):
                count = f"SELECT count(*) FROM {table}"
                assert one.execute(count).fetchone() == other.execute(count).fetchone(), table


def test_what_readers_found_goes_with_a_medium_that_is_lost(filled: Path, tmp_path: Path) -> None:
    with Library.open(filled) as library:
        for medium in library.search.newest(Query(modalities=("image",)))[0].media:
            library.media.set_observations(medium.sha256, [Observation("text", "EXIT")])
        with library._database.maintenance() as connection:
            connection.execute("UPDATE chunks SET data = zeroblob(length(data))")

    saved = repair(filled, tmp_path / "new.db")

    assert (saved.lost_media, saved.rows["observations"]) == (2, 1)
    with Library.open(tmp_path / "new.db") as new:
        assert new.check().problems == ()
        assert new.search.newest(Query(text="exit")) == []


@pytest.mark.parametrize("seed", range(6))
def test_random_damage_costs_little(filled: Path, tmp_path: Path, seed: int) -> None:
    numbers = random.Random(seed)
    data = bytearray(filled.read_bytes())
    for _ in range(3):
        at = numbers.randrange(FIRST_ROWS, len(data) // PAGE) * PAGE
        data[at : at + PAGE] = numbers.randbytes(PAGE)
    filled.write_bytes(data)

    repair(filled, tmp_path / "new.db")

    assert filled.read_bytes() == data
    with Library.open(tmp_path / "new.db") as new:
        assert new.check().problems == ()
        assert len(words_of(new)) > MESSAGES


def test_a_truncated_library_gives_what_is_left(filled: Path, tmp_path: Path) -> None:
    data = filled.read_bytes()[: int(filled.stat().st_size * 0.7)]
    filled.write_bytes(data)
    with pytest.raises(DamagedError, match="--repair"):
        Library.open(filled)

    saved = repair(filled, tmp_path / "new.db")

    assert hashlib.sha256(filled.read_bytes()).digest() == hashlib.sha256(data).digest()
    assert saved.rows["messages"] > 0
    with Library.open(tmp_path / "new.db") as new:
        assert new.check().problems == ()


def test_messages_whose_surroundings_were_lost_are_kept(filled: Path, tmp_path: Path) -> None:
    with Library.open(filled) as library, library._database.maintenance() as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM conversations WHERE id = 1")
        connection.execute("DELETE FROM messages WHERE id = 150")
        connection.execute("DELETE FROM media WHERE id = 1")
        connection.execute("UPDATE chunks SET data = zeroblob(length(data)) WHERE medium_id = 2")

    saved = repair(filled, tmp_path / "new.db")

    assert saved.lost_media == 1
    with Library.open(tmp_path / "new.db") as new:
        assert new.check().problems == ()
        assert {c.title for c in new.conversations.list()} == {"", "second"}
        stray = next(c for c in new.conversations.list() if not c.title)
        assert len(new.messages.path(stray.id)) == MESSAGES + 1
        lost = new.messages.path(stray.id)[-1].parts[0]
        assert isinstance(lost, FailedPart)
        assert (lost.modality, lost.reason) == ("image", LOST)
        second = next(c for c in new.conversations.list() if c.title)
        assert new.messages.path(second.id)[-1].parts[0] != lost
        assert len(new.messages.path(second.id)) < MESSAGES


def test_a_library_of_which_nothing_is_left_says_so(filled: Path, tmp_path: Path) -> None:
    data = bytearray(filled.read_bytes())
    data[100:PAGE] = random.Random(0).randbytes(PAGE - 100)
    filled.write_bytes(data)
    with pytest.raises(FileError, match="Go back to a backup"):
        repair(filled, tmp_path / "new.db")
    filled.write_bytes(b"something else entirely" * 1000)
    with pytest.raises(LibraryError, match="not a Medley library"):
        repair(filled, tmp_path / "new.db")

    assert not (tmp_path / "new.db").exists()


def test_repair_never_writes_over_anything(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "new.db").write_text("mine", "utf-8")

    with pytest.raises(ExchangeError, match="there already"):
        repair(filled, tmp_path / "new.db")
    with pytest.raises(FileError, match="no file here"):
        repair(tmp_path / "nothing.db", tmp_path / "other.db")

    assert (tmp_path / "new.db").read_text("utf-8") == "mine"


def test_another_programs_file_is_no_library_to_repair(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(tmp_path / "history.db")) as connection:
        connection.execute("CREATE TABLE urls (url TEXT)")
        connection.commit()

    with pytest.raises(NotALibraryError):
        repair(tmp_path / "history.db", tmp_path / "new.db")
