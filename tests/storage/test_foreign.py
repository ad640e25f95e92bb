"""Libraries that somebody changed: nothing in them runs, and what they hold can be saved."""

from __future__ import annotations

import _thread
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from storage.errors import DamagedError, NewerError, NotALibraryError
from storage.file.migrations import APPLICATION_ID
from storage.library import Library
from storage.maintenance.repair import repair
from storage.records import Query
from tests.storage.file.making_versions import fill

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
CHANGED = {
    "a view in the place of a table": (
        f"DROP TABLE settings; CREATE VIEW settings AS {ENDLESS}",
        "it holds a view 'settings' that Medley does not make",
    ),
    "a view more": (f"CREATE VIEW more AS {ENDLESS}", "a view 'more' that Medley does not make"),
    "a trigger more": (
        "CREATE TRIGGER more AFTER UPDATE ON conversations BEGIN "
        f"INSERT INTO settings (key, json) SELECT i, i FROM ({ENDLESS}); END",
        "a trigger 'more' that Medley does not make",
    ),
    "a trigger on the record of steps": (
        "CREATE TRIGGER more AFTER INSERT ON _sqlite_migrations BEGIN SELECT 1; END",
        "a trigger 'more' that Medley does not make",
    ),
    "a table more": ("CREATE TABLE more (x)", "a table 'more' that Medley does not make"),
    "another trigger of a known name": (
        "DROP TRIGGER parts_added; CREATE TRIGGER parts_added AFTER INSERT ON parts BEGIN "
        f"INSERT INTO settings (key, json) SELECT i, i FROM ({ENDLESS}); END",
        "its trigger parts_added is not as Medley makes it",
    ),
    "a view as the record of steps": (
        "DROP TABLE _sqlite_migrations; CREATE VIEW _sqlite_migrations AS "
        f"SELECT 'medley' AS migration_set, i AS name FROM ({ENDLESS})",
        "its view _sqlite_migrations is not as Medley makes it",
    ),
    "no index of words": ("DROP TABLE parts_text", "its table parts_text"),
    "no index": ("DROP INDEX messages_tree", "its index messages_tree is missing"),
    "no table": ("DROP TABLE drafts", "its table drafts is missing"),
    "steps out of order": (
        "DELETE FROM _sqlite_migrations WHERE id = 1",
        "the record of its steps is not in order",
    ),
}  # fmt: skip


@pytest.fixture
def filled(library_path: Path) -> Path:
    """A closed library with one of everything."""
    with Library.open(library_path) as library:
        fill(library)
    return library_path


def change(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


@pytest.mark.parametrize("case", CHANGED)
def test_a_library_of_another_shape_is_refused_and_can_be_saved(
    case: str, filled: Path, other: Library, tmp_path: Path
) -> None:
    script, found = CHANGED[case]
    change(filled, script)
    before = filled.read_bytes()

    for read_only in (True, False):
        with pytest.raises(DamagedError) as caught:
            Library.open(filled, read_only=read_only)
        assert found in str(caught.value) and "check --repair NEW_FILE" in str(caught.value)
    with pytest.raises(DamagedError):
        other.exchange.import_library(filled)
    assert filled.read_bytes() == before

    repair(filled, tmp_path / "new.db")
    with Library.open(tmp_path / "new.db") as saved:
        assert saved.check().problems == ()
        assert saved.search.newest(Query(text="boat"))


def test_a_list_of_tables_that_is_no_text_is_told(filled: Path, tmp_path: Path) -> None:
    change(
        filled,
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = "
        "replace(sql, 'INSERT INTO', CAST(x'494e53ff' AS TEXT)) WHERE name = 'parts_removed'",
    )

    with pytest.raises(DamagedError, match="malformed database schema"):
        Library.open(filled)
    repair(filled, tmp_path / "new.db")
    with Library.open(tmp_path / "new.db") as saved:
        assert saved.check().problems == ()
        assert saved.search.newest(Query(text="boat"))


def test_a_step_whose_name_is_no_text_is_one_of_a_newer_medley(filled: Path) -> None:
    change(filled, "UPDATE _sqlite_migrations SET name = CAST(x'ff6162' AS TEXT) WHERE id = 1")

    with pytest.raises(NewerError, match="written by a newer Medley"):
        Library.open(filled)


def test_a_file_that_only_says_it_is_a_library_is_none(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    change(path, f"PRAGMA application_id = {APPLICATION_ID}; CREATE TABLE history (url TEXT)")

    for read_only in (True, False):
        with pytest.raises(NotALibraryError):
            Library.open(path, read_only=read_only)


def test_a_first_start_that_was_killed_leaves_a_library_to_be_made(library_path: Path) -> None:
    library_path.parent.mkdir()
    change(library_path, "PRAGMA journal_mode = WAL; CREATE TABLE x (y); DROP TABLE x")

    with Library.open(library_path) as library:
        fill(library)
        assert library.check().problems == ()


def test_ctrl_c_is_heard_while_sqlite_works(filled: Path) -> None:
    with Library.open(filled) as library:
        threading.Timer(0.3, _thread.interrupt_main).start()
        with pytest.raises(KeyboardInterrupt), library._database.read() as connection:
            connection.execute(f"SELECT sum(i) FROM ({ENDLESS})").fetchone()

        assert library.conversations.list()


def test_ctrl_c_is_heard_while_words_are_looked_for(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.search.search.STEPS", 1)
    with Library.open(filled) as library:
        monkeypatch.setattr("storage.search.search.heard", _thread.interrupt_main)
        with pytest.raises(KeyboardInterrupt):
            library.search.newest(Query(text="boat"))
