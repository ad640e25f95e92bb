"""The plain form into which every other program's conversations are read: a tree of entries.

Knows no program and no file.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

import msgspec

from storage.records import Role, ToolState

Missing = Literal["file", "hidden", "part", "loop", "empty"]
"""What is left out: a file that is not there, what the other program shows nobody, a part of an
unknown kind, a message that follows itself, a conversation without a message."""
LeftOut = Counter[Missing]


class Words(msgspec.Struct, frozen=True):
    """Words, as Markdown."""

    text: str


class Thought(msgspec.Struct, frozen=True):
    """What a model thought before its words."""

    text: str
    seconds: float | None = None


class Call(msgspec.Struct, frozen=True):
    """A call of a tool."""

    call_id: str
    server: str
    tool: str
    arguments: str
    """A JSON object."""
    result: str = ""
    state: ToolState = "done"


class File(msgspec.Struct, frozen=True):
    """A picture, sound, clip or document."""

    place: str
    """The handle by which its bytes are found; empty where the bytes are here."""
    name: str = ""
    """The file name that a person saw."""
    data: bytes = b""


Piece = Words | Thought | Call | File


class Entry(msgspec.Struct, frozen=True):
    """A message of the other program, or a step of one."""

    parent: str | None
    role: Role
    created_ms: int
    pieces: tuple[Piece, ...]
    """None where nobody is shown the entry; what follows it then follows its parent."""
    model: str = ""
    """The model that answered."""


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation."""

    program: str
    key: str
    """What identifies it in the other program."""
    title: str
    created_ms: int
    updated_ms: int
    entries: dict[str, Entry]
    """By what identifies each in the other program."""
    current: str | None = None
    """The entry at which the person was; None for the last one."""
    system: str = ""


def arguments_of(value: object) -> str:
    """The arguments of a call as a JSON object, whatever the other program kept them as."""
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value)
        except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
            return _json({"input": value}) if value else "{}"
    if value in (None, ""):
        return "{}"
    return _json(value if isinstance(value, dict) else {"input": value})


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode("utf-8")
