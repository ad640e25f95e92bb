"""Makes the engine's turn from a branch of a conversation. Knows both sides' messages, no process.

What the model sees is what a person sees: words, the media they gave, and the places where it made
something. An exchange whose answer holds nothing is left out, because no model has seen one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from runtime import messages as engine
from storage.rows import Medium, MediumPart, Message, TextPart

PathOf = Callable[[Medium], str]
"""Where the engine finds a medium of the library as a file."""
MOST, STEP = 1024, 512
"""Messages of a branch that are given to the engine, which keeps as many as its model can hold; and
by how many the oldest leave at a time, so that the beginning, which the engine remembers, seldom
changes."""


@dataclass(frozen=True)
class Wishes:
    """How a person wants to be answered."""

    allowed: tuple[str, ...] | None = None
    """Modalities the answer may hold, `text` among them; None allows all."""
    steps: dict[str, int] = field(default_factory=dict)
    """Diffusion steps by modality; one that is missing is the bundle's own."""
    previews: bool = True


def messages_before(depth: int) -> int:
    """How many messages before one at `depth` its turn begins: all of them, or more than `STEP`."""
    return depth - max(0, (depth - MOST) // STEP + 1) * STEP


def make_turn(path: Sequence[Message], wishes: Wishes, path_of: PathOf) -> engine.Turn:
    """The turn that answers the last message of `path`, which is the person's."""
    return engine.Turn(
        messages=tuple(_messages(path, path_of)),
        allowed=wishes.allowed,
        parameters={modality: {"steps": steps} for modality, steps in wishes.steps.items()},
        previews=wishes.previews,
    )


def _messages(path: Sequence[Message], path_of: PathOf) -> Iterable[engine.Message]:
    asked: engine.Message | None = None
    for message in path[:-1]:
        if message.role == "user":
            asked = _asked(message, path_of)
            continue
        answered = _answered(message)
        if answered.parts and asked is not None:
            yield asked
            yield answered
        asked = None
    yield _asked(path[-1], path_of)


def _asked(message: Message, path_of: PathOf) -> engine.Message:
    parts: list[engine.Part] = []
    for part in message.parts:
        if isinstance(part, TextPart):
            parts.append(engine.TextPart(part.text))
        elif isinstance(part, MediumPart):
            parts.append(engine.MediaPart(part.medium.modality, path_of(part.medium)))
    return engine.Message("user", tuple(parts))


def _answered(message: Message) -> engine.Message:
    parts: list[engine.Part] = []
    for part in message.parts:
        if isinstance(part, TextPart):
            parts.append(engine.TextPart(part.text))
        elif isinstance(part, MediumPart):
            caption = str(part.details.get("caption", ""))
            parts.append(engine.SignalPart(part.medium.modality, caption))
    return engine.Message("assistant", tuple(parts))
