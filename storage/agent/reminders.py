"""Reminders: texts that a person is to be told at a time. Knows no clock that rings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storage import limits
from storage.agent.records import Reminder
from storage.clock import is_time, now_ms, sensible_ms
from storage.conversations import check_there
from storage.errors import LibraryError
from storage.file.database import Database
from storage.records import Changed, Made

LONGEST = 2_000
"""Characters of one reminder."""
MOST = 1_000
"""Reminders that are still to come."""
_COLUMNS = "id, text, due_ms, conversation_id, created_ms, done_ms"


class Reminders:
    """Reminders that are still to come. One that the person was told of stays a while, done."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, text: str, due_ms: int, conversation_id: int | None = None) -> Made:
        """Keep a reminder for a time, in milliseconds since 1970.

        Raises:
            NotFoundError: no such conversation.
            LibraryError: it is empty or too long, its time is none, or there are too many.
        """
        line = " ".join(text.split())
        if not 0 < len(line) <= LONGEST:
            raise LibraryError(
                "expected a reminder of 1 to {longest} characters, found {length}. Say it in other "
                "words.",
                longest=LONGEST,
                length=len(line),
            )
        if not is_time(due_ms):
            raise LibraryError(
                "expected a time up to the year 2200, found {due_ms} milliseconds after 1970. "
                "Choose another.",
                due_ms=due_ms,
            )
        with self._database.write() as write:
            check_there(write, conversation_id)
            (count,) = write.run("SELECT count(*) FROM reminders WHERE done_ms IS NULL").fetchone()
            if count >= MOST:
                raise LibraryError(
                    "expected at most {most} reminders, found as many already. Remove some first.",
                    most=MOST,
                )
            new_id = write.insert(
                "INSERT INTO reminders (text, due_ms, conversation_id, created_ms) "
                "VALUES (?, ?, ?, ?)",
                (line, due_ms, conversation_id, now_ms()),
            )
            write.touch("reminders")
        return write.made(new_id)

    def pending(self) -> list[Reminder]:
        """Reminders that the person was not told of yet, the next one first."""
        return self._read("done_ms IS NULL")

    def due(self, time_ms: int) -> list[Reminder]:
        """Reminders whose time has come, and that the person was not told of yet."""
        return self._read("done_ms IS NULL AND due_ms <= ?", time_ms)

    def done(self, reminder_id: int) -> Changed:
        """The person was told; one that is not there does no harm."""
        with self._database.write() as write:
            write.run(
                "UPDATE reminders SET done_ms = ? WHERE id = ? AND done_ms IS NULL",
                (now_ms(), reminder_id),
            )
            write.touch("reminders")
        return write.changed

    def remove(self, reminder_id: int) -> Changed:
        """Forget a reminder; one that is not there does no harm."""
        with self._database.write() as write:
            write.run("DELETE FROM reminders WHERE id = ?", (reminder_id,))
            write.touch("reminders")
        return write.changed

    def purge(self, older_than_ms: int) -> Changed:
        """Forget reminders that the person was told of longer ago than so many milliseconds."""
        with self._database.write() as write:
            before = now_ms() - older_than_ms
            if write.run("DELETE FROM reminders WHERE done_ms <= ?", (before,)).rowcount:
                write.touch("reminders")
        return write.changed

    def _read(self, where: str, *values: int) -> list[Reminder]:
        sql = f"SELECT {_COLUMNS} FROM reminders WHERE {where} ORDER BY due_ms, id"
        with self._database.read() as connection:
            return [_reminder(row) for row in connection.execute(sql, values)]


def _reminder(row: Sequence[Any]) -> Reminder:
    id_, text, due, conversation_id, created, done = row
    return Reminder(
        id_, limits.text(text)[:LONGEST], sensible_ms(due), conversation_id, sensible_ms(created),
        None if done is None else sensible_ms(done),
    )  # fmt: skip
