"""What is to be shown of a spoken conversation, and what it needs of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from plugins.errors import Problem

Phase = Literal[
    "idle", "starting", "listening", "hearing", "thinking", "speaking", "muted", "failed"
]

AnswerId = int
"""Names an answer, and what is spoken of it."""


@dataclass(frozen=True)
class View:
    """A spoken conversation as it is now."""

    phase: Phase = "idle"
    kind: str = ""
    """Where it failed: `no_model`, `no_device`, `lost`, `died` or others of `speech.protocol`."""
    problem: Problem | None = None
    """Why it failed."""
    hands_free: bool = False
    muted: bool = False
    heard: str = ""
    """The person's words, as far as they were understood."""
    spoken: str = ""
    """What was heard of the answer so far."""
    device: str = ""
    """Name of the microphone that is open; empty where none is."""

    @property
    def on(self) -> bool:
        """Whether a conversation is going on."""
        return self.phase != "idle"


@dataclass(frozen=True)
class SpokenTurn:
    """What a person said."""

    text: str
    language: str
    recording: Path | None
    """A WAV file; whoever takes the turn removes it."""
    duration_s: float


class Answerer(Protocol):
    """Who answers what was said. Every method returns at once.

    The words of an answer come to `SpokenConversation.answer_text`, its end, whatever becomes of
    it, to `answer_ended`.
    """

    def prepare(self, text: str) -> None:
        """Read what a person is still saying, as far as it was understood."""
        ...

    def ask(self, answer: AnswerId, turn: SpokenTurn) -> None:
        """Answer a turn; the answer is named by `answer` from now on."""
        ...

    def stop(self, answer: AnswerId) -> None:
        """Stop an answer that is being made; its end comes as any other."""
        ...

    def keep_heard(self, answer: AnswerId, heard: str) -> None:
        """An answer is over, and only this was heard of it, as it was spoken."""
        ...
