"""The migrations of a library: dated steps from an empty file to today's schema. Knows only tables.

A step is never changed once a library was made with it; a new shape is a new step at the end. Each
runs in a transaction together with the record that it ran. `storage.file.opening` decides when to
run them and makes a copy of the file before.

Steps are run by sqlite-utils, which is imported when a file is to be made or changed, and not when
one is merely opened.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

from storage.file import steps_agent, steps_manner, steps_readings

APPLICATION_ID = 0x4D45444C
"""`MEDL`, in the header of every library file."""
RECORD = "_sqlite_migrations"
"""The table in which sqlite-utils writes down which steps a file has gone through."""
_SET = "medley"


class Target(Protocol):
    """The database that a step changes: a file, or an empty one in memory that shows the resulting
    schema."""

    def execute(self, sql: str, /) -> Any:
        """Execute one statement."""
        ...


class Step(NamedTuple):
    """One step, named by the day it was written and what it does."""

    name: str
    run: Callable[[Target], None]


def applied(connection: sqlite3.Connection) -> list[str]:
    """The names of the steps that were applied to a file, in order; empty for a new file."""
    there = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (RECORD,)
    ).fetchone()
    if there is None:
        return []
    rows = connection.execute(
        f"SELECT name FROM {RECORD} WHERE migration_set = ? ORDER BY rowid", (_SET,)
    )
    return [name for (name,) in rows]


def apply(connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
    """Run the steps that were not applied to the file yet."""
    with _without_pandas():
        from sqlite_utils import Database
        from sqlite_utils.migrations import Migrations

    migrations = Migrations(_SET)
    for step in steps:
        migrations(name=step.name)(step.run)
    migrations.apply(Database(connection, execute_plugins=False))


@contextmanager
def _without_pandas() -> Iterator[None]:
    """sqlite-utils imports pandas where it is installed, only to know more types of columns; that
    would cost a window's first start a second and 50 MB."""
    if "pandas" in sys.modules or "sqlite_utils" in sys.modules:
        yield
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["pandas"]


def _readings(db: Target) -> None:
    for statement in steps_readings.STATEMENTS:
        db.execute(statement)


def _manner(db: Target) -> None:
    for statement in steps_manner.STATEMENTS:
        db.execute(statement)


def _think(db: Target) -> None:
    for statement in steps_manner.THINK:
        db.execute(statement)


def _agent(db: Target) -> None:
    for statement in steps_agent.STATEMENTS:
        db.execute(statement)


def _first(db: Target) -> None:
    for statement in _FIRST:
        db.execute(statement)


_INDEX = "INSERT INTO parts_text (rowid, text) VALUES (new.id, new.text || char(10))"
_FORGET = (
    "INSERT INTO parts_text (parts_text, rowid, text) "
    "VALUES ('delete', old.id, old.text || char(10))"
)
_FIRST = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    """
    CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uuid TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL DEFAULT '',
        created_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL,
        pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
        deleted_ms INTEGER,
        leaf_id INTEGER REFERENCES messages (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX conversations_order ON conversations (deleted_ms, pinned, updated_ms, id)",
    "CREATE INDEX conversations_leaf ON conversations (leaf_id)",
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        parent_id INTEGER REFERENCES messages (id) ON DELETE CASCADE,
        depth INTEGER NOT NULL CHECK (depth >= 0),
        role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
        state TEXT NOT NULL
            CHECK (state IN ('streaming', 'complete', 'stopped', 'failed', 'interrupted')),
        created_ms INTEGER NOT NULL,
        error TEXT NOT NULL DEFAULT '',
        details TEXT,
        chosen_id INTEGER REFERENCES messages (id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX messages_tree ON messages (conversation_id, parent_id, id)",
    "CREATE INDEX messages_parent ON messages (parent_id)",
    "CREATE INDEX messages_chosen ON messages (chosen_id)",
    "CREATE INDEX messages_streaming ON messages (id) WHERE state = 'streaming'",
    """
    CREATE TABLE media (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT UNIQUE CHECK (length(sha256) = 64),
        size INTEGER NOT NULL CHECK (size >= 0),
        mime TEXT NOT NULL,
        modality TEXT NOT NULL,
        width INTEGER,
        height INTEGER,
        duration_s REAL,
        created_ms INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE chunks (
        id INTEGER PRIMARY KEY,
        medium_id INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 0),
        data BLOB NOT NULL,
        UNIQUE (medium_id, number)
    )
    """,
    """
    CREATE TABLE previews (
        medium_id INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        mime TEXT NOT NULL,
        width INTEGER,
        height INTEGER,
        data BLOB NOT NULL,
        PRIMARY KEY (medium_id, kind)
    )
    """,
    "CREATE TABLE recipes (id INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT NOT NULL)",
    """
    CREATE TABLE parts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        position INTEGER NOT NULL CHECK (position >= 0),
        kind TEXT NOT NULL CHECK (kind IN ('text', 'medium', 'pending', 'failed')),
        text TEXT NOT NULL DEFAULT '',
        medium_id INTEGER REFERENCES media (id),
        modality TEXT,
        recipe_id INTEGER REFERENCES recipes (id),
        details TEXT,
        searchable INTEGER NOT NULL DEFAULT 0 CHECK (searchable IN (0, 1)),
        UNIQUE (message_id, position),
        CHECK ((kind = 'medium') = (medium_id IS NOT NULL)),
        CHECK ((kind = 'text') = (modality IS NULL))
    )
    """,
    "CREATE INDEX parts_medium ON parts (medium_id) WHERE medium_id IS NOT NULL",
    "CREATE INDEX parts_recipe ON parts (recipe_id) WHERE recipe_id IS NOT NULL",
    # The line end after every text gives its last two characters a trigram that begins with them.
    """
    CREATE VIEW searchable_parts AS
        SELECT id, text || char(10) AS text FROM parts WHERE searchable
    """,
    """
    CREATE VIRTUAL TABLE parts_text USING fts5 (
        text, content = 'searchable_parts', content_rowid = 'id', tokenize = 'trigram'
    )
    """,
    "CREATE VIRTUAL TABLE parts_terms USING fts5vocab ('parts_text', 'row')",
    f"CREATE TRIGGER parts_added AFTER INSERT ON parts WHEN new.searchable BEGIN {_INDEX}; END",
    f"CREATE TRIGGER parts_removed AFTER DELETE ON parts WHEN old.searchable BEGIN {_FORGET}; END",
    f"""
    CREATE TRIGGER parts_hidden AFTER UPDATE OF text, searchable ON parts WHEN old.searchable
    BEGIN {_FORGET}; END
    """,
    f"""
    CREATE TRIGGER parts_shown AFTER UPDATE OF text, searchable ON parts WHEN new.searchable
    BEGIN {_INDEX}; END
    """,
    """
    CREATE TABLE drafts (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER UNIQUE REFERENCES conversations (id) ON DELETE CASCADE,
        text TEXT NOT NULL,
        options TEXT,
        updated_ms INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE draft_media (
        draft_id INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        medium_id INTEGER NOT NULL REFERENCES media (id),
        name TEXT NOT NULL,
        PRIMARY KEY (draft_id, position)
    )
    """,
    "CREATE INDEX draft_media_medium ON draft_media (medium_id)",
    "CREATE TABLE settings (key TEXT PRIMARY KEY, json TEXT NOT NULL)",
    """
    CREATE TABLE embeddings (
        id INTEGER PRIMARY KEY,
        model TEXT NOT NULL,
        medium_id INTEGER REFERENCES media (id) ON DELETE CASCADE,
        part_id INTEGER REFERENCES parts (id) ON DELETE CASCADE,
        vector BLOB NOT NULL,
        CHECK ((medium_id IS NULL) <> (part_id IS NULL)),
        UNIQUE (medium_id, model),
        UNIQUE (part_id, model)
    )
    """,
    "CREATE INDEX embeddings_model ON embeddings (model, id)",
)

STEPS = (
    Step("2026-11-22 first shape", _first),
    Step("2026-11-28 what readers find", _readings),
    Step("2026-11-29 which bundle answers", _manner),
    Step("2026-11-30 whether it thinks", _think),
    Step("2026-12-01 what tools may do", _agent),
)
