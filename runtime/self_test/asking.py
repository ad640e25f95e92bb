"""Asks an engine one question and collects what comes. Knows the engine and its messages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from plugins.api import ParameterValue
from plugins.errors import Cancelled, KnownError, Problem
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    MediaPart,
    Message,
    RenderProgress,
    Sampling,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)

SEED = 7
OnProgress = Callable[[int, int], None]
"""How much is done, and of how much; of 0 where nobody knows."""


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
    parameters: Mapping[str, Mapping[str, ParameterValue]] | None = None,
    tell: OnProgress = lambda done, of: None,
) -> Reply:
    """The reply to `words`, in a conversation of its own.

    Args:
        engine: a running one.
        words: the question.
        cancelled: stops it.
        medium: what comes before the words.
        allowed: modalities that the reply may hold.
        most: tokens of the reply.
        parameters: of renderers, by modality.
        tell: how many tokens or diffusion steps are done, and of how many.

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
        parameters={modality: dict(values) for modality, values in (parameters or {}).items()},
    )
    reply = Reply()
    tokens = 0
    for event in engine.answer(turn, cancelled):
        match event:
            case TextDelta():
                reply.text += event.text
                tokens = min(tokens + 1, most)
                tell(tokens, most)
            case RenderProgress():
                tell(event.step, event.of)
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
