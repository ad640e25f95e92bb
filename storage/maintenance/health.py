"""Backups and checks of a library. Reads everything, changes nothing."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from storage import calls, limits, values
from storage.atomic_files import kind_of, not_written
from storage.errors import ExchangeError, LibraryError
from storage.file import private
from storage.file.database import Database, sqlite_errors_as_library_errors
from storage.media import Media
from storage.medium_bytes import CHUNK

_PAGES = 2048
"""Pages copied at a time; between two lots others may write."""
_TOLD = 20
"""Problems of one kind that are listed."""
INDEXES = {"parts_text": "parts_terms", "observations_text": "observations_terms"}
"""The table that lists the terms of each full-text index."""
_CONTRADICTIONS = {
    "a conversation ends in a message of another": """
        SELECT c.id FROM conversations c JOIN messages m ON m.id = c.leaf_id
        WHERE m.conversation_id <> c.id""",
    "a conversation with messages has no end": """
        SELECT c.id FROM conversations c WHERE c.leaf_id IS NULL
        AND EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id)""",
    "a message is not one step below its parent": """
        SELECT m.id FROM messages m LEFT JOIN messages p ON p.id = m.parent_id
        WHERE m.depth <> coalesce(p.depth + 1, 0) OR p.conversation_id <> m.conversation_id""",
    "a message chose one that does not follow it": """
        SELECT m.id FROM messages m JOIN messages n ON n.id = m.chosen_id
        WHERE n.parent_id IS NOT m.id""",
    "an answer has ended, but a part of it is still pending": """
        SELECT m.id FROM messages m JOIN parts p ON p.message_id = m.id
        WHERE p.kind = 'pending' AND m.state <> 'streaming'""",
    "an answer has ended, but a call of a tool in it has not": f"""
        SELECT message_id FROM parts WHERE {calls.IS_OPEN}
        AND message_id IN (SELECT id FROM messages WHERE state <> 'streaming')""",
    "what a tool gave can be found": f"SELECT id FROM parts WHERE searchable AND {calls.IS_CALL}",
    "a part is not of the kind that what it holds says": """
        SELECT id FROM parts
        WHERE (kind = 'medium') <> (medium_id IS NOT NULL) OR (kind = 'text') <> (modality IS NULL)
        """,
    "a medium that is shown has no name": """
        SELECT d.id FROM media d WHERE d.sha256 IS NULL
        AND EXISTS (SELECT 1 FROM parts p WHERE p.medium_id = d.id)""",
    "a vector stands for nothing": """
        SELECT id FROM embeddings WHERE (medium_id IS NULL) = (part_id IS NULL)""",
    "words that should be found are not in the index": """
        SELECT id FROM searchable_parts EXCEPT SELECT id FROM parts_text_docsize""",
    "the index has words of a part that is not there": """
        SELECT id FROM parts_text_docsize EXCEPT SELECT id FROM searchable_parts""",
    "words that readers found are not in the index": """
        SELECT id FROM searchable_observations EXCEPT SELECT id FROM observations_text_docsize""",
    "the index has words that no reader found": """
        SELECT id FROM observations_text_docsize EXCEPT SELECT id FROM searchable_observations""",
}


class CheckReport(msgspec.Struct, frozen=True):
    """The findings of a check."""

    problems: tuple[str, ...]
    """One line each; empty when the library is sound."""
    conversations: int
    messages: int
    media: int
    bytes: int
    """The bytes of all media together."""

    @property
    def sound(self) -> bool:
        """True if nothing contradicts itself."""
        return not self.problems


def check(database: Database, progress: Callable[[str], None] | None = None) -> CheckReport:
    """Check pages, references, contradictions, the search index and the hash of every medium.

    Raises:
        LibraryError: so much is broken that even this cannot be read.
    """
    tell = progress or (lambda what: None)
    with database.read() as connection:
        problems = list(_pages_and_references(connection, tell))
        tell("rows")
        for what, sql in _CONTRADICTIONS.items():
            found = [id_ for (id_,) in connection.execute(f"{sql} LIMIT {_TOLD}")]
            problems += [f"{what} (number {id_})" for id_ in found]
        tell("values")
        problems += values.problems(connection)
        tell("words")
        problems += _index(database)
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM conversations), (SELECT count(*) FROM messages)"
        ).fetchone()
        media = connection.execute(
            "SELECT sha256, size FROM media WHERE sha256 IS NOT NULL ORDER BY id"
        ).fetchall()
    for sha256, _ in media:
        tell(f"medium {sha256[:12]}")
        problems += medium_problems(database, sha256)
    size = sum(limits.count(size) for _, size in media)
    return CheckReport(tuple(problems), counts[0], counts[1], len(media), size)


def backup(
    database: Database, target: Path, progress: Callable[[int, int], None] | None = None
) -> None:
    """Copy the library into a new file while it is in use; see `Library.backup`."""
    if kind_of(target) != "nothing":
        raise ExchangeError("{target} is there already. Name a new file.", target=target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".medley-", dir=target.parent) as scratch:
            copy = Path(scratch) / target.name
            private.create(copy)
            with sqlite_errors_as_library_errors(target):
                _copy(database, copy, progress)
            copy.rename(target)
    except OSError as error:
        raise not_written(target, error) from error


def medium_problems(database: Database, sha256: str) -> list[str]:
    """Problems of one medium: at most one line."""
    digest = hashlib.sha256()
    try:
        with Media(database).open(sha256) as reader:
            while chunk := reader.read(CHUNK):
                digest.update(chunk)
    except LibraryError as error:
        return [f"medium {sha256[:12]} cannot be read: {error}"]
    if digest.hexdigest() != sha256:
        return [f"medium {sha256[:12]} does not hold the bytes its name stands for"]
    return []


def _copy(database: Database, copy: Path, progress: Callable[[int, int], None] | None) -> None:
    def step(_status: int, left: int, total: int) -> None:
        if progress is not None:
            progress(total - left, total)

    with database.read() as source, contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target, pages=_PAGES, progress=step)
        # One file that can be moved about: no log beside it.
        target.execute("PRAGMA journal_mode = DELETE")


def _pages_and_references(
    connection: sqlite3.Connection, tell: Callable[[str], None]
) -> Iterator[str]:
    tell("pages")
    for (line,) in connection.execute(f"PRAGMA integrity_check({_TOLD})"):
        if line != "ok":
            yield f"pages: {line}"
    tell("references")
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(_TOLD):
        yield f"row {row} of {table} refers to a row of {parent} that is not there"


def _index(database: Database) -> list[str]:
    """Compares the indexes with every word. SQLite counts that as writing, though nothing is
    written; of a library that was opened for reading the index is only read from end to end."""
    problems = []
    for index, terms in INDEXES.items():
        try:
            if database.read_only:
                with database.read() as connection:
                    connection.execute(f"SELECT sum(cnt) FROM {terms}").fetchone()
            else:
                with database.write() as write:
                    write.run(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        except LibraryError as error:
            problems.append(f"the index of words contradicts the words: {error}")
    return problems
