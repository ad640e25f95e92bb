"""Backups are whole while the library is in use; checks find what contradicts itself."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from storage.errors import ExchangeError, NotWritableError
from storage.library import Library
from storage.maintenance.health import INDEXES
from storage.records import Text
from tests.storage.file.making_versions import fill


def test_a_backup_is_a_library(library: Library, boats: int, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []

    library.backup(tmp_path / "backups" / "b.db", lambda done, of: steps.append((done, of)))

    assert [path.name for path in (tmp_path / "backups").iterdir()] == ["b.db"]
    assert steps[-1][0] == steps[-1][1] > 10
    with Library.open(tmp_path / "backups" / "b.db") as copy:
        assert copy.check() == library.check()
        assert copy.check().sound
        assert copy.conversations.list() == library.conversations.list()
        assert copy.messages.path(boats)[0] == library.messages.path(boats)[0]


def test_a_backup_while_others_write_is_whole(
    library: Library, conversation: int, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            library.messages.add(conversation, [Text("words " * 50)])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        library.backup(tmp_path / "b.db")
    finally:
        stop.set()
        writer.join()

    with Library.open(tmp_path / "b.db") as copy:
        assert copy.check().problems == ()


def test_a_backup_never_writes_over_anything(library: Library, tmp_path: Path) -> None:
    (tmp_path / "b.db").write_text("mine", "utf-8")
    (tmp_path / "file").touch()

    with pytest.raises(ExchangeError, match="there already"):
        library.backup(tmp_path / "b.db")
    with pytest.raises(NotWritableError, match="cannot be opened or written"):
        library.backup(tmp_path / "file" / "b.db")

    assert (tmp_path / "b.db").read_text("utf-8") == "mine"
    assert list(tmp_path.glob(".medley*")) == []


def test_a_sound_library_is_counted(library: Library, boats: int) -> None:
    told: list[str] = []

    report = library.check(told.append)

    assert report.sound
    assert (report.conversations, report.messages, report.media) == (2, 4, 3)
    assert report.bytes == len("a picture") + len("A red boat: ") + len("A boat at sea: ")
    assert {"pages", "references", "rows", "words"} <= set(told)
    assert sum(what.startswith("medium") for what in told) == 3


SPOILT = {
    "UPDATE chunks SET data = zeroblob(length(data)) WHERE id = 1": "does not hold the bytes",
    "DELETE FROM chunks WHERE id = 1": "cannot be read",
    "DELETE FROM messages WHERE id = 1": "refers to a row of messages that is not there",
    "DELETE FROM media WHERE id = 1": "refers to a row of media that is not there",
    "UPDATE conversations SET leaf_id = NULL WHERE id = 1": "has no end",
    "UPDATE conversations SET leaf_id = 1 WHERE id = 2": "ends in a message of another",
    "UPDATE messages SET depth = 7 WHERE id = 2": "not one step below its parent",
    "UPDATE messages SET chosen_id = 1 WHERE id = 3": "chose one that does not follow it",
    "UPDATE parts SET kind = 'pending', medium_id = NULL WHERE id = 2": "still pending",
    "INSERT INTO parts_text (parts_text, rowid, text) VALUES ('delete', 1, 'x')": "index",
    "UPDATE parts SET details = json_set(details, '$.tool.state', 'running') WHERE id = 5": (
        "a call of a tool in it has not"
    ),
    "UPDATE parts SET searchable = 1 WHERE id = 5": "what a tool gave can be found",
    "DELETE FROM parts_text_docsize WHERE id = 1": "not in the index",
    "INSERT INTO parts_text (rowid, text) VALUES (99, 'x')": "a part that is not there",
}


@pytest.mark.parametrize("statement", SPOILT)
def test_what_contradicts_itself_is_found(library_path: Path, statement: str) -> None:
    with Library.open(library_path) as library:
        fill(library)
        with library._database.maintenance() as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute(statement)
            connection.execute("PRAGMA foreign_keys = ON")

        problems = library.check().problems

    assert any(SPOILT[statement] in problem for problem in problems), problems
    assert all("\n" not in problem for problem in problems)


def test_a_check_changes_nothing(library: Library, boats: int) -> None:
    heard: list[object] = []
    library.on_change(heard.append)

    assert library.check() == library.check()

    assert heard == []


def test_every_index_of_words_is_looked_at(library: Library) -> None:
    with library._database.read() as connection:
        found = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
        ).fetchall()
    words = {name for name, sql in found if "USING fts5 (" in sql}
    assert words == INDEXES.keys()
    assert {name for name, sql in found if "USING fts5vocab" in sql} == set(INDEXES.values())
