"""Records of what tools may do and did, of memories and of reminders. Knows no SQL.

Times are whole milliseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from storage.records import ToolState

Decision = Literal["always", "never"]
"""What a person decided on all calls of a tool."""
Allowed = Literal["unasked", "once", "always", "refused", "never"]
"""How it was decided on one call. `unasked`: its tool touches nothing, so nobody is asked; `always`
and `never`: by what the person decided on all calls, then or earlier."""
Source = Literal["person", "model"]
"""Who put a memory into words."""


class Permission(msgspec.Struct, frozen=True):
    """What a person decided on a tool, for all times."""

    id: int
    server: str
    """Who brings the tool."""
    tool: str
    definition: str
    """SHA-256 of what the tool said of itself at that time: another one is decided on anew."""
    folder: str
    """The granted folder in which it holds; empty where the tool reaches into none."""
    decision: Decision
    created_ms: int


class GrantedFolder(msgspec.Struct, frozen=True):
    """A folder that a person granted to tools."""

    id: int
    path: str
    """Absolute."""
    writable: bool
    conversation_id: int | None
    """The only conversation whose tools may reach into it; None for all."""
    created_ms: int


class LoggedCall(msgspec.Struct, frozen=True):
    """One call in the list of what was done."""

    id: int
    conversation_id: int | None
    """None once the conversation was forgotten; its arguments then are, too."""
    title: str
    """The conversation's title, or its opening."""
    message_id: int | None
    call_id: str
    server: str
    tool: str
    arguments: str
    """JSON, its first 4,000 characters."""
    decision: Allowed
    state: ToolState
    created_ms: int
    """When it was decided on."""
    seconds: float | None
    """How long it took; None where it has not ended, or nobody knows."""


class Memory(msgspec.Struct, frozen=True):
    """Something that is remembered of a person."""

    id: int
    text: str
    source: Source
    message_id: int | None
    """The message that it came from; None where there is none, or it was forgotten."""
    conversation_id: int | None
    """The conversation of that message."""
    title: str
    """That conversation's title, or its opening."""
    created_ms: int
    changed_ms: int


class Reminder(msgspec.Struct, frozen=True):
    """Something to be told to a person at a time."""

    id: int
    text: str
    due_ms: int
    conversation_id: int | None
    """The conversation in which it was asked for."""
    created_ms: int
    done_ms: int | None
    """When the person was told; None where that is still to come."""
