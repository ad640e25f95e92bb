"""What the two ends of the tools process's pipes say to each other: plain data, msgpack.

Commands go to the process, reports come back. Nothing waits for a person in this process: a call is
commanded once it is allowed, and while a card stands in the window the pipes are read on both ends.
Knows no tool, no pipe and no process.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from plugins.errors import Problem
from plugins.tool import Asks, Touch

CallId = int
"""Names one call, preview or question of the process; chosen by the asking end and used once."""
BUILT_IN = "medley"
"""The server of Medley's own tools. Tools of a plugin have the plugin's name, those of an MCP
server the name that the person gave it."""


class GrantedFolder(msgspec.Struct, frozen=True):
    """A folder that a person granted."""

    path: str
    writable: bool = False


class Server(msgspec.Struct, frozen=True):
    """An MCP server that a person switched on: a program (`command`) or an address (`url`)."""

    name: str
    command: str = ""
    args: tuple[str, ...] = ()
    env: dict[str, str] = {}
    cwd: str = ""
    url: str = ""
    """On this machine."""
    headers: dict[str, str] = {}
    timeout_s: float = 30.0
    """The longest call."""


class Configure(msgspec.Struct, frozen=True, tag="configure"):
    """The first command, and any later one: what there is from now on. `Tools` follows, again each
    time a server comes, goes or changes its tools."""

    folder: str
    """Private folder for files that calls give back; it exists."""
    plugins: tuple[str, ...] = ()
    """Third-party plugins that the person switched on."""
    servers: tuple[Server, ...] = ()


class Context(msgspec.Struct, frozen=True):
    """What a call may reach."""

    folders: tuple[GrantedFolder, ...] = ()
    language: str = "en"


class Preview(msgspec.Struct, frozen=True, tag="preview"):
    """Say what a call would do; nothing is done. `Previewed` answers."""

    id: CallId
    server: str
    tool: str
    arguments: str
    """A JSON object."""
    context: Context = Context()


class Call(msgspec.Struct, frozen=True, tag="call"):
    """Call a tool, which the person allowed. `Called` or `CallFailed` answers."""

    id: CallId
    server: str
    tool: str
    arguments: str
    """A JSON object that fits the tool's schema."""
    definition: str
    """SHA-256 of the definition that was allowed: another one is not called."""
    context: Context = Context()


class Undo(msgspec.Struct, frozen=True, tag="undo"):
    """Take back what a call did. `Called` or `CallFailed` answers."""

    id: CallId
    server: str
    tool: str
    state: str
    """`Called.undo`."""
    context: Context = Context()


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """Stop a call. Nothing happens when it is over."""

    id: CallId


class ServiceDone(msgspec.Struct, frozen=True, tag="service_done"):
    """The answer to a `ServiceAsked`: a JSON object, or why there is none."""

    id: CallId
    result: str = ""
    problem: Problem | None = None


class Elicited(msgspec.Struct, frozen=True, tag="elicited"):
    """The answer to an `ElicitAsked`."""

    id: CallId
    action: Literal["accept", "decline", "cancel"]
    content: str = ""
    """A JSON object, where it was accepted."""


Command = Configure | Preview | Call | Undo | Stop | ServiceDone | Elicited


class ToolInfo(msgspec.Struct, frozen=True):
    """One tool that can be called."""

    server: str
    name: str
    title: str
    description: str
    parameters: str
    """JSON schema of an object."""
    definition: str
    """SHA-256 of name, description and schema."""
    touches: tuple[Touch, ...] = ("anything",)
    asks: Asks = "once"
    read_only: bool = False
    """An MCP server's own word for it, which counts only where the person trusts the server."""
    foreign_text: bool = False
    """Whether its results hold text from elsewhere."""
    titles: dict[str, str] = {}
    """`title` in other languages, by their code, for example `zh`."""
    notice: Problem | None = None
    """What a person must know before agreeing, for example that it held hidden text."""


class ServerState(msgspec.Struct, frozen=True):
    """An MCP server, as it is now."""

    name: str
    state: Literal["starting", "ready", "failed", "ended"]
    title: str = ""
    """What it calls itself."""
    version: str = ""
    pid: int = 0
    """Of its process; 0 where it has none here."""
    problem: Problem | None = None


class Tools(msgspec.Struct, frozen=True, tag="tools"):
    """All tools and servers there are now."""

    tools: tuple[ToolInfo, ...]
    servers: tuple[ServerState, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Plugins whose tools cannot be used, and why."""


class Previewed(msgspec.Struct, frozen=True, tag="previewed"):
    """The answer to a `Preview`."""

    id: CallId
    text: str = ""
    """Empty where the arguments say all."""
    kind: Literal["text", "diff", "command"] = "text"
    problem: Problem | None = None
    """Why the call could not be made."""


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """How far a call is."""

    id: CallId
    step: int
    of: int
    """0 where the end is not known."""


class CallFile(msgspec.Struct, frozen=True):
    """A file that a call gave back, in the private folder; whoever takes it removes it."""

    path: str
    name: str


class Called(msgspec.Struct, frozen=True, tag="called"):
    """A call is done."""

    id: CallId
    text: str
    files: tuple[CallFile, ...] = ()
    undo: str = ""
    """Takes it back, in an `Undo`; empty where that cannot be."""
    failed: bool = False
    """True where the tool itself says that it could not do it."""


class CallFailed(msgspec.Struct, frozen=True, tag="call_failed"):
    """A call that could not be made, was stopped, took too long or lost its process."""

    id: CallId
    problem: Problem
    stopped: bool = False
    changed: bool = False
    """True where the tool is another one than the person allowed."""


class ServiceAsked(msgspec.Struct, frozen=True, tag="service_asked"):
    """A call needs something of Medley's; `ServiceDone` answers."""

    id: CallId
    call: CallId
    """The call that needs it."""
    name: str
    arguments: str
    """A JSON object."""


class ElicitAsked(msgspec.Struct, frozen=True, tag="elicit_asked"):
    """A server asks the person something in the middle of a call; `Elicited` answers."""

    id: CallId
    call: CallId
    """The call in which it asks; 0 where that is not known."""
    server: str
    message: str
    schema: str = ""
    """JSON schema of a flat object of texts, numbers, choices and switches."""
    url: str = ""
    """An address that the person is asked to open instead."""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The process cannot go on and ends now."""

    problem: Problem


Report = Tools | Previewed | Progress | Called | CallFailed | ServiceAsked | ElicitAsked | Refused

_encoder = msgspec.msgpack.Encoder()
_commands: msgspec.msgpack.Decoder[Command] = msgspec.msgpack.Decoder(Command)
_reports: msgspec.msgpack.Decoder[Report] = msgspec.msgpack.Decoder(Report)


def encode(message: Command | Report) -> bytes:
    """Msgpack bytes of a command or a report."""
    return _encoder.encode(message)


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
