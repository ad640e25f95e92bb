"""Conversations: the rows of the sidebar. Knows of messages only where the active branch ends."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Sequence
from typing import Any

from storage import limits, manner
from storage.clock import DAY_MS, now_ms, sensible_ms
from storage.errors import LibraryError, NotFoundError
from storage.file.database import Database, Write
from storage.records import Changed, Conversation, Made, Manner

OPENING = 120
"""Characters of the first words that stand in for a title."""

OPENING_SQL = f"""
    coalesce((
        SELECT substr(p.text, 1, {OPENING}) FROM messages m JOIN parts p ON p.message_id = m.id
        WHERE m.conversation_id = c.id AND m.parent_id IS NULL AND p.kind = 'text'
        ORDER BY m.id, p.position LIMIT 1
    ), '')
"""
_SELECT = f"""
    SELECT c.id, c.uuid, c.title, {OPENING_SQL}, c.created_ms, c.updated_ms, c.pinned, c.deleted_ms,
        coalesce((SELECT depth + 1 FROM messages WHERE id = c.leaf_id), 0)
    FROM conversations c
"""


class Conversations:
    """Every conversation, also those that were deleted and can still come back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def new(self, title: str = "") -> Made:
        """An empty conversation."""
        with self._database.write() as write:
            new_id = insert(write, uuid.uuid4().hex, title, now_ms())
        return write.made(new_id)

    def get(self, conversation_id: int) -> Conversation:
        """One conversation, deleted or not.

        Raises:
            NotFoundError: there is none with this id, or it was purged.
        """
        with self._database.read() as connection:
            row = connection.execute(f"{_SELECT} WHERE c.id = ?", (conversation_id,)).fetchone()
        if row is None:
            raise not_found(conversation_id)
        return _conversation(row)

    def list(
        self,
        *,
        limit: int = 50,
        after: Conversation | None = None,
        deleted: bool = False,
        pinned: bool | None = None,
    ) -> list[Conversation]:
        """The next `limit` conversations after `after`: pinned ones first, then by last message.

        `deleted` lists those that were deleted instead; `pinned` narrows to one kind.
        """
        where = ["c.deleted_ms IS NOT NULL" if deleted else "c.deleted_ms IS NULL"]
        values: list[Any] = []
        if pinned is not None:
            where.append("c.pinned = ?")
            values.append(pinned)
        if after is not None:
            where.append("(c.pinned, c.updated_ms, c.id) < (?, ?, ?)")
            values += [after.pinned, after.updated_ms, after.id]
        sql = f"""
            {_SELECT} WHERE {" AND ".join(where)}
            ORDER BY c.pinned DESC, c.updated_ms DESC, c.id DESC LIMIT ?
        """
        with self._database.read() as connection:
            return [_conversation(row) for row in connection.execute(sql, (*values, limit))]

    def rename(self, conversation_id: int, title: str) -> Changed:
        """Set its title; an empty one shows its first words instead.

        Raises:
            LibraryError: the title is longer than titles may be.
        """
        if len(title) > limits.LONGEST_TITLE:
            raise LibraryError(
                "expected at most {longest} characters of a title, found "
                "{title_count}. Shorten it.",
                longest=limits.LONGEST_TITLE,
                title_count=len(title),
            )
        return self._set(conversation_id, "title", limits.title(title))

    def pin(self, conversation_id: int, pinned: bool = True) -> Changed:
        """Keep it at the top of the list, or let it go."""
        return self._set(conversation_id, "pinned", pinned)

    def delete(self, conversation_id: int) -> Changed:
        """Remove it from every list and search. `restore` brings it back until `purge`."""
        return self._set(conversation_id, "deleted_ms", now_ms())

    def restore(self, conversation_id: int) -> Changed:
        """Undo `delete`."""
        return self._set(conversation_id, "deleted_ms", None)

    def purge(self, older_than_ms: int = 30 * DAY_MS) -> Changed:
        """Forget for good what was deleted longer ago than `older_than_ms` milliseconds.

        Media that nothing else uses leave with `Media.purge`.
        """
        before = now_ms() - older_than_ms
        with self._database.write() as write:
            # What is forgotten for good stays in no list of calls.
            write.run(
                "UPDATE tool_log SET arguments = '' WHERE conversation_id IN "
                "(SELECT id FROM conversations WHERE deleted_ms <= ?)",
                (before,),
            )
            rows = write.run(
                "DELETE FROM conversations WHERE deleted_ms <= ? RETURNING id", (before,)
            ).fetchall()
            write.run(
                "DELETE FROM recipes WHERE NOT EXISTS "
                "(SELECT 1 FROM parts WHERE parts.recipe_id = recipes.id)"
            )
            if rows:
                write.touch("conversations", "messages", conversations=[i for (i,) in rows])
        return write.changed

    def settings(self, conversation_id: int) -> Manner:
        """The conversation's own settings for its answers; empty values mean the defaults.

        Raises:
            NotFoundError: there is none with this id.
        """
        with self._database.read() as connection:
            found = manner.read(connection, conversation_id)
        if found is None:
            raise not_found(conversation_id)
        return found

    def set_settings(self, conversation_id: int, wanted: Manner) -> Changed:
        """Have it answered in this manner from now on.

        Raises:
            NotFoundError: there is none with this id.
            LibraryError: the text is too long, or a number is out of its limits.
        """
        manner.check_manner(wanted)
        with self._database.write() as write:
            if not manner.write(write, conversation_id, wanted):
                raise not_found(conversation_id)
            write.touch("conversations", conversations=[conversation_id])
        return write.changed

    def _set(self, conversation_id: int, column: str, value: Any) -> Changed:
        with self._database.write() as write:
            sql = f"UPDATE conversations SET {column} = ? WHERE id = ?"
            if write.run(sql, (value, conversation_id)).rowcount == 0:
                raise not_found(conversation_id)
            write.touch("conversations", conversations=[conversation_id])
        return write.changed


def insert(write: Write, uuid_hex: str, title: str, created_ms: int) -> int:
    """Add an empty conversation within a transaction and return its id."""
    new_id = write.insert(
        "INSERT INTO conversations (uuid, title, created_ms, updated_ms) VALUES (?, ?, ?, ?)",
        (uuid_hex, limits.title(title), created_ms, created_ms),
    )
    write.touch("conversations", conversations=[new_id])
    return new_id


def check_there(write: Write, conversation_id: int | None) -> None:
    """Refuse a conversation that does not exist; None is none, and does no harm."""
    if conversation_id is not None:
        row = write.run("SELECT 1 FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
        if row is None:
            raise not_found(conversation_id)


def name_of(title: Any, opening: Any) -> str:
    """The name of a conversation: its title, or its first words on one line."""
    return limits.title(title) or limits.title(" ".join(limits.text(opening).split()))


def not_found(conversation_id: int) -> NotFoundError:
    """The error for a conversation that does not exist."""
    return NotFoundError(
        "there is no conversation {conversation_id} in the library. It may have been deleted "
        "for good; `medley library search` lists those that are there.",
        conversation_id=conversation_id,
    )


def _conversation(row: Sequence[Any] | sqlite3.Row) -> Conversation:
    id_, uuid_hex, title, opening, created, updated, pinned, deleted, length = row
    return Conversation(
        id_, limits.identity(uuid_hex), limits.title(title), name_of("", opening),
        sensible_ms(created), sensible_ms(updated), bool(pinned),
        None if deleted is None else sensible_ms(deleted), limits.count(length),
    )  # fmt: skip
