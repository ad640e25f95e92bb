"""Saves what can be read of a damaged library into a new file. The damaged one is only read.

Every table is read in stretches of rows; a stretch that cannot be read is halved until only the
rows on broken pages are lost. What then refers to lost rows is mended: a message without its parent
begins a branch, an artifact without its bytes has failed.
"""

from __future__ import annotations

import collections
import contextlib
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec

from storage import calls, values
from storage.answers import close_interrupted_answers
from storage.atomic_files import kind_of, not_written
from storage.clock import now_ms
from storage.errors import ExchangeError, FileError, NotALibraryError
from storage.file.database import (
    Database,
    connect_warily,
    file_uri,
    sqlite_errors_as_library_errors,
    was_interrupted,
)
from storage.file.migrations import APPLICATION_ID
from storage.file.opening import open_to_write, remove
from storage.file.schema import first_tables, tables
from storage.maintenance.health import INDEXES, medium_problems
from storage.reading import LOST

_ROWS_ON_A_PAGE = 64
"""Rows of the shortest kind, roughly; for a table whose last row cannot be found."""
_MOST_FAILURES = 4_000
"""Reads of one table that may fail before the rest of it is given up: about a second. Long
stretches are tried before short ones, so that are the small rests between broken pages."""
_UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""Exceptions of unreadable rows; the second occurs if SQLite's message quotes bytes that are not
UTF-8."""
_MEND = (
    "DELETE FROM media WHERE sha256 IS NULL",
    "DELETE FROM embeddings WHERE (medium_id IS NULL) = (part_id IS NULL)",
    "DELETE FROM draft_media WHERE medium_id NOT IN (SELECT id FROM media)",
    "UPDATE parts SET recipe_id = NULL WHERE recipe_id NOT IN (SELECT id FROM recipes)",
    f"""UPDATE parts SET kind = 'failed', medium_id = NULL, text = '{LOST}', searchable = 0
        WHERE kind = 'medium' AND coalesce(medium_id NOT IN (SELECT id FROM media), 1)""",
    """UPDATE parts SET kind = CASE WHEN medium_id IS NOT NULL THEN 'medium' ELSE 'failed' END
        WHERE kind = 'text' AND (medium_id IS NOT NULL OR modality IS NOT NULL)""",
    "UPDATE parts SET medium_id = NULL WHERE kind <> 'medium'",
    f"UPDATE parts SET searchable = 0 WHERE searchable AND {calls.IS_CALL}",
    f"""{calls.CLOSE} AND message_id IN
        (SELECT id FROM messages WHERE state <> 'streaming')""",
    "UPDATE parts SET modality = 'file' WHERE kind <> 'text' AND modality IS NULL",
    """UPDATE messages SET parent_id = NULL WHERE parent_id NOT IN
        (SELECT id FROM messages p WHERE p.conversation_id = messages.conversation_id)""",
    """WITH RECURSIVE tree (id) AS (
        SELECT id FROM messages WHERE parent_id IS NULL
        UNION SELECT m.id FROM messages m JOIN tree ON m.parent_id = tree.id)
        UPDATE messages SET parent_id = NULL WHERE id NOT IN (SELECT id FROM tree)""",
    """WITH RECURSIVE tree (id, depth) AS (
        SELECT id, 0 FROM messages WHERE parent_id IS NULL
        UNION ALL SELECT m.id, tree.depth + 1 FROM messages m JOIN tree ON m.parent_id = tree.id)
        UPDATE messages SET depth = tree.depth FROM tree
        WHERE tree.id = messages.id AND tree.depth <> messages.depth""",
    """UPDATE messages SET chosen_id = NULL WHERE chosen_id NOT IN
        (SELECT id FROM messages m WHERE m.parent_id = messages.id)""",
    """UPDATE conversations SET leaf_id = NULL WHERE leaf_id NOT IN
        (SELECT id FROM messages m WHERE m.conversation_id = conversations.id)""",
    """UPDATE conversations SET leaf_id =
        (SELECT max(id) FROM messages m WHERE m.conversation_id = conversations.id)
        WHERE leaf_id IS NULL""",
)


class Repaired(msgspec.Struct, frozen=True):
    """The result of a repair."""

    rows: dict[str, int]
    """Rows by table."""
    lost_media: int
    """Media whose bytes were not whole."""


def repair(path: Path, target: Path) -> Repaired:
    """Save what can be read of the library at `path` into the new file `target`.

    Raises:
        ExchangeError: `target` is there already.
        LibraryError: nothing at all can be read, or `target` cannot be written.
    """
    if kind_of(target) != "nothing":
        raise ExchangeError("{target} is there already. Name a new file.", target=target)
    with _damaged(path) as source:
        database, hold = open_to_write(target)
        try:
            return _fill(source, database)
        except BaseException:
            remove(target)
            raise
        finally:
            database.close()
            hold.release()


def _fill(source: sqlite3.Connection, database: Database) -> Repaired:
    rows = {}
    with database.maintenance() as target:
        target.execute("PRAGMA foreign_keys = OFF")
        target.execute("PRAGMA ignore_check_constraints = ON")  # what breaks them is mended
        readable = _plain_tables(source)
        for table in tables(target):
            if table not in readable:
                rows[table] = 0
                continue
            target.execute("BEGIN")
            rows[table] = _copy(source, target, table)
            target.execute("COMMIT")
        target.execute("BEGIN")
        values.repair_values(target)
        _adopt_strays(target)
        _mend(target)
        for index in INDEXES:
            target.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
        target.execute("COMMIT")
    lost = _drop_broken_media(database)
    with database.maintenance() as target:
        target.execute("PRAGMA ignore_check_constraints = OFF")
        target.execute("PRAGMA foreign_keys = ON")
    close_interrupted_answers(database)
    return Repaired(rows, lost)


@contextlib.contextmanager
def _damaged(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that reads as much as SQLite lets it, and writes nothing."""
    try:
        if not path.is_file():
            raise FileError(path, "{path}: there is no file here. Name another one.", path=path)
        log = path.with_name(path.name + "-wal")
        alone = not log.exists() or log.stat().st_size == 0
    except OSError as error:
        raise not_written(path, error) from error
    with (
        sqlite_errors_as_library_errors(path),
        contextlib.closing(
            connect_warily(file_uri(path, "mode=ro&immutable=1" if alone else "mode=ro"))
        ) as source,
    ):
        # Lets SQLite open a file that is shorter than its header says.
        source.execute("PRAGMA writable_schema = ON")
        try:
            there = _plain_tables(source)
        except _UNREADABLE as error:
            if was_interrupted(error):
                raise
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
                raise
            raise FileError(
                path,
                "nothing can be saved of {path}: not even its list of tables can be read. Go "
                "back to a backup.",
                path=path,
            ) from error
        (owner,) = source.execute("PRAGMA application_id").fetchone()
        if owner != APPLICATION_ID and not first_tables() <= there:
            raise NotALibraryError(path)
        yield source


def _plain_tables(source: sqlite3.Connection) -> set[str]:
    """Tables that hold rows. A file that somebody changed may have a view in the place of one,
    which has no end."""
    return {
        name
        for kind, name, sql in source.execute("SELECT type, name, sql FROM sqlite_master")
        if kind == "table" and str(sql).upper().split()[:2] == ["CREATE", "TABLE"]
    }


def _mend(target: sqlite3.Connection) -> None:
    """Let go, or mend, what refers to rows that were lost."""
    letting_go = _without_parent(target)
    while sum(target.execute(statement).rowcount for statement in letting_go):
        pass  # What left may have been the parent of others.
    for statement in _MEND:
        target.execute(statement)


def _without_parent(connection: sqlite3.Connection) -> list[str]:
    """Statements that let go of rows which leave with another that is not there, and of what others
    say of it. Messages stay."""
    letting_go = {"CASCADE": "DELETE FROM {0}", "SET NULL": "UPDATE {0} SET {1} = NULL"}
    return [
        f"{letting_go[on_delete].format(table, column)} WHERE {column} NOT IN "
        f"(SELECT {to} FROM {parent})"
        for table in tables(connection)
        for parent, column, to, on_delete in connection.execute(
            f'SELECT "table", "from", "to", on_delete FROM pragma_foreign_key_list({table!r})'
        )
        if on_delete in letting_go and (table, on_delete) != ("messages", "CASCADE")
    ]


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> int:
    """Copy what can be read of one table; the number of rows that went over."""
    there = {name for _, name, *_ in source.execute(f"PRAGMA table_info({table})")}
    columns = [
        name for _, name, *_ in target.execute(f"PRAGMA table_info({table})") if name in there
    ]
    if not columns:
        return 0
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    sql = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"
    return sum(target.execute(sql, row).rowcount for row in _readable(source, table, names))


def _readable(source: sqlite3.Connection, table: str, names: str) -> Iterator[tuple[object, ...]]:
    stretches = collections.deque([(0, _last_row(source, table))])
    failures = 0
    while stretches and failures < _MOST_FAILURES:
        begin, end = stretches.popleft()
        try:
            for row, *values in source.execute(
                f"SELECT rowid, {names} FROM {table} WHERE rowid BETWEEN ? AND ? ORDER BY rowid",
                (begin, end),
            ):
                yield tuple(values)
                begin = row + 1
        except _UNREADABLE as error:
            if was_interrupted(error):
                raise
            failures += 1
            if begin < end:
                middle = (begin + end) // 2
                stretches += [(begin, middle), (middle + 1, end)]


def _last_row(source: sqlite3.Connection, table: str) -> int:
    """The number of a table's last row, or one that is certainly not smaller by much."""
    for sql in (
        f"SELECT coalesce(max(rowid), 0) FROM {table}",
        f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",
    ):
        try:
            if (row := source.execute(sql).fetchone()) is not None:
                return int(row[0])
        except _UNREADABLE as error:
            if was_interrupted(error):
                raise
    (pages,) = source.execute("PRAGMA page_count").fetchone()
    return int(pages) * _ROWS_ON_A_PAGE


def _adopt_strays(target: sqlite3.Connection) -> None:
    """A conversation for the messages whose own was lost."""
    target.execute(
        "UPDATE messages SET conversation_id = (SELECT coalesce(max(id), 0) + 1 FROM conversations)"
        " WHERE typeof(conversation_id) <> 'integer'"
    )
    lost = target.execute(
        "SELECT conversation_id, min(created_ms), max(created_ms) FROM messages "
        "WHERE conversation_id NOT IN (SELECT id FROM conversations) GROUP BY conversation_id"
    ).fetchall()
    for id_, first, last in lost:
        target.execute(
            "INSERT INTO conversations (id, uuid, created_ms, updated_ms) VALUES (?, ?, ?, ?)",
            (id_, uuid.uuid4().hex, first or now_ms(), last or now_ms()),
        )


def _drop_broken_media(database: Database) -> int:
    """Forget media whose bytes are not whole; how many there were."""
    with database.read() as connection:
        all_media = connection.execute(
            "SELECT sha256 FROM media WHERE sha256 IS NOT NULL"
        ).fetchall()
    broken = [sha256 for (sha256,) in all_media if medium_problems(database, sha256)]
    with database.write() as write:
        for sha256 in broken:
            write.run("DELETE FROM media WHERE sha256 = ?", (sha256,))
    with database.maintenance() as target:
        target.execute("BEGIN")
        _mend(target)
        target.execute("COMMIT")
    return len(broken)
