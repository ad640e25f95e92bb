"""What the two ends of the worker's pipes say to each other: plain data, msgpack, never pickle.

Commands go to the worker, reports come back. Knows no torch, no pipe and no process.
"""

from __future__ import annotations

import msgspec

from plugins.errors import KnownError, Problem
from runtime.messages import (
    Embedding,
    Event,
    MediaPart,
    Message,
    TextPart,
    Timings,
    Turn,
    TurnDone,
    Usage,
)
from runtime.process.frames import MAX_FRAME_BYTES

ParameterValue = int | float | bool | str
TurnId = int
"""Names one turn, rendering or embedding; chosen by the asking end, never used twice."""


class Open(msgspec.Struct, frozen=True, tag="open"):
    """The first command, and only the first: which engine to be."""

    bundle: str
    """Name or folder."""
    folder: str
    """Private folder for what is too large for a frame; it exists."""
    device: str = "auto"
    memory_budget: int | None = None
    """Bytes; see `runtime.engine.Engine`."""
    threads: int | None = None
    suspended_plugins: tuple[str, ...] = ()
    """Plugins that ended a worker before; of the others those run that the person switched on."""


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """Answer a turn, after those asked before it."""

    id: TurnId
    turn: Turn
    bundle: str = ""
    """Name or folder of the bundle that is to answer, which is opened first where another is open;
    empty is the one that is open. So in the other commands."""


class Render(msgspec.Struct, frozen=True, tag="render"):
    """Make an artifact from its recipe, without the language model."""

    id: TurnId
    recipe: str
    """JSON; see `plugins.api.Recipe`."""
    seed: int | None = None
    """None: the recipe's own, so the same artifact again."""
    parameters: dict[str, ParameterValue] = {}
    """Over the recipe's own."""
    previews: bool = False
    bundle: str = ""


class Embed(msgspec.Struct, frozen=True, tag="embed"):
    """Place a medium or words in the encoder's shared space, when nothing else is to be done."""

    id: TurnId
    content: TextPart | MediaPart


class Prepare(msgspec.Struct, frozen=True, tag="prepare"):
    """Read a turn that is still being spoken, when nothing else is to be done. Of several that
    wait only the newest counts, and a turn that is asked stops it. Nothing is answered."""

    id: TurnId
    turn: Turn | None
    """None only opens the bundle, so that its first answer comes sooner."""
    bundle: str = ""


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """Stop a turn, begun or still waiting. Nothing happens when it is over."""

    id: TurnId


class StopArtifact(msgspec.Struct, frozen=True, tag="stop_artifact"):
    """Stop one artifact of a running turn; the rest of it goes on."""

    id: TurnId
    index: int


Command = Open | Ask | Prepare | Render | Embed | Stop | StopArtifact


class Loading(msgspec.Struct, frozen=True, tag="loading"):
    """A part is being loaded."""

    part: str
    """For example `language model`."""
    number: int
    """From 1; which of `of` parts that are loaded in a row."""
    of: int


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The bundle is open and the language model loaded."""

    bundle: str
    """Name."""
    title: str
    """Name to be shown."""
    modalities: tuple[str, ...]
    """What it can answer in, `text` first."""
    device: str
    """A torch device name."""
    n_ctx: int = 0
    """Positions of the context as it was allocated; 0 while its language model is not loaded."""
    devices: tuple[str, ...] = ()
    """The torch devices that there are, best first."""


class Opening(msgspec.Struct, frozen=True, tag="opening"):
    """Another bundle is being opened, in place of the one that was open."""

    bundle: str
    """Name."""
    title: str
    """Name to be shown."""


class NotOpened(msgspec.Struct, frozen=True, tag="not_opened"):
    """Another bundle could not be opened."""

    bundle: str
    """Name or folder, as it was asked for."""
    problem: Problem
    """Expected, found, what to do."""
    former: bool
    """Whether the one that was open can be used still; `Ready` comes next then."""


class Memory(msgspec.Struct, frozen=True, tag="memory"):
    """Figures of the worker's memory, in bytes."""

    used: int = 0
    """Of the models that are loaded, as `runtime.needs` counts them."""
    budget: int | None = None
    """What `used` may reach; None while nothing was loaded yet."""
    process: int = 0
    """Resident memory of the whole worker process."""


class Noticed(msgspec.Struct, frozen=True, tag="noticed"):
    """The language model is loaded otherwise than its bundle says."""

    notice: Problem


class Working(msgspec.Struct, frozen=True, tag="working"):
    """Who runs from now on: should the worker end, this is who ended it."""

    what: str
    """A renderer's id; empty when nobody runs."""
    plugin: str
    """The name of the plugin that brought it; empty for those that come with Medley."""


class TurnStarted(msgspec.Struct, frozen=True, tag="began"):
    """A turn or a rendering is being worked on from now on."""

    id: TurnId


class TurnEvent(msgspec.Struct, frozen=True, tag="happened"):
    """An event of a turn or a rendering; `TurnDone` or `TurnFailed` is its last."""

    id: TurnId
    event: Event
    file: str = ""
    """For an `ArtifactReady` too large for a frame: its `data` is empty and lies in the file of
    this name in the private folder; whoever takes it removes it."""


class Embedded(msgspec.Struct, frozen=True, tag="embedded"):
    """The answer to an `Embed`."""

    id: TurnId
    embedding: Embedding


class EmbedFailed(msgspec.Struct, frozen=True, tag="not_embedded"):
    """An `Embed` that cannot be answered."""

    id: TurnId
    problem: Problem
    """Expected, found, what to do."""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The worker cannot go on and ends now: a bad bundle, a bad device, a broken frame."""

    problem: Problem
    """Expected, found, what to do."""


class OfferedBundle(msgspec.Struct, frozen=True):
    """A bundle of the machine on which the worker runs, as its manifest describes it."""

    name: str
    """By which it is asked for."""
    title: str = ""
    """Name to be shown."""
    version: str = ""
    description: str = ""
    limits: str = ""
    examples: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    """What it can answer in, `text` first; empty where its manifest cannot be read."""
    n_ctx: int = 0
    """Positions of its context at most."""


class Offered(msgspec.Struct, frozen=True, tag="offered"):
    """The worker runs on another machine, which has these bundles."""

    bundles: tuple[OfferedBundle, ...]
    chosen: str
    """Name of the one that `auto` means there."""

    def named(self, name: str) -> OfferedBundle | None:
        """The bundle of a name; None where there is none."""
        return next((one for one in self.bundles if one.name == name), None)


class Lost(msgspec.Struct, frozen=True, tag="lost"):
    """Whoever stands where a worker would has none any more, and ends now: the connection to
    another machine could not be made or was cut, or the worker there ended."""

    problem: Problem
    """Expected, found, what to do."""


Report = (
    Loading
    | Ready
    | Opening
    | NotOpened
    | Memory
    | Noticed
    | Working
    | TurnStarted
    | TurnEvent
    | Embedded
    | EmbedFailed
    | Refused
    | Offered
    | Lost
)

_encoder = msgspec.msgpack.Encoder()
_commands: msgspec.msgpack.Decoder[Command] = msgspec.msgpack.Decoder(Command)
_reports: msgspec.msgpack.Decoder[Report] = msgspec.msgpack.Decoder(Report)


def unbegun() -> TurnDone:
    """The end of a turn that was stopped before it was begun."""
    timings = Timings(0.0, 0.0, 0.0, 0.0)
    return TurnDone(Message("assistant", ()), Usage(0, 0, 0), timings, 0, "stopped")


def encode(message: Command | Report) -> bytes:
    """Msgpack bytes of a command or a report."""
    return _encoder.encode(message)


def encode_request(command: Command) -> bytes:
    """Msgpack bytes of a command that a frame can hold.

    Raises:
        KnownError: it is too long.
    """
    payload = encode(command)
    if len(payload) > MAX_FRAME_BYTES:
        raise KnownError(
            "the request: expected at most {most} bytes, found {found}. Say less at once, or begin "
            "a new conversation.",
            "context",
            most=MAX_FRAME_BYTES,
            found=len(payload),
        )
    return payload


def decode_command(data: bytes) -> Command:
    """A command from its bytes.

    Raises:
        msgspec.DecodeError: not msgpack, or not a command.
    """
    return _commands.decode(data)


def decode_report(data: bytes) -> Report:
    """A report from its bytes.

    Raises:
        msgspec.DecodeError: not msgpack, or not a report.
    """
    return _reports.decode(data)
