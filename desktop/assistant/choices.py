"""Which engine a person chose to be answered by, and what became of what they sent. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.bundle.bundle import AUTOMATIC


@dataclass(frozen=True)
class EngineChoice:
    """Which engine to be answered by."""

    bundle: str = AUTOMATIC
    """Name or folder."""
    device: str = "auto"
    memory_budget: int | None = None
    """Bytes; None lets the engine decide."""
    remote: str = ""
    """Name of the other computer that answers; empty is this one. Device and memory are its own
    choice there."""


@dataclass(frozen=True)
class Sent:
    """What sending made."""

    conversation_id: int
    message_id: int
    """The person's message."""
    answer_id: int
    """The message that answers it."""
