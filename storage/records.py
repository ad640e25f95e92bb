"""Records that reading the library returns, and the changes that a write reports. Knows no SQL.

Times are whole milliseconds since 1970-01-01 UTC. Ids are never used twice, not even after what
they named was deleted. No struct holds the bytes of a medium.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

Role = Literal["user", "assistant"]
State = Literal["streaming", "complete", "stopped", "failed", "interrupted"]
"""The state of a message. A user's messages are `complete`; an answer is `streaming` while it is
being written and `interrupted` if the process that wrote it ended without finishing it."""
SPOKEN, UNHEARD, THINKING, CUT = "spoken", "unheard", "thinking", "cut"
"""Details of parts: that a medium is the sound of the words beside it, and what of an answer's
words was not heard."""
UNDO = "undo"
"""Detail of a tool's call: what takes it back, on this machine only. It is neither exported nor
imported."""
FOREIGN = "foreign"
"""Detail of a tool's call: its result is text from elsewhere, as that of an imported one is."""
Kind = Literal[
    "conversations",
    "messages",
    "media",
    "drafts",
    "settings",
    "embeddings",
    "tools",
    "memories",
    "reminders",
    "presets",
]
"""`tools`: permissions, granted folders, and the list of calls."""


class Changed(msgspec.Struct, frozen=True):
    """The changes of one write. Listeners get the same object that the write returned."""

    kinds: frozenset[Kind] = frozenset()
    conversations: frozenset[int] = frozenset()
    """Ids whose row, messages or draft changed."""
    messages: frozenset[int] = frozenset()
    """Ids of messages that are new, or whose state, parts or place in the branch changed."""


class Made(Changed, frozen=True, kw_only=True):
    """The changes of one write, and the id of the new row."""

    id: int


class MadeMedium(Changed, frozen=True, kw_only=True):
    """The changes of adding a medium, and the name by which it is read."""

    sha256: str


class Conversation(msgspec.Struct, frozen=True):
    """One row of the sidebar."""

    id: int
    uuid: str
    """32 hexadecimal digits; kept by export and import."""
    title: str
    """Empty until somebody names it."""
    opening: str
    """The first words of its first message, at most 120 characters; serves where no title is."""
    created_ms: int
    updated_ms: int
    """The time at which a message was last added or finished."""
    pinned: bool
    deleted_ms: int | None
    length: int
    """Number of messages on the active branch."""


class Manner(msgspec.Struct, frozen=True):
    """A conversation's own settings for its answers."""

    system: str | None = None
    """The system text for the language model; None for the bundle's own."""
    temperature: float | None = None
    """0 to 2: how much the words vary; None is the bundle's own."""
    top_p: float | None = None
    """Above 0 up to 1: the share of the likeliest words that are chosen among; None is the
    bundle's own."""
    max_new_tokens: int | None = None
    """The longest answer; None is the bundle's own."""
    bundle: str | None = None
    """Name or folder of the bundle that answers; None is the one in the settings."""
    think: bool | None = None
    """Whether a model that has the choice thinks before its answer; None is the bundle's own."""
    tools: bool | None = None
    """Whether the model may ask for tools; None is as in the settings."""


class Preset(Manner, frozen=True, kw_only=True):
    """A manner of answering that has a name, with a voice."""

    id: int = 0
    """0 for one that is not in the library yet."""
    name: str
    voice: str = ""
    """The voice that reads answers aloud; empty for the one in the settings."""

    @property
    def manner(self) -> Manner:
        """The settings of a conversation that begins with it."""
        return Manner(*(getattr(self, name) for name in Manner.__struct_fields__))


class Medium(msgspec.Struct, frozen=True):
    """A picture, sound, clip or other file, without its bytes."""

    sha256: str
    """64 hexadecimal digits; the name by which it is read."""
    size: int
    """Bytes."""
    mime: str
    modality: str
    """`image`, `audio`, `video` or a plugin's own."""
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""
    duration_s: float | None = None
    """Seconds."""
    previews: tuple[str, ...] = ()
    """Kinds of preview that are there: `thumbnail`, `poster`, `waveform` or others."""
    observed: bool = False
    """True if readers found something in it; see `Media.observations`."""
    read: bool = False
    """True if the readers have finished with it, whatever they found."""


class Observation(msgspec.Struct, frozen=True):
    """One thing that a reader found in a medium, as text."""

    kind: str
    """`speech`, `text` (seen in a picture), `label` (what a picture shows) or `document` (a
    passage)."""
    text: str
    confidence: float | None = None
    """0 to 1."""
    start_s: float | None = None
    """The start in a sound or clip, in seconds."""
    end_s: float | None = None
    box: tuple[float, float, float, float] | None = None
    """Left, top, right and bottom in a picture, as shares of its width or height."""
    place: str = ""
    """The place in a document, for example `page 2`."""
    source: str = ""
    """The reader that found it, with the name of its model."""


class Preview(msgspec.Struct, frozen=True):
    """A small picture or waveform of a medium."""

    kind: str
    data: bytes
    mime: str
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""


class TextPart(msgspec.Struct, frozen=True, tag="text"):
    """Words."""

    id: int
    text: str
    """Of an answer whose voice was interrupted: what was heard."""
    unheard: str = ""
    """What of such an answer follows and was not heard: no reader, no search, no model sees it."""


class ThinkingPart(msgspec.Struct, frozen=True, tag="thinking"):
    """What a model thought before its words: no search, no reader and no model sees it."""

    id: int
    text: str
    seconds: float | None = None
    """How long it thought; None while it does, or where that never ended."""
    cut: bool = False
    """True if it was made to come to its answer."""


class MediumPart(msgspec.Struct, frozen=True, tag="medium"):
    """An attachment, or an artifact that was made."""

    id: int
    medium: Medium
    name: str
    """The file name it came with; empty for an artifact."""
    has_recipe: bool
    """True if it is an artifact that can be rendered again; `Messages.recipe` reads the recipe."""
    details: dict[str, Any]
    """Details from its maker (renderer, seed, seconds); empty for an attachment."""

    @property
    def is_recording(self) -> bool:
        """Whether it is the sound of the words beside it, which say all there is in it."""
        return self.details.get(SPOKEN) is True


class PendingPart(msgspec.Struct, frozen=True, tag="pending"):
    """An artifact that is being made."""

    id: int
    modality: str


class FailedPart(msgspec.Struct, frozen=True, tag="failed"):
    """An artifact that could not be made."""

    id: int
    modality: str
    reason: str
    """One sentence; empty when the answer ended before the artifact did."""
    details: dict[str, Any] = {}
    """What its maker wrote about it."""


ToolState = Literal["asking", "running", "done", "failed", "refused", "interrupted"]
"""The state of a tool's call. `asking`: a person is asked whether it may be made. `interrupted`:
its answer ended before it did, so nobody knows how far it came."""


class ToolPart(msgspec.Struct, frozen=True, tag="tool"):
    """A call of a tool that a model asked for, with what it gave. Its text is data from elsewhere:
    no search finds it."""

    id: int
    call_id: str
    """Names the call within its conversation."""
    server: str
    """Who brings the tool: `medley`, a plugin's name, or that of an MCP server."""
    tool: str
    """Its name there."""
    arguments: str
    """A JSON object."""
    state: ToolState
    result: str = ""
    """What it gave, or why it gave nothing. Media that it gave follow as parts of their own."""
    details: dict[str, Any] = {}
    """What its maker wrote about it, such as seconds and the permission. `undo` is what takes it
    back."""


Part = TextPart | ThinkingPart | MediumPart | PendingPart | FailedPart | ToolPart


class Message(msgspec.Struct, frozen=True):
    """One message with its parts in order."""

    id: int
    conversation_id: int
    parent_id: int | None
    role: Role
    state: State
    created_ms: int
    depth: int
    """The number of messages before it in its branch."""
    parts: tuple[Part, ...]
    error: str
    """Why it failed, one sentence; empty otherwise."""
    details: dict[str, Any]
    """Details from its maker: bundle, seed, token counts, timings."""
    sibling: int
    """The index among its siblings, 0 for the oldest."""
    siblings: int
    """The number of messages with the same parent, including itself."""

    @property
    def text(self) -> str:
        """All its words."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))


class Text(msgspec.Struct, frozen=True):
    """Words to be added."""

    text: str


class Attachment(msgspec.Struct, frozen=True):
    """A medium that is in the library, to be added to a message or a draft."""

    sha256: str
    name: str = ""
    """The file name it came with."""


class Recording(msgspec.Struct, frozen=True):
    """The sound of a person's words, which is in the library, to be kept beside the words."""

    sha256: str


NewPart = Text | Attachment | Recording


class Draft(msgspec.Struct, frozen=True):
    """The unsent message of a conversation."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    options: dict[str, Any] = {}
    """Options from the composer, such as the modalities of the answer."""


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A search query. Every field narrows the search; the empty query finds everything."""

    text: str = ""
    """Words that must all occur, in any order, anywhere in a word; "quoted words" in this order."""
    modalities: tuple[str, ...] = ()
    """Modalities: only messages that hold a medium of one of these; `text` allows those without
    any."""
    roles: tuple[Role, ...] = ()
    since_ms: int | None = None
    until_ms: int | None = None
    """Before this time."""
    conversation_id: int | None = None


class Hit(msgspec.Struct, frozen=True):
    """One part that a search found."""

    part_id: int
    message_id: int
    conversation_id: int
    title: str
    """The conversation's title, or its opening."""
    role: Role
    created_ms: int
    snippet: str
    """The words around the first find, one line, at most some 120 characters."""
    spans: tuple[tuple[int, int], ...]
    """The places of the words in the snippet: start and end, in characters."""
    media: tuple[Medium, ...]
    """The media of the same message."""


class Titled(msgspec.Struct, frozen=True):
    """A conversation whose title a search found."""

    conversation_id: int
    title: str
    updated_ms: int
    spans: tuple[tuple[int, int], ...]
    """The places of the words in the title: start and end, in characters."""


class Match(msgspec.Struct, frozen=True):
    """One thing that resembles what was looked for."""

    score: float
    """Cosine, from -1 to 1."""
    part_id: int
    message_id: int
    conversation_id: int
    title: str
    """The conversation's title, or its opening."""
    created_ms: int
    medium: Medium | None
    """None where the words of a part resemble."""
    text: str
    """The words, where they resemble; empty for a medium."""


def changed(
    *kinds: Kind, conversations: Iterable[int] = (), messages: Iterable[int] = ()
) -> Changed:
    """A `Changed` from loose pieces."""
    return Changed(frozenset(kinds), frozenset(conversations), frozenset(messages))
