"""Drafts: the unsent message of each conversation, written often and read whole."""

from __future__ import annotations

import msgspec

from storage import limits
from storage.clock import now_ms
from storage.file.database import Database, Write
from storage.limits import is_sha256
from storage.medium_bytes import medium_id
from storage.reading import details_of
from storage.records import Attachment, Changed, Draft


class Drafts:
    """Unsent messages, one draft per conversation.

    The conversation `None` is the one that does not exist yet.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, conversation_id: int | None, draft: Draft) -> Changed:
        """Keep a draft in place of the former one; an empty one is forgotten.

        Raises:
            NotFoundError: an attachment is not in the library.
        """
        with self._database.write() as write:
            _clear(write, conversation_id)
            if draft != Draft():
                _insert(write, conversation_id, draft)
        return write.changed

    def get(self, conversation_id: int | None) -> Draft:
        """The draft; empty where there is none."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT id, text, options FROM drafts WHERE conversation_id IS ?",
                (conversation_id,),
            ).fetchone()
            if row is None:
                return Draft()
            media = connection.execute(
                "SELECT d.sha256, a.name FROM draft_media a JOIN media d ON d.id = a.medium_id "
                "WHERE a.draft_id = ? ORDER BY a.position",
                (row[0],),
            ).fetchall()
        attached = (Attachment(sha, limits.text(name)) for sha, name in media if is_sha256(sha))
        return Draft(limits.text(row[1]), tuple(attached), details_of(row[2]))

    def clear(self, conversation_id: int | None) -> Changed:
        """Forget a draft; one that is not there does no harm."""
        with self._database.write() as write:
            _clear(write, conversation_id)
        return write.changed


def _clear(write: Write, conversation_id: int | None) -> None:
    write.run("DELETE FROM drafts WHERE conversation_id IS ?", (conversation_id,))
    write.touch("drafts", conversations=[] if conversation_id is None else [conversation_id])


def _insert(write: Write, conversation_id: int | None, draft: Draft) -> None:
    options = msgspec.json.encode(draft.options).decode("utf-8") if draft.options else None
    draft_id = write.insert(
        "INSERT INTO drafts (conversation_id, text, options, updated_ms) VALUES (?, ?, ?, ?)",
        (conversation_id, draft.text, options, now_ms()),
    )
    for position, attachment in enumerate(draft.attachments):
        id_, _ = medium_id(write, attachment.sha256)
        write.run(
            "INSERT INTO draft_media (draft_id, position, medium_id, name) VALUES (?, ?, ?, ?)",
            (draft_id, position, id_, attachment.name),
        )
