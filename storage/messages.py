"""Messages: a tree in every conversation, of which one branch is active. Bytes of media stay out.

The active branch ends in the conversation's leaf; every message remembers which of the messages
that follow it was chosen last, so that going back to a branch goes back to its end.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence

import msgspec

from storage import limits, manner
from storage.answers import AnswerWriter
from storage.clock import now_ms
from storage.conversations import insert as insert_conversation
from storage.conversations import not_found
from storage.errors import LibraryError, NotFoundError
from storage.file.database import Database, Write
from storage.medium_bytes import medium_id
from storage.reading import ROLES, one_of, read_messages
from storage.records import (
    SPOKEN,
    UNHEARD,
    Changed,
    Made,
    Manner,
    Message,
    NewPart,
    Recording,
    Role,
    State,
    Text,
    TextPart,
)

_RECORDED = msgspec.json.encode({SPOKEN: True}).decode()

# Every step goes to a smaller or to a greater depth, so none of these walks in circles.
_PATH = """
    WITH RECURSIVE path (id, parent_id, depth) AS (
        SELECT id, parent_id, depth FROM messages WHERE id = :leaf
        UNION ALL
        SELECT m.id, m.parent_id, m.depth FROM messages m JOIN path ON m.id = path.parent_id
        WHERE m.depth < path.depth
        LIMIT :limit
    )
    SELECT id FROM path ORDER BY depth
"""
_TO_END = """
    WITH RECURSIVE down (id, chosen_id, depth) AS (
        SELECT id, chosen_id, depth FROM messages WHERE id = ?
        UNION ALL
        SELECT m.id, m.chosen_id, m.depth FROM messages m JOIN down ON m.id = down.chosen_id
        WHERE m.depth > down.depth
    )
    SELECT id FROM down ORDER BY depth DESC LIMIT 1
"""
_CHOOSE_UP = """
    WITH RECURSIVE up (id, parent_id, depth) AS (
        SELECT id, parent_id, depth FROM messages WHERE id = ?
        UNION ALL
        SELECT m.id, m.parent_id, m.depth FROM messages m JOIN up ON m.id = up.parent_id
        WHERE m.depth < up.depth
    )
    UPDATE messages SET chosen_id = up.id FROM up
    WHERE messages.id = up.parent_id AND messages.chosen_id IS NOT up.id
"""


class Messages:
    """The messages of all conversations."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock

    def add(self, conversation_id: int, parts: Sequence[NewPart], role: Role = "user") -> Made:
        """Append a complete message to the active branch.

        Raises:
            NotFoundError: no such conversation, or a medium that is not in the library.
        """
        with self._database.write() as write:
            leaf = _leaf(write, conversation_id)
            new_id = insert(write, conversation_id, leaf, role, "complete")
            _insert_parts(write, new_id, parts)
        return write.made(new_id)

    def ask(
        self,
        conversation_id: int | None,
        parts: Sequence[NewPart],
        settings: Manner | None = None,
    ) -> tuple[Made, AnswerWriter]:
        """A person's message at the end of the active branch, in a new conversation where there is
        none, and the streaming answer to it: all of this or nothing. `settings` are those of a
        conversation that is new.

        Raises:
            NotFoundError: no such conversation, or a medium that is not in the library.
            LibraryError: the settings are out of their limits.
        """
        with self._database.write() as write:
            leaf = None
            if conversation_id is None:
                conversation_id = insert_conversation(write, uuid.uuid4().hex, "", now_ms())
                if settings is not None:
                    manner.check_manner(settings)
                    manner.write(write, conversation_id, settings)
            else:
                leaf = _leaf(write, conversation_id)
            asked = insert(write, conversation_id, leaf, "user", "complete")
            _insert_parts(write, asked, parts)
            answer = insert(write, conversation_id, asked, "assistant", "streaming")
        writer = AnswerWriter(self._database, conversation_id, answer, self._clock)
        return write.made(asked), writer

    def edit(self, message_id: int, parts: Sequence[NewPart]) -> Made:
        """Add a message beside an old one, with the same parent and role, and make its branch
        active."""
        with self._database.write() as write:
            conversation_id, parent_id, role = _place(write, message_id)
            new_id = insert(write, conversation_id, parent_id, role, "complete")
            _insert_parts(write, new_id, parts)
        return write.made(new_id)

    def begin_answer(self, parent_id: int) -> AnswerWriter:
        """A streaming answer to a message, which becomes the end of the active branch.

        Asked again for the same parent it makes a sibling: that is how an answer is regenerated.
        """
        with self._database.write() as write:
            conversation_id, _, _ = _place(write, parent_id)
            new_id = insert(write, conversation_id, parent_id, "assistant", "streaming")
        return AnswerWriter(self._database, conversation_id, new_id, self._clock)

    def begin_rerender(self, message_id: int, part_id: int) -> AnswerWriter:
        """A sibling of an answer with the same parts, of which one is pending again.

        The writer's `artifact` or `artifact_failed`, called with index 0, decides that part.

        Raises:
            NotFoundError: the answer has no such medium.
        """
        with self._database.write() as write:
            conversation_id, parent_id, role = _place(write, message_id)
            new_id = insert(write, conversation_id, parent_id, role, "streaming")
            pending = _copy_parts(write, message_id, new_id, part_id)
        return AnswerWriter(self._database, conversation_id, new_id, self._clock, {0: pending})

    def begin_addition(
        self, message_id: int, again: Mapping[int, int] | None = None
    ) -> AnswerWriter:
        """An answer that was over goes on: the writer adds to what it holds, and ends it again.
        `again` are the parts of artifacts that failed and are made once more, by the index that the
        writer calls them by.

        Raises:
            NotFoundError: there is no such answer, or it is being written.
        """
        with self._database.write() as write:
            conversation_id, _, _ = _place(write, message_id)
            changed = write.run(
                "UPDATE messages SET state = 'streaming' WHERE id = ? AND role = 'assistant' AND "
                "state <> 'streaming' RETURNING id",
                (message_id,),
            ).fetchone()
            if changed is None:
                raise _no_message(message_id)
            write.touch("messages", conversations=[conversation_id], messages=[message_id])
        return AnswerWriter(self._database, conversation_id, message_id, self._clock, again)

    def get(self, message_id: int) -> Message:
        """One message with its parts.

        Raises:
            NotFoundError: there is none with this id.
        """
        with self._database.read() as connection:
            found = read_messages(connection, [message_id])
        if not found:
            raise _no_message(message_id)
        return found[0]

    def get_many(self, message_ids: Sequence[int]) -> list[Message]:
        """The messages that exist, in the order of `message_ids`; missing ids are skipped."""
        with self._database.read() as connection:
            return read_messages(connection, message_ids)

    def path(
        self, conversation_id: int, *, limit: int | None = None, before: int | None = None
    ) -> list[Message]:
        """The messages of the active branch, oldest first.

        `limit` keeps the last ones only; `before` is a message's id and ends just before it. So a
        window opens with `path(c, limit=50)` and goes up with
        `path(c, limit=50, before=first.id)`, at a cost that does not grow with the conversation.
        """
        with self._database.read() as connection:
            if before is None:
                row = connection.execute(
                    "SELECT leaf_id FROM conversations WHERE id = ?", (conversation_id,)
                ).fetchone()
                if row is None:
                    raise not_found(conversation_id)
            else:
                row = connection.execute(
                    "SELECT parent_id FROM messages WHERE id = ? AND conversation_id = ?",
                    (before, conversation_id),
                ).fetchone()
                if row is None:
                    raise _no_message(before)
            asked = {"leaf": row[0], "limit": -1 if limit is None else limit}
            ids = [id_ for (id_,) in connection.execute(_PATH, asked)]
            return read_messages(connection, ids)

    def siblings(self, message_id: int) -> list[int]:
        """Ids of the messages with the same parent, oldest first, itself among them."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT conversation_id, parent_id FROM messages WHERE id = ?", (message_id,)
            ).fetchone()
            if row is None:
                raise _no_message(message_id)
            rows = connection.execute(
                "SELECT id FROM messages WHERE conversation_id = ? AND parent_id IS ? ORDER BY id",
                row,
            )
            return [id_ for (id_,) in rows]

    def keep_heard(self, message_id: int, length: int) -> Changed:
        """Keep only the first `length` characters of an answer's words as its words; the rest is
        kept apart, as what was not heard. A greater length brings it back.

        Raises:
            NotFoundError: there is no such message.
            LibraryError: the answer is still being written.
        """
        message = self.get(message_id)
        if message.state == "streaming":
            raise LibraryError("this answer is still being written. Stop it first.")
        with self._database.write() as write:
            for part in message.parts:
                if isinstance(part, TextPart):
                    whole = part.text + part.unheard
                    _split(write, part.id, whole[: max(length, 0)], whole[max(length, 0) :])
                    length -= len(whole)
            write.touch("messages", conversations=[message.conversation_id], messages=[message_id])
        return write.changed

    def choose(self, message_id: int) -> Changed:
        """Make the branch through this message active, down to where it was left."""
        with self._database.write() as write:
            conversation_id, _, _ = _place(write, message_id)
            write.run(_CHOOSE_UP, (message_id,))
            (leaf,) = write.run(_TO_END, (message_id,)).fetchone()
            write.run("UPDATE conversations SET leaf_id = ? WHERE id = ?", (leaf, conversation_id))
            write.touch("messages", conversations=[conversation_id], messages=[message_id])
        return write.changed

    def recipe(self, part_id: int) -> str | None:
        """The recipe of an artifact, as its renderer wrote it (JSON); None where there is none."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT r.json FROM parts p LEFT JOIN recipes r ON r.id = p.recipe_id "
                "WHERE p.id = ?",
                (part_id,),
            ).fetchone()
        if row is None:
            raise NotFoundError("there is no part {part_id} in the library.", part_id=part_id)
        return None if row[0] is None else limits.text(row[0])


def insert(
    write: Write,
    conversation_id: int,
    parent_id: int | None,
    role: Role,
    state: State,
    *,
    created_ms: int | None = None,
) -> int:
    """Add a message without parts within a transaction, make its branch active, return its id."""
    now = now_ms() if created_ms is None else created_ms
    new_id = write.insert(
        """
        INSERT INTO messages (conversation_id, parent_id, depth, role, state, created_ms)
        VALUES (?, ?, coalesce((SELECT depth + 1 FROM messages WHERE id = ?), 0), ?, ?, ?)
        """,
        (conversation_id, parent_id, parent_id, role, state, now),
    )
    write.run("UPDATE messages SET chosen_id = ? WHERE id = ?", (new_id, parent_id))
    write.run(
        "UPDATE conversations SET leaf_id = ?, updated_ms = max(updated_ms, ?) WHERE id = ?",
        (new_id, now, conversation_id),
    )
    write.touch("conversations", "messages", conversations=[conversation_id], messages=[new_id])
    return new_id


def _insert_parts(write: Write, message_id: int, parts: Sequence[NewPart]) -> None:
    if not parts:
        raise LibraryError("a message needs at least one part: words or a medium. Add one.")
    for position, part in enumerate(parts):
        if isinstance(part, Text):
            write.run(
                "INSERT INTO parts (message_id, position, kind, text, searchable) "
                "VALUES (?, ?, 'text', ?, 1)",
                (message_id, position, part.text),
            )
        else:
            id_, modality = medium_id(write, part.sha256)
            is_recording = isinstance(part, Recording)
            name = "" if isinstance(part, Recording) else part.name
            write.run(
                "INSERT INTO parts "
                "(message_id, position, kind, text, medium_id, modality, details, searchable) "
                "VALUES (?, ?, 'medium', ?, ?, ?, ?, 1)",
                (message_id, position, name, id_, modality, _RECORDED if is_recording else None),
            )


def _split(write: Write, part_id: int, heard: str, unheard: str) -> None:
    details = msgspec.json.encode({UNHEARD: unheard}).decode() if unheard else None
    # In two steps: of the index's triggers for one step nobody says which runs first.
    write.run("UPDATE parts SET searchable = 0 WHERE id = ?", (part_id,))
    write.run(
        "UPDATE parts SET text = ?, details = ?, searchable = 1 WHERE id = ?",
        (heard, details, part_id),
    )


def _copy_parts(write: Write, old_id: int, new_id: int, pending_part: int) -> int:
    """Copy an answer's parts; the id of the copy that is pending."""
    wanted = write.run(
        "SELECT position FROM parts WHERE id = ? AND message_id = ? AND kind <> 'text'",
        (pending_part, old_id),
    ).fetchone()
    if wanted is None:
        raise NotFoundError(
            "message {old_id} has no medium {pending_part} to make again.",
            old_id=old_id,
            pending_part=pending_part,
        )
    write.run(
        """
        INSERT INTO parts
            (message_id, position, kind, text, medium_id, modality, recipe_id, details)
        SELECT ?, position, kind, text, medium_id, modality, recipe_id, details
        FROM parts WHERE message_id = ? ORDER BY position
        """,
        (new_id, old_id),
    )
    row = write.run(
        "UPDATE parts SET kind = 'pending', text = '', medium_id = NULL, recipe_id = NULL, "
        "details = NULL WHERE message_id = ? AND position = ? RETURNING id",
        (new_id, wanted[0]),
    ).fetchone()
    return int(row[0])


def _leaf(write: Write, conversation_id: int) -> int | None:
    row = write.run("SELECT leaf_id FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    if row is None:
        raise not_found(conversation_id)
    leaf: int | None = row[0]
    return leaf


def _place(write: Write, message_id: int) -> tuple[int, int | None, Role]:
    row = write.run(
        "SELECT conversation_id, parent_id, role FROM messages WHERE id = ?", (message_id,)
    ).fetchone()
    if row is None:
        raise _no_message(message_id)
    conversation_id, parent_id, role = row
    return limits.count(conversation_id), parent_id, one_of(role, ROLES)


def _no_message(message_id: int) -> NotFoundError:
    return NotFoundError("there is no message {message_id} in the library.", message_id=message_id)
