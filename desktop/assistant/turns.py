"""Makes the engine's turn from a branch of a conversation. Knows both sides' messages, no process.

What the model sees is what a person sees: words, the media they gave, and the places where it made
something. An exchange whose answer holds nothing is left out, because no model has seen one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from desktop.assistant.agent.history import FULL, answer_parts
from desktop.assistant.video_answers import asks_for_video, without_request
from plugins.observation import Observation
from runtime import messages as engine
from storage.errors import LibraryError
from storage.records import (
    FailedPart,
    Manner,
    Medium,
    MediumPart,
    Message,
    PendingPart,
    TextPart,
    ToolPart,
)

PathOf = Callable[[Medium], str]
"""Where the engine finds a medium of the library as a file."""
FoundIn = Callable[[Medium], tuple[Observation, ...] | None]
"""What readers found in a medium; None where they were not done with it."""
MOST_FOUND = 1_500_000
"""Characters of what readers found in the media of a turn, the newest first. What is left out the
engine reads again; it remembers for a while."""
Found = dict[str, tuple[Observation, ...] | None]
"""By SHA-256."""
MOST, STEP = 1024, 512
"""Messages of a branch that are given to the engine, which keeps as many as its model can hold; and
by how many the oldest leave at a time, so that the beginning, which the engine remembers, seldom
changes."""


@dataclass(frozen=True)
class AnswerPreferences:
    """How a person wants to be answered."""

    allowed: tuple[str, ...] | None = None
    """Modalities the answer may hold, `text` among them; None allows all."""
    steps: dict[str, int] = field(default_factory=dict)
    """Diffusion steps by modality; one that is missing is the bundle's own."""
    previews: bool = True
    system: str | None = None
    """What the language model is told about its task; None is the bundle's own."""
    temperature: float | None = None
    """How much the words vary; None is the bundle's own."""
    top_p: float | None = None
    """The share of the likeliest words that are chosen among; None is the bundle's own."""
    max_new_tokens: int | None = None
    """The longest answer; None is the bundle's own."""
    think: bool | None = None
    """Whether a model that has the choice thinks before its answer; None is the bundle's own."""
    bundle: str | None = None
    """Name or folder of the bundle that is to answer; None is the one that was chosen for all."""
    tools: bool | None = None
    """Whether the model may ask for tools; None is `tools_by_default`."""
    tools_by_default: bool = False

    @property
    def with_tools(self) -> bool:
        """Whether the model may ask for tools."""
        return self.tools_by_default if self.tools is None else self.tools

    def filled_from(self, manner: Manner) -> AnswerPreferences:
        """The same, with what a conversation has of its own where nothing is said."""
        names = Manner.__struct_fields__
        missing = [name for name in names if getattr(self, name) is None]
        return replace(self, **{name: getattr(manner, name) for name in missing})


@dataclass(frozen=True)
class TurnTools:
    """What a turn says of tools."""

    specs: tuple[engine.ToolSpec, ...] = ()
    briefing: str = ""
    choice: str = "auto"
    """`none` where the model has asked often enough."""


def messages_before(depth: int) -> int:
    """How many messages before one at `depth` its turn begins: all of them, or more than `STEP`."""
    return depth - max(0, (depth - MOST) // STEP + 1) * STEP


def make_turn(
    path: Sequence[Message],
    wishes: AnswerPreferences,
    path_of: PathOf,
    found_in: FoundIn = lambda medium: None,
    tools: TurnTools = TurnTools(),
) -> engine.Turn:
    """The turn that answers the last message of `path`, which is the person's; or goes on with it,
    where it is an answer with calls."""
    found = _found(path, found_in)
    asked = path[-1 if path[-1].role == "user" else -2]
    # The words of a clip that says them; the clip is made of them later.
    allowed = ("text",) if asks_for_video(asked.text) else wishes.allowed
    return engine.Turn(
        messages=tuple(_messages(path, path_of, found)),
        allowed=allowed,
        system=wishes.system,
        sampling=engine.Sampling(wishes.temperature, wishes.top_p, wishes.max_new_tokens),
        parameters={modality: {"steps": steps} for modality, steps in wishes.steps.items()},
        previews=wishes.previews,
        think=wishes.think,
        tools=tools.specs,
        briefing=tools.briefing,
        tool_choice=tools.choice,
        may_be_empty=path[-1].role == "assistant",
    )


def _found(path: Sequence[Message], found_in: FoundIn) -> Found:
    """What readers found in the newest media, as much as goes with one turn."""
    found: Found = {}
    left = MOST_FOUND
    for message in reversed(path):
        for part in message.parts if message.role == "user" else ():
            if isinstance(part, MediumPart) and part.medium.sha256 not in found:
                there = found_in(part.medium)
                left -= sum(len(one.text) for one in there or ())
                if left < 0:
                    return found
                found[part.medium.sha256] = there
    return found


def _messages(path: Sequence[Message], path_of: PathOf, found: Found) -> Iterable[engine.Message]:
    asked: engine.Message | None = None
    *before, last = path
    full = _told_in_full(before)

    def media_part(part: MediumPart) -> engine.MediaPart:
        return engine.MediaPart(part.medium.modality, path_of(part.medium), part.name)

    for message in before:
        if message.role == "user":
            asked = _asked(message, path_of, found)
            continue
        parts = answer_parts(message, media_part, full=message.id in full)
        if parts and asked is not None:
            yield asked
            yield engine.Message("assistant", parts)
        asked = None
    if last.role == "user":
        yield _asked(last, path_of, found)
    elif asked is not None:
        yield asked
        yield engine.Message("assistant", answer_parts(last, media_part, goes_on=True))


def _told_in_full(messages: Sequence[Message]) -> frozenset[int]:
    """The last answers with calls, whose results are not shortened."""
    calling = [
        message.id
        for message in messages
        if any(isinstance(part, ToolPart) for part in message.parts)
    ]
    return frozenset(calling[-FULL:])


def _asked(message: Message, path_of: PathOf, found: Found) -> engine.Message:
    parts: list[engine.Part] = []
    for part in message.parts:
        if isinstance(part, TextPart):
            parts.append(engine.TextPart(without_request(part.text)))
        elif isinstance(part, MediumPart) and not part.is_recording:
            medium = part.medium
            there = found.get(medium.sha256)
            parts.append(engine.MediaPart(medium.modality, path_of(medium), part.name, there))
    return engine.Message("user", tuple(parts))


def artifacts(message: Message) -> list[MediumPart | PendingPart | FailedPart]:
    """The artifacts of an answer, those that failed or are being made counted too."""
    return [
        part for part in message.parts if isinstance(part, MediumPart | PendingPart | FailedPart)
    ]


def artifact(message: Message, index: int) -> MediumPart:
    """The artifact of an answer by its number, those that failed or are being made counted too.

    Raises:
        LibraryError: there is no such artifact, or it was not made.
    """
    made = artifacts(message)
    part = made[index] if 0 <= index < len(made) else None
    if not isinstance(part, MediumPart):
        raise LibraryError("There is no such picture, sound or clip in this answer any more.")
    return part
