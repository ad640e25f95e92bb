"""Turns the calls of an answer, as the library keeps them, into what the engine is told of them.

An answer is told in steps: the calls of one step, then what they gave. Results of older answers are
shortened, so that a long conversation does not fill the context with them. Knows both sides' plain
data, no process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from desktop.assistant.agent import results
from desktop.assistant.video_answers import SPEAKS
from runtime import messages as engine
from storage.records import MediumPart, Message, TextPart, ThinkingPart, ToolPart

STEP, NAME, SENT, FOREIGN, CALL = "step", "name", "sent", "foreign", "call"
"""Details of a call: the number of its step, the name and the arguments with which the model asked
for it where these are others, whether its result is from elsewhere; and of a medium: the call that
gave it."""
MADE = "made"
"""Detail of a medium that a call had the engine make."""
FULL = 2
"""The last answers whose results are told in full."""
INTERRUPTED = (
    "Medley was ended while this call was made; nobody knows how far it came. Look before you do "
    "it again."
)
"""For the model."""
NOT_MADE = "This call was not made: the answer was ended before."
MediaPartOf = Callable[[MediumPart], engine.MediaPart]


def answer_parts(
    message: Message, media_part: MediaPartOf, *, full: bool = True, goes_on: bool = False
) -> tuple[engine.Part, ...]:
    """An answer as the engine is told of it.

    Args:
        message: the answer.
        media_part: finds the file of a medium.
        full: whether results are told whole.
        goes_on: whether it is the one that is to be continued: its thoughts go with it, and words
            behind its last call are left out, as they are to be written anew.
    """
    parts: list[engine.Part] = []
    step: list[ToolPart] = []
    given = _given(message.parts)

    def close() -> None:
        parts.extend(_call(part) for part in step)
        parts.extend(_result(part, given.get(part.call_id, []), media_part, full) for part in step)
        step.clear()

    for part in message.parts:
        if isinstance(part, ToolPart):
            if step and part.details.get(STEP) != step[-1].details.get(STEP):
                close()
            step.append(part)
            continue
        told = _told(part, goes_on)
        if told is not None:
            close()
            parts.append(told)
    close()
    if goes_on:
        while parts and not isinstance(parts[-1], engine.ToolResultPart):
            parts.pop()
    return tuple(parts)


def _told(part: Any, goes_on: bool) -> engine.Part | None:
    match part:
        case TextPart() if part.text:
            return engine.TextPart(part.text)
        case ThinkingPart() if goes_on:
            return engine.ThinkingPart(part.text, part.seconds or 0.0, part.cut)
        case MediumPart() if not part.details.get(SPEAKS) and CALL not in part.details:
            return engine.SignalPart(part.medium.modality, str(part.details.get("caption", "")))
    return None


def _given(parts: Sequence[Any]) -> dict[str, list[MediumPart]]:
    """The media that calls gave, by call; what the engine made for one is told in its result."""
    found: dict[str, list[MediumPart]] = {}
    for part in parts:
        if isinstance(part, MediumPart) and not part.details.get(MADE):
            call = part.details.get(CALL)
            if isinstance(call, str):
                found.setdefault(call, []).append(part)
    return found


def _name(part: ToolPart) -> str:
    name = part.details.get(NAME)
    return name if isinstance(name, str) else part.tool


def _call(part: ToolPart) -> engine.ToolCallPart:
    sent = part.details.get(SENT)
    arguments = sent if isinstance(sent, str) else part.arguments
    return engine.ToolCallPart(part.call_id, _name(part), arguments)


def _result(
    part: ToolPart, given: Sequence[MediumPart], media_part: MediaPartOf, full: bool
) -> engine.ToolResultPart:
    text = part.result
    if part.state == "interrupted" or part.state in ("asking", "running"):
        text = text or (INTERRUPTED if part.details.get("decision") else NOT_MADE)
    if not full:
        text = results.cut(text, results.OLDER_TOKENS)
    if part.details.get(FOREIGN) and text:
        text = results.framed(text, _name(part))
    media = tuple(map(media_part, given)) if full else ()
    return engine.ToolResultPart(
        part.call_id, _name(part), text, failed=part.state != "done", media=media
    )
