"""The step by which a conversation learned which bundle answers it, and how long answers may be.
Part of `storage.file.migrations`; never changed once a library was made with it."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE conversations ADD COLUMN bundle TEXT",
    "ALTER TABLE conversations ADD COLUMN top_p REAL",
    "ALTER TABLE conversations ADD COLUMN max_new_tokens INTEGER",
)
