"""Messages between a person's side and the engine: plain data, ready for msgpack.

The command line uses them in process; a worker process gets the same bytes through a pipe. Knows
no torch and no model.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from plugins.errors import Problem
from plugins.observation import Observation

MEDIA_MODALITIES = ("image", "audio", "video")
"""What the encoders of bundles take in, and renderers make."""
DOCUMENT = "document"
"""The modality of a file that is read as text: it has no encoder, only readers."""


class TextPart(msgspec.Struct, frozen=True, tag="text"):
    """Words."""

    text: str


class MediaPart(msgspec.Struct, frozen=True, tag="media"):
    """A picture, sound, clip or document that a person gave."""

    modality: str
    """`image`, `audio`, `video` or `document`."""
    path: str
    """A file on this machine, read by the engine."""
    name: str = ""
    """The file's name as the person knows it; empty takes that of `path`."""
    observations: tuple[Observation, ...] | None = None
    """What readers found in it before; None lets the engine read it, if its bundle needs that."""


class SignalPart(msgspec.Struct, frozen=True, tag="signal"):
    """A place in an assistant's answer where it made an artifact; stands for its signal tokens."""

    modality: str
    caption: str = ""
    """Captioned routing: what the language model asked for, in its own words."""


class ThinkingPart(msgspec.Struct, frozen=True, tag="thinking"):
    """What the model thought before its words. Shown apart, and never sent back to it."""

    text: str
    seconds: float = 0.0
    """How long it thought."""
    cut: bool = False
    """True if it did not end by itself."""


class ToolCallPart(msgspec.Struct, frozen=True, tag="tool_call"):
    """A place in an assistant's answer where the model asked for a tool to be used."""

    id: str
    """Names the call within its conversation, as its result does."""
    name: str
    """Of the tool, as in its `ToolSpec`."""
    arguments: str
    """A JSON object."""


class ToolResultPart(msgspec.Struct, frozen=True, tag="tool_result"):
    """What a call gave; it follows the call in the same answer. Data for the model, never an
    instruction to it."""

    call_id: str
    name: str
    """Of the tool."""
    text: str
    failed: bool = False
    """True where the tool was refused, stopped or could not do it; `text` says why."""
    media: tuple[MediaPart, ...] = ()
    """Pictures, sounds and clips among what it gave."""


Part = TextPart | MediaPart | SignalPart | ThinkingPart | ToolCallPart | ToolResultPart


class Message(msgspec.Struct, frozen=True):
    """One person's or the assistant's contribution."""

    role: Literal["user", "assistant"]
    parts: tuple[Part, ...]

    @property
    def says_anything(self) -> bool:
        """False if it holds nothing but thinking."""
        return any(not isinstance(part, ThinkingPart) for part in self.parts)

    @property
    def goes_on(self) -> bool:
        """Whether it is an answer that waits to be continued, behind a tool's result."""
        last = self.parts[-1] if self.parts else None
        return self.role == "assistant" and isinstance(last, ToolResultPart)


class ToolSpec(msgspec.Struct, frozen=True):
    """A tool that the language model may ask for."""

    name: str
    """Letters, digits, `_`, `-` and `.`, at most 64; unique within a turn."""
    description: str
    """What it does and when to use it, for the model."""
    parameters: str
    """JSON schema of an object: the arguments."""


class Sampling(msgspec.Struct, frozen=True):
    """How the language model samples. Defaults of `None` are the bundle's own."""

    temperature: float | None = None
    top_p: float | None = None
    max_new_tokens: int | None = None
    stop: tuple[str, ...] = ()
    """Texts that end the answer, besides the bundle's own; never shown."""
    json_schema: str = ""
    """The words are JSON that fits this schema; empty for any words."""


class Turn(msgspec.Struct, frozen=True):
    """The messages so far and how to answer. The last one is the person's, or an answer whose last
    part is a tool's result: that answer then goes on."""

    messages: tuple[Message, ...]
    allowed: tuple[str, ...] | None = None
    """Modalities the answer may hold, `text` among them; None allows all the bundle has.

    Enforced on the logits of the signal tokens. Without `text`, words are not shown, and an answer
    that would end without any artifact is made to begin one.
    """
    system: str | None = None
    """What the language model is told about itself and its task; None is the bundle's own."""
    seed: int | None = None
    """None draws one; it is reported in `TurnDone`."""
    sampling: Sampling = Sampling()
    parameters: dict[str, dict[str, int | float | bool | str]] = {}
    """Renderer parameters by modality, over the bundle's defaults."""
    previews: bool = False
    think: bool | None = None
    """Whether a model that has the choice is to think before its answer; False lets any answer at
    once; None leaves it to the bundle's template."""
    whole: bool = False
    """Whether messages that do not fit into the context are refused, rather than the oldest left
    out. The answer may then fill what is left of it."""
    may_be_empty: bool = False
    """Whether an answer that holds nothing is one, rather than a failure."""
    tools: tuple[ToolSpec, ...] = ()
    """Those that the model may ask for; `TurnDone.finish` is `tool_calls` where it did."""
    tool_choice: str = "auto"
    """`auto`; `none`, which lets it see its earlier calls and make no new ones; `required`; or the
    name of the one tool that is to be called."""
    parallel_calls: bool = True
    """Whether one answer may ask for several tools at once."""
    briefing: str = ""
    """What the model is told beside its task where there are tools, for example the day."""


class Reading(msgspec.Struct, frozen=True, tag="reading"):
    """A reader is at work on a medium of this turn."""

    path: str
    """Of the `MediaPart`."""
    reader: str
    """Its id."""
    step: int
    of: int
    """0 where the end is not known."""


class MediumRead(msgspec.Struct, frozen=True, tag="medium_read"):
    """All that readers found in a medium of this turn, to be kept and given with it from now on."""

    path: str
    """Of the `MediaPart`."""
    observations: tuple[Observation, ...]
    problems: tuple[Problem, ...] = ()
    """One for each reader that could not read it: what is missing, what to do."""


class TextDelta(msgspec.Struct, frozen=True, tag="text_delta"):
    """Words to append to the answer."""

    text: str


class ThinkingDelta(msgspec.Struct, frozen=True, tag="thinking_delta"):
    """Text to append to what the model thinks before its words."""

    text: str


class ThinkingDone(msgspec.Struct, frozen=True, tag="thinking_done"):
    """The thinking is over; words follow, unless there was no room for any."""

    seconds: float
    cut: bool = False
    """True if it did not end by itself."""


class ToolCallStarted(msgspec.Struct, frozen=True, tag="tool_call_started"):
    """The model has begun to write a call; `ToolCalled` follows unless the answer ends within."""

    id: str


class ToolCalled(msgspec.Struct, frozen=True, tag="tool_called"):
    """The model asked for a tool. The arguments are a JSON object; whether they fit the tool's
    schema in every respect is for the caller to check."""

    call: ToolCallPart


class SignalStarted(msgspec.Struct, frozen=True, tag="signal_started"):
    """The model has begun to ask for an artifact; its renderer is warming up."""

    index: int
    """Number of the artifact in this answer, from 0."""
    modality: str


class RenderProgress(msgspec.Struct, frozen=True, tag="render_progress"):
    """One step of a renderer is done."""

    index: int
    modality: str
    step: int
    of: int
    preview: bytes | None = None
    """A small PNG, when previews were asked for and this step made one."""


class ArtifactReady(msgspec.Struct, frozen=True, tag="artifact_ready"):
    """A finished artifact."""

    index: int
    modality: str
    mime: str
    extension: str
    data: bytes
    recipe: str
    """JSON; see `plugins.api.Recipe`."""
    seed: int
    renderer: str
    render_s: float
    """Seconds the renderer took."""
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    caption: str = ""
    """Captioned routing: what the language model asked for."""


class ArtifactFailed(msgspec.Struct, frozen=True, tag="artifact_failed"):
    """One artifact could not be made; the rest of the answer stands."""

    index: int
    modality: str
    problem: Problem


class Usage(msgspec.Struct, frozen=True):
    """Positions of the language model's context."""

    prompt_tokens: int
    """Positions of the whole prompt, media included."""
    reused_tokens: int
    """Of those, how many were still in the KV cache."""
    new_tokens: int
    """Generated, signal tokens included."""
    context_tokens: int = 0
    """Positions that are full now, the answer's among them; 0 where the model had no part in it."""
    n_ctx: int = 0
    """Positions that there are; 0 where that is not known."""


class Timings(msgspec.Struct, frozen=True):
    """Seconds. `load` is zero once the bundle is loaded."""

    load: float
    encode: float
    first_token: float
    text: float
    render: tuple[float, ...] = ()
    """One entry an artifact, in the order of `index`."""
    decode: float = 0.0
    """In which the new tokens were generated, one after the other."""


Finish = Literal["end", "length", "stopped", "tool_calls"]


class TurnDone(msgspec.Struct, frozen=True, tag="turn_done"):
    """The answer is complete."""

    reply: Message
    """Assistant message to append to the conversation: text and signal parts in order."""
    usage: Usage
    timings: Timings
    seed: int
    finish: Finish
    """`tool_calls`: the answer waits for the results of the calls that it ends with."""
    dropped_messages: int = 0
    """Oldest messages that no longer fitted into the context."""
    quoted: tuple[str, ...] = ()
    """Places in documents that were too long to be read whole and were quoted to the model, for
    example `report.pdf, page 3`."""
    bundle: str = ""
    """Name of the bundle that answered."""
    title: str = ""
    """Its name to be shown."""

    @property
    def tokens_per_second(self) -> float | None:
        """How fast the words came; None where none were generated."""
        seconds = self.timings.decode
        return self.usage.new_tokens / seconds if seconds > 0 and self.usage.new_tokens else None


class TurnFailed(msgspec.Struct, frozen=True, tag="turn_failed"):
    """The turn could not be answered."""

    problem: Problem
    """Expected, found, what to do."""


Event = (
    Reading
    | MediumRead
    | TextDelta
    | ThinkingDelta
    | ThinkingDone
    | ToolCallStarted
    | ToolCalled
    | SignalStarted
    | RenderProgress
    | ArtifactReady
    | ArtifactFailed
    | TurnDone
    | TurnFailed
)


class Embedding(msgspec.Struct, frozen=True):
    """Where a medium or words lie in an encoder's shared space."""

    space: str
    """Names the encoder: only vectors of the same space can be compared."""
    vector: bytes
    """float32, little endian, of unit length: the dot product of two is their cosine."""
    known: bool = True
    """Whether the encoder was taught any of the words; others lie anywhere, near to no meaning."""


def encode(message: Any) -> bytes:
    """Msgpack bytes of a turn or an event."""
    return msgspec.msgpack.encode(message)


def decode_event(data: bytes) -> Event:
    """An event from its bytes.

    Raises:
        msgspec.ValidationError: not an event.
    """
    event: Event = msgspec.msgpack.decode(data, type=Event)
    return event
