"""What tools may do, and did: a person's decisions, granted folders, and the list of calls.

Knows no tool. Whoever calls one asks here first, and writes down what became of it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from storage import calls, limits
from storage.agent.records import Allowed, Decision, GrantedFolder, LoggedCall, Permission
from storage.clock import now_ms, sensible_ms
from storage.conversations import OPENING_SQL, check_there, name_of
from storage.errors import LibraryError, NotFoundError
from storage.file.database import Database, Write
from storage.reading import one_of
from storage.records import Changed, Made, ToolState

DECISIONS, ALLOWED = get_args(Decision), get_args(Allowed)
LONGEST_ARGUMENTS = 4_000
"""Characters of a call's arguments in the list."""
LONGEST_NAME = 200
"""Characters of the names of a server, a tool and a call, and of a definition."""
LONGEST_PATH = 4_096
"""Characters of a folder."""
MOST_LOGGED = 20_000
"""Calls that the list holds; of more the oldest are forgotten."""


class Tools:
    """Permissions, granted folders and the list of calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(
        self, server: str, tool: str, definition: str, folder: str, decision: Decision
    ) -> Made:
        """Keep what the person decided on all calls of a tool in a folder, in place of what was
        decided before. With an empty folder `always` holds for calls that reach into none, and
        `never` for every call. What was decided on another definition of the tool is forgotten.

        Raises:
            LibraryError: a name is longer than a library keeps.
        """
        _check_names(server, tool, definition)
        _check_path(folder)
        with self._database.write() as write:
            write.run(
                "DELETE FROM permissions WHERE server = ? AND tool = ? AND "
                "(definition <> ? OR folder = ?)",
                (server, tool, definition, folder),
            )
            new_id = write.insert(
                "INSERT INTO permissions (server, tool, definition, folder, decision, created_ms) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (server, tool, definition, folder, decision, now_ms()),
            )
            write.touch("tools")
        return write.made(new_id)

    def decision(
        self, server: str, tool: str, definition: str, folders: Sequence[str] = ()
    ) -> Decision | None:
        """What the person decided on a call that reaches into these folders: `never` where that
        holds for any of them, `always` where it holds for each, None where the person is to be
        asked."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT folder, decision FROM permissions "
                "WHERE server = ? AND tool = ? AND definition = ?",
                (server, tool, definition),
            ).fetchall()
        decided = {folder: one_of(decision, DECISIONS) for folder, decision in rows}
        wanted = [decided.get(folder) for folder in folders or ("",)]
        if "never" in (*wanted, decided.get("")):
            return "never"
        return "always" if all(one == "always" for one in wanted) else None

    def was_other(self, server: str, tool: str, definition: str) -> bool:
        """Whether the person decided on another definition of this tool: it has changed since."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT count(*), coalesce(sum(definition = ?), 0) FROM permissions "
                "WHERE server = ? AND tool = ?",
                (definition, server, tool),
            ).fetchone()
        return bool(row[0] and not row[1])

    def decisions(self) -> list[Permission]:
        """All that the person decided, the newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT id, server, tool, definition, folder, decision, created_ms "
                "FROM permissions ORDER BY id DESC"
            ).fetchall()
        return [
            Permission(
                id_, _name(server), _name(tool), _name(definition),
                limits.text(folder)[:LONGEST_PATH],
                one_of(decision, DECISIONS), sensible_ms(created),
            )
            for id_, server, tool, definition, folder, decision, created in rows
        ]  # fmt: skip

    def revoke(self, permission_id: int) -> Changed:
        """Have the person asked again; one that is not there does no harm."""
        with self._database.write() as write:
            write.run("DELETE FROM permissions WHERE id = ?", (permission_id,))
            write.touch("tools")
        return write.changed

    def grant(self, path: str, writable: bool, conversation_id: int | None = None) -> Made:
        """Let tools reach into a folder, in one conversation or in all; one that was granted
        already may from now on be written to or not.

        Raises:
            NotFoundError: no such conversation.
            LibraryError: the path is not absolute, too long, or cannot be written as text.
        """
        _check_path(path)
        if not os.path.isabs(path):
            raise LibraryError(
                "expected the whole path of a folder, found {path}. Name it from the root on.",
                path=repr(path),
            )
        with self._database.write() as write:
            check_there(write, conversation_id)
            write.run(
                "DELETE FROM granted_folders WHERE path = ? AND conversation_id IS ?",
                (path, conversation_id),
            )
            new_id = write.insert(
                "INSERT INTO granted_folders (path, writable, conversation_id, created_ms) "
                "VALUES (?, ?, ?, ?)",
                (path, writable, conversation_id, now_ms()),
            )
            _touch(write, conversation_id)
        return write.made(new_id)

    def folders(self, conversation_id: int | None = None) -> list[GrantedFolder]:
        """The folders that tools of a conversation may reach into, in the order in which they were
        granted; None for one that does not exist yet."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT id, path, writable, conversation_id, created_ms FROM granted_folders "
                "WHERE conversation_id IS NULL OR conversation_id = ? ORDER BY id",
                (conversation_id,),
            ).fetchall()
        return [_folder(row) for row in rows if _is_path(row[1])]

    def withdraw(self, folder_id: int) -> Changed:
        """No tool may reach into a granted folder any more; what was decided on calls in it is
        forgotten, unless it is granted elsewhere. One that is not there does no harm."""
        with self._database.write() as write:
            rows = write.run(
                "DELETE FROM granted_folders WHERE id = ? RETURNING path, conversation_id",
                (folder_id,),
            ).fetchall()
            for path, conversation_id in rows:
                write.run(
                    "DELETE FROM permissions WHERE folder = ? AND folder NOT IN "
                    "(SELECT path FROM granted_folders)",
                    (path,),
                )
                _touch(write, conversation_id)
        return write.changed

    def log(
        self,
        message_id: int | None,
        call_id: str,
        server: str,
        tool: str,
        arguments: str,
        decision: Allowed,
        state: ToolState = "running",
    ) -> Made:
        """Write down that it was decided on a call. `ended` says what became of it.

        Raises:
            NotFoundError: no such message.
        """
        with self._database.write() as write:
            row = write.run(
                "SELECT conversation_id FROM messages WHERE id = ?", (message_id,)
            ).fetchone()
            if row is None and message_id is not None:
                raise NotFoundError(
                    "there is no message {message_id} in the library.", message_id=message_id
                )
            new_id = write.insert(
                "INSERT INTO tool_log (conversation_id, message_id, call, server, tool, arguments, "
                "decision, state, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    row and row[0], message_id, _name(call_id), _name(server), _name(tool),
                    arguments[:LONGEST_ARGUMENTS], decision, state, now_ms(),
                ),
            )  # fmt: skip
            write.run("DELETE FROM tool_log WHERE id <= ?", (new_id - MOST_LOGGED,))
            write.touch("tools")
        return write.made(new_id)

    def ended(self, logged_id: int, state: ToolState, seconds: float | None = None) -> Changed:
        """Write down what became of a call, and how long it took; one that is not in the list any
        more does no harm."""
        with self._database.write() as write:
            write.run(
                "UPDATE tool_log SET state = ?, seconds = ? WHERE id = ?",
                (state, limits.seconds(seconds), logged_id),
            )
            write.touch("tools")
        return write.changed

    def logged(self, limit: int = 50, before: int | None = None) -> list[LoggedCall]:
        """The newest calls; with `before` those before the one with this id."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"""
                SELECT l.id, l.conversation_id, c.title, {OPENING_SQL}, l.message_id, l.call,
                    l.server, l.tool, l.arguments, l.decision, l.state, l.created_ms, l.seconds
                FROM tool_log l LEFT JOIN conversations c ON c.id = l.conversation_id
                WHERE l.id < coalesce(?, l.id + 1) ORDER BY l.id DESC LIMIT ?
                """,
                (before, limit),
            ).fetchall()
        return [_logged(row) for row in rows]

    def note(self, message_id: int, call_id: str, details: Mapping[str, Any]) -> Changed:
        """Add details to a call of an answer, also of one that is over: that it was taken back,
        for example.

        Raises:
            NotFoundError: there is no such call.
            LibraryError: the details are longer or deeper than a library keeps.
        """
        with self._database.write() as write:
            calls.change(write, message_id, call_id, details=details)
            (conversation_id,) = write.run(
                "SELECT conversation_id FROM messages WHERE id = ?", (message_id,)
            ).fetchone()
            write.touch("messages", conversations=[conversation_id], messages=[message_id])
        return write.changed


def close_interrupted_calls(database: Database) -> None:
    """Close the calls in the list that a process left behind when it ended without a word. Called
    once after opening, by the only process that holds the library."""
    left = "state IN ('asking', 'running')"
    with database.read() as connection:
        if connection.execute(f"SELECT 1 FROM tool_log WHERE {left} LIMIT 1").fetchone() is None:
            return
    with database.write() as write:
        write.run(f"UPDATE tool_log SET state = 'interrupted' WHERE {left}")
        write.touch("tools")


def _touch(write: Write, conversation_id: int | None) -> None:
    write.touch("tools", conversations=[] if conversation_id is None else [conversation_id])


def _check_names(*names: str) -> None:
    if (length := max(map(len, names))) > LONGEST_NAME:
        raise LibraryError(
            "expected a tool whose names have at most {longest} characters each, found {length}. "
            "Switch its server off.",
            longest=LONGEST_NAME,
            length=length,
        )


def _check_path(path: str) -> None:
    if len(path) > LONGEST_PATH:
        raise LibraryError(
            "expected the path of a folder of at most {longest} characters, found {length}. Move "
            "the folder.",
            longest=LONGEST_PATH,
            length=len(path),
        )
    if limits.is_half_text(path):
        raise LibraryError(
            "expected a folder whose name is text, found {path}. Rename it.", path=ascii(path)
        )


def _name(value: Any) -> str:
    return limits.text(value)[:LONGEST_NAME]


def _is_path(value: Any) -> bool:
    """Whether a row names a folder; part of a path would be another one."""
    return isinstance(value, str) and len(value) <= LONGEST_PATH and os.path.isabs(value)


def _folder(row: Sequence[Any]) -> GrantedFolder:
    id_, path, writable, conversation_id, created = row
    return GrantedFolder(id_, path, writable == 1, conversation_id, sensible_ms(created))


def _logged(row: Sequence[Any]) -> LoggedCall:
    id_, conversation, title, opening, message, call, server, tool, arguments, *ends = row
    decision, state, created, seconds = ends
    return LoggedCall(
        id_, conversation, name_of(title, opening), message, _name(call), _name(server),
        _name(tool), limits.text(arguments)[:LONGEST_ARGUMENTS], one_of(decision, ALLOWED),
        one_of(state, calls.STATES), sensible_ms(created), limits.seconds(seconds),
    )  # fmt: skip
