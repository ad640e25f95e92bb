"""Calls of tools among the parts of an answer: kept, changed and closed within a transaction.

A call is a part of kind `text` whose words are what the tool gave, as an older Medley then shows
them; what was called stands in its details. It is never found by a search.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from storage import limits
from storage.errors import LibraryError, NotFoundError, Phrase
from storage.file.database import Write
from storage.records import FOREIGN, UNDO, ToolPart, ToolState

TOOL = "tool"
"""Of a part's details: it is a call."""
LONGEST_RESULT = 1 << 20
"""Characters of what a tool gave that are kept."""
STATES: tuple[ToolState, ...] = get_args(ToolState)
OPEN = ("asking", "running")
IS_CALL = f"""
    kind = 'text' AND CASE WHEN json_valid(details) THEN json_type(details, '$.{TOOL}') END
    IS NOT NULL
"""
"""The SQL condition for a row of `parts` that is a call."""
IS_OPEN = f"""
    kind = 'text' AND CASE WHEN json_valid(details)
    THEN json_extract(details, '$.{TOOL}.state') END IN ('asking', 'running')
"""
"""The SQL condition for one that has not ended."""
CLOSE = f"""
    UPDATE parts SET details = json_set(details, '$.{TOOL}.state', 'interrupted') WHERE {IS_OPEN}
"""
"""The SQL statement by which calls have ended without a word, but for the message."""


class _Call(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a part's details say of a call."""

    call: str
    server: str
    name: str
    arguments: str
    state: ToolState
    details: dict[str, Any] = {}


def packed(part: ToolPart) -> dict[str, Any]:
    """The details of a part that keep this call; its result is the part's text."""
    call = _Call(
        part.call_id, part.server, part.tool, part.arguments, part.state, dict(part.details)
    )
    return {TOOL: msgspec.to_builtins(call)}


def unpacked(id_: int, text: str, details: Mapping[str, Any]) -> ToolPart:
    """The call that a part with such details is, whatever they hold."""
    kept = details.get(TOOL)
    call = kept if isinstance(kept, dict) else {}
    inner = call.get("details")
    return ToolPart(
        id_,
        limits.text(call.get("call")),
        limits.text(call.get("server")),
        limits.text(call.get("name")),
        _object(call.get("arguments")),
        next((state for state in STATES if state == call.get("state")), "interrupted"),
        text[:LONGEST_RESULT],
        inner if isinstance(inner, dict) else {},
    )


def from_elsewhere(part: ToolPart) -> ToolPart:
    """The call as it comes with a conversation from another library: it has ended, nothing can be
    taken back by it here, and its result is text from elsewhere."""
    state: ToolState = "interrupted" if part.state in OPEN else part.state
    details = {key: value for key, value in part.details.items() if key != UNDO}
    return msgspec.structs.replace(part, state=state, details=details | {FOREIGN: True})


def add(write: Write, message_id: int, part: ToolPart) -> int:
    """Append a call to a message; its part's id.

    Raises:
        LibraryError: the arguments or the details are longer or deeper than a library keeps.
    """
    return write.insert(
        """
        INSERT INTO parts (message_id, position, kind, text, details)
        VALUES (?, (SELECT count(*) FROM parts WHERE message_id = ?), 'text', ?, ?)
        """,
        (message_id, message_id, part.result[:LONGEST_RESULT], _json(part)),
    )


def change(
    write: Write,
    message_id: int,
    call_id: str,
    state: ToolState | None = None,
    result: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Change a call of a message; None leaves what is there, and details are added to the others.

    Raises:
        NotFoundError: the message has no such call.
        LibraryError: the details are longer or deeper than a library keeps.
    """
    row = write.run(
        f"""
        SELECT id, text, details FROM parts WHERE message_id = ? AND kind = 'text'
        AND CASE WHEN json_valid(details) THEN json_extract(details, '$.{TOOL}.call') END = ?
        ORDER BY position DESC LIMIT 1
        """,
        (message_id, call_id),
    ).fetchone()
    if row is None:
        raise NotFoundError(
            "message {message_id} has no call {call_id} of a tool.",
            message_id=message_id,
            call_id=call_id,
        )
    old = unpacked(row[0], limits.text(row[1]), limits.details(row[2]))
    new = msgspec.structs.replace(
        old,
        state=old.state if state is None else state,
        result=(old.result if result is None else result)[:LONGEST_RESULT],
        details=old.details | dict(details or {}),
    )
    write.run(
        "UPDATE parts SET text = ?, details = ? WHERE id = ?", (new.result, _json(new), old.id)
    )


def close(write: Write, message_id: int) -> None:
    """No call of this message goes on: those that had not ended are `interrupted`."""
    write.run(f"{CLOSE} AND message_id = ?", (message_id,))


def _json(part: ToolPart) -> str:
    details = packed(part)
    if problem := limits.details_problem(details):
        raise _too_much(part, problem)
    return msgspec.json.encode(details).decode("utf-8")


def _object(json: Any) -> str:
    """The JSON of an object; an empty one for anything else."""
    text = limits.text(json)
    try:
        msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        return "{}"
    return text


def _too_much(part: ToolPart, problem: Phrase) -> LibraryError:
    return LibraryError(
        "expected a call of {tool} that can be kept, found {problem}. Ask for less at a time.",
        tool=part.tool,
        problem=problem,
    )
