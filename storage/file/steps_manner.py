"""The steps by which a conversation learned which bundle answers it, how long answers may be, and
whether the model thinks before them. Part of `storage.file.migrations`; never changed once a
library was made with them."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE conversations ADD COLUMN bundle TEXT",
    "ALTER TABLE conversations ADD COLUMN top_p REAL",
    "ALTER TABLE conversations ADD COLUMN max_new_tokens INTEGER",
)

THINK = ("ALTER TABLE conversations ADD COLUMN think INTEGER",)
