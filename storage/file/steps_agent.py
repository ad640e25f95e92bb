"""The step by which a library learned what tools may do and did, what is remembered of a person,
reminders, and presets. Part of `storage.file.migrations`; never changed once a library was made
with it."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE conversations ADD COLUMN tools INTEGER",
    """
    CREATE TABLE permissions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        server TEXT NOT NULL,
        tool TEXT NOT NULL,
        definition TEXT NOT NULL,
        folder TEXT NOT NULL DEFAULT '',
        decision TEXT NOT NULL CHECK (decision IN ('always', 'never')),
        created_ms INTEGER NOT NULL,
        UNIQUE (server, tool, definition, folder)
    )
    """,
    """
    CREATE TABLE granted_folders (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path TEXT NOT NULL,
        writable INTEGER NOT NULL DEFAULT 0 CHECK (writable IN (0, 1)),
        conversation_id INTEGER REFERENCES conversations (id) ON DELETE CASCADE,
        created_ms INTEGER NOT NULL
    )
    """,
    "CREATE INDEX granted_folders_conversation ON granted_folders (conversation_id)",
    """
    CREATE TABLE tool_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER REFERENCES conversations (id) ON DELETE SET NULL,
        message_id INTEGER REFERENCES messages (id) ON DELETE SET NULL,
        call TEXT NOT NULL,
        server TEXT NOT NULL,
        tool TEXT NOT NULL,
        arguments TEXT NOT NULL,
        decision TEXT NOT NULL
            CHECK (decision IN ('unasked', 'once', 'always', 'refused', 'never')),
        state TEXT NOT NULL
            CHECK (state IN ('asking', 'running', 'done', 'failed', 'refused', 'interrupted')),
        created_ms INTEGER NOT NULL,
        seconds REAL
    )
    """,
    "CREATE INDEX tool_log_conversation ON tool_log (conversation_id)",
    "CREATE INDEX tool_log_message ON tool_log (message_id)",
    "CREATE INDEX tool_log_open ON tool_log (id) WHERE state IN ('asking', 'running')",
    """
    CREATE TABLE memories (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        text TEXT NOT NULL,
        source TEXT NOT NULL CHECK (source IN ('person', 'model')),
        message_id INTEGER REFERENCES messages (id) ON DELETE SET NULL,
        created_ms INTEGER NOT NULL,
        changed_ms INTEGER NOT NULL
    )
    """,
    "CREATE INDEX memories_message ON memories (message_id)",
    """
    CREATE TABLE reminders (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        text TEXT NOT NULL,
        due_ms INTEGER NOT NULL,
        conversation_id INTEGER REFERENCES conversations (id) ON DELETE SET NULL,
        created_ms INTEGER NOT NULL,
        done_ms INTEGER
    )
    """,
    "CREATE INDEX reminders_conversation ON reminders (conversation_id)",
    "CREATE INDEX reminders_due ON reminders (due_ms) WHERE done_ms IS NULL",
    """
    CREATE TABLE presets (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        voice TEXT NOT NULL DEFAULT '',
        system TEXT,
        temperature REAL,
        top_p REAL,
        max_new_tokens INTEGER,
        bundle TEXT,
        think INTEGER,
        tools INTEGER,
        created_ms INTEGER NOT NULL
    )
    """,
    # Words of answers that went on after their end had left the index, which then was not sound.
    "INSERT INTO parts_text (parts_text) VALUES ('rebuild')",
)
