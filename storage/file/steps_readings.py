"""The step by which a library learned what readers find in media, and how a conversation is to be
answered. Part of `storage.file.migrations`; never changed once a library was made with it."""

from __future__ import annotations

_INDEX = "INSERT INTO observations_text (rowid, text) VALUES (new.id, new.text || char(10))"
_FORGET = (
    "INSERT INTO observations_text (observations_text, rowid, text) "
    "VALUES ('delete', old.id, old.text || char(10))"
)
STATEMENTS = (
    # When readers were done with a medium; NULL where they were not.
    "ALTER TABLE media ADD COLUMN read_ms INTEGER",
    """
    CREATE TABLE observations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        medium_id INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
        position INTEGER NOT NULL CHECK (position >= 0),
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        confidence REAL,
        start_s REAL,
        end_s REAL,
        box_left REAL,
        box_top REAL,
        box_right REAL,
        box_bottom REAL,
        place TEXT NOT NULL DEFAULT '',
        source TEXT NOT NULL DEFAULT '',
        UNIQUE (medium_id, position)
    )
    """,
    # The line end after every text gives its last two characters a trigram that begins with them.
    """
    CREATE VIEW searchable_observations AS SELECT id, text || char(10) AS text FROM observations
    """,
    """
    CREATE VIRTUAL TABLE observations_text USING fts5 (
        text, content = 'searchable_observations', content_rowid = 'id', tokenize = 'trigram'
    )
    """,
    "CREATE VIRTUAL TABLE observations_terms USING fts5vocab ('observations_text', 'row')",
    f"CREATE TRIGGER observations_added AFTER INSERT ON observations BEGIN {_INDEX}; END",
    f"CREATE TRIGGER observations_removed AFTER DELETE ON observations BEGIN {_FORGET}; END",
    f"""
    CREATE TRIGGER observations_changed AFTER UPDATE OF text ON observations
    BEGIN {_FORGET}; {_INDEX}; END
    """,
    "ALTER TABLE conversations ADD COLUMN system TEXT",
    "ALTER TABLE conversations ADD COLUMN temperature REAL",
)
