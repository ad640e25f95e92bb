"""What is remembered of a person: short texts, with the messages that they came from. Knows no
model; whoever adds one asked the person before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from storage import limits
from storage.agent.records import Memory, Source
from storage.clock import moment, now_ms, sensible_ms
from storage.conversations import OPENING_SQL, name_of
from storage.errors import LibraryError, NotFoundError
from storage.file.database import Database, Write
from storage.reading import one_of
from storage.records import Changed, Made

SOURCES = get_args(Source)
LONGEST = 2_000
"""Characters of one memory."""
MOST = 2_000
"""Memories that a library keeps."""


class Memories:
    """Everything that is remembered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, text: str, message_id: int | None = None, source: Source = "person") -> Made:
        """Remember something that the person said or agreed to, on one line. What is remembered
        already is not added once more; its id is returned.

        Raises:
            NotFoundError: no such message.
            LibraryError: it is empty or too long, or there are too many.
        """
        line = _line(text)
        with self._database.write() as write:
            there = write.run("SELECT id FROM memories WHERE text = ?", (line,)).fetchone()
            if there is not None:
                return write.made(there[0])
            _check_room(write)
            _check_message(write, message_id)
            now = now_ms()
            new_id = write.insert(
                "INSERT INTO memories (text, source, message_id, created_ms, changed_ms) "
                "VALUES (?, ?, ?, ?, ?)",
                (line, source, message_id, now, now),
            )
            write.touch("memories")
        return write.made(new_id)

    def all(self) -> list[Memory]:
        """Everything that is remembered, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"""
                SELECT r.id, r.text, r.source, r.message_id, c.id, c.title, {OPENING_SQL},
                    r.created_ms, r.changed_ms
                FROM memories r LEFT JOIN messages n ON n.id = r.message_id
                LEFT JOIN conversations c ON c.id = n.conversation_id
                ORDER BY r.id
                """
            ).fetchall()
        return [_memory(row) for row in rows]

    def edit(self, memory_id: int, text: str) -> Changed:
        """Put it into other words, which are the person's own.

        Raises:
            NotFoundError: there is no such memory.
            LibraryError: it is empty or too long.
        """
        line = _line(text)
        with self._database.write() as write:
            row = write.run(
                "UPDATE memories SET text = ?, source = 'person', changed_ms = ? WHERE id = ? "
                "RETURNING id",
                (line, now_ms(), memory_id),
            ).fetchone()
            if row is None:
                raise NotFoundError("there is no memory {memory_id}.", memory_id=memory_id)
            write.touch("memories")
        return write.changed

    def forget(self, memory_id: int) -> Changed:
        """Remember it no longer; one that is not there does no harm."""
        with self._database.write() as write:
            write.run("DELETE FROM memories WHERE id = ?", (memory_id,))
            write.touch("memories")
        return write.changed

    def export_markdown(self) -> str:
        """Everything that is remembered as a list to read, each with its day and conversation."""
        lines = ["# What Medley remembers", ""]
        for memory in self.all():
            where = f', in "{memory.title}"' if memory.title else ""
            lines.append(f"- {memory.text} ({moment(memory.created_ms):%Y-%m-%d}{where})")
        return "\n".join([*lines, ""])


def _memory(row: Sequence[Any]) -> Memory:
    id_, text, source, message, conversation, title, opening, created, changed = row
    return Memory(
        id_, limits.text(text)[:LONGEST], one_of(source, SOURCES), message, conversation,
        name_of(title, opening), sensible_ms(created), sensible_ms(changed),
    )  # fmt: skip


def _line(text: str) -> str:
    line = " ".join(text.split())
    if not 0 < len(line) <= LONGEST:
        raise LibraryError(
            "expected 1 to {longest} characters to be remembered, found {length}. Say it in fewer "
            "words.",
            longest=LONGEST,
            length=len(line),
        )
    return line


def _check_room(write: Write) -> None:
    (count,) = write.run("SELECT count(*) FROM memories").fetchone()
    if count >= MOST:
        raise LibraryError(
            "expected at most {most} memories, found as many already. Forget some first.", most=MOST
        )


def _check_message(write: Write, message_id: int | None) -> None:
    row = write.run("SELECT 1 FROM messages WHERE id = ?", (message_id,)).fetchone()
    if row is None and message_id is not None:
        raise NotFoundError(
            "there is no message {message_id} in the library.", message_id=message_id
        )
