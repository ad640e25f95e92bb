"""Asks an engine one question and collects what comes. Knows the engine and its messages."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from plugins.errors import Cancelled, KnownError, Problem
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    MediaPart,
    Message,
    Sampling,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)

SEED = 7


@dataclass
class Reply:
    """All that one question brought."""

    text: str = ""
    made: list[ArtifactReady] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    done: TurnDone | None = None


def ask(
    engine: Engine,
    words: str,
    cancelled: threading.Event,
    *,
    medium: MediaPart | None = None,
    allowed: tuple[str, ...] = ("text",),
    most: int = 48,
) -> Reply:
    """The reply to `words`, in a conversation of its own.

    Raises:
        Cancelled: it was stopped.
        KnownError: the engine cannot answer.
    """
    parts = (TextPart(words),) if medium is None else (medium, TextPart(words))
    turn = Turn(
        (Message("user", parts),),
        allowed=allowed,
        seed=SEED,
        sampling=Sampling(temperature=0.0, max_new_tokens=most),
    )
    reply = Reply()
    for event in engine.answer(turn, cancelled):
        match event:
            case TextDelta():
                reply.text += event.text
            case ArtifactReady():
                reply.made.append(event)
            case ArtifactFailed():
                reply.failed.append(event.problem)
            case TurnDone():
                reply.done = event
            case TurnFailed():
                raise KnownError(event.problem)
    if cancelled.is_set():
        raise Cancelled("the test was stopped")
    return reply
