"""The gallery: every medium in a message, the newest first, wherever it is. Knows no words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from storage import limits
from storage.clock import sensible_ms
from storage.conversations import OPENING_SQL, name_of
from storage.file.database import Database
from storage.reading import MEDIUM_COLUMNS, medium
from storage.records import SPOKEN, Medium

_LAST = 2**62


class Placed(msgspec.Struct, frozen=True):
    """A medium and where it stands."""

    part_id: int
    message_id: int
    conversation_id: int
    title: str
    """The conversation's title, or its opening."""
    created_ms: int
    """Of its message."""
    medium: Medium
    name: str
    """The file name it came with; empty for an artifact."""
    made: bool
    """True if it was made in an answer."""


class Gallery:
    """All media in messages of conversations that were not deleted. What stands in several places
    is there several times; the sound of spoken words is not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(
        self,
        *,
        modalities: Sequence[str] = (),
        made: bool | None = None,
        limit: int = 60,
        before: Placed | None = None,
    ) -> list[Placed]:
        """The newest media, or the next ones after `before`.

        `modalities` narrows to some; `made` to what answers hold (True) or to what a person gave
        (False).
        """
        where = [
            "p.medium_id IS NOT NULL",
            "c.deleted_ms IS NULL",
            "p.id < ?",
            "CASE WHEN json_valid(p.details) "
            f"THEN coalesce(json_extract(p.details, '$.{SPOKEN}'), 0) ELSE 0 END = 0",
        ]
        values: list[Any] = [_LAST if before is None else before.part_id]
        if modalities:
            where.append(f"d.modality IN ({', '.join('?' * len(modalities))})")
            values += modalities
        if made is not None:
            where.append("m.role = ?")
            values.append("assistant" if made else "user")
        # Of all parts few are media: the index of those is read, and not the newest of all.
        sql = f"""
            SELECT p.id, m.id, c.id, c.title, {OPENING_SQL}, m.created_ms, p.text, m.role,
                {MEDIUM_COLUMNS}
            FROM parts p INDEXED BY parts_medium
            CROSS JOIN media d ON d.id = p.medium_id
            CROSS JOIN messages m ON m.id = p.message_id
            CROSS JOIN conversations c ON c.id = m.conversation_id
            WHERE {" AND ".join(where)} ORDER BY p.id DESC LIMIT ?
        """
        with self._database.read() as connection:
            rows = connection.execute(sql, (*values, limit)).fetchall()
        return [_placed(row) for row in rows]


def _placed(row: Sequence[Any]) -> Placed:
    part, message, conversation, title, opening, created, name, role, *columns = row
    return Placed(
        part, message, conversation, name_of(title, opening), sensible_ms(created),
        medium(columns), limits.text(name), role == "assistant",
    )  # fmt: skip
