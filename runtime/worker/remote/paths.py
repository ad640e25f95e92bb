"""The files that a command names, put in other words for the other end. Knows commands only."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from runtime.messages import MediaPart, Message, Part, ToolResultPart, Turn
from runtime.worker.protocol import Ask, Command, Embed, Prepare

Renaming = Callable[[MediaPart], MediaPart]


def renamed(command: Command, other: Renaming) -> Command:
    """A command with every medium as `other` gives it. Raises as that does."""
    if isinstance(command, Embed) and isinstance(command.content, MediaPart):
        return msgspec.structs.replace(command, content=other(command.content))
    if isinstance(command, Ask | Prepare) and command.turn is not None:
        return msgspec.structs.replace(command, turn=_turn(command.turn, other))
    return command


def _turn(turn: Turn, other: Renaming) -> Turn:
    messages = tuple(
        Message(one.role, tuple(_part(part, other) for part in one.parts)) for one in turn.messages
    )
    return msgspec.structs.replace(turn, messages=messages)


def _part(part: Part, other: Renaming) -> Part:
    if isinstance(part, MediaPart):
        return other(part)
    if isinstance(part, ToolResultPart) and part.media:
        return msgspec.structs.replace(part, media=tuple(map(other, part.media)))
    return part
