"""What the two ends of a connection to another machine say beside commands and reports.

Each end begins with the line `GREETING`, so that what a login shell prints before it is told apart,
and a `Hello`. Then frames go both ways: commands and `Beat`s there, reports back, and files in
pieces either way. Knows no torch, no pipe and no process.
"""

from __future__ import annotations

import functools
import hashlib
from importlib.metadata import version
from typing import Any

import msgspec

from plugins.errors import Problem, phrase
from runtime.process.frames import FrameCutError, FrameError, Source
from runtime.worker.protocol import Command, Offered, Report

GREETING = b"medley worker --stdio\n"
NOISE_BYTES = 2**16
"""What may come before the greeting."""
BEAT_S, SILENCE_S = 5.0, 40.0
"""Seconds after which the near end lets itself be heard, and after which the far one ends because
it hears nothing."""


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The first message of either end."""

    medley: str
    """Version of Medley."""
    protocol: str
    """See `protocol`."""
    offered: Offered | None = None
    """What the far end has; None from the near one."""


class Piece(msgspec.Struct, frozen=True, tag="piece"):
    """The next bytes of a file; pieces of several files do not mix."""

    name: str
    data: bytes
    last: bool
    """Whether the file is whole now."""


class Dropped(msgspec.Struct, frozen=True, tag="dropped"):
    """A file that was begun is not sent to its end."""

    name: str


class Beat(msgspec.Struct, frozen=True, tag="beat"):
    """The near end is there."""


ToFar = Hello | Piece | Dropped | Beat | Command
ToNear = Hello | Piece | Dropped | Report
_encoder = msgspec.msgpack.Encoder()
_to_far: msgspec.msgpack.Decoder[ToFar] = msgspec.msgpack.Decoder(ToFar)
_to_near: msgspec.msgpack.Decoder[ToNear] = msgspec.msgpack.Decoder(ToNear)


def encode(message: ToFar | ToNear) -> bytes:
    """Msgpack bytes."""
    return _encoder.encode(message)


def decode_to_far(data: bytes) -> ToFar:
    """What the near end said.

    Raises:
        msgspec.DecodeError: it is no such message.
    """
    return _to_far.decode(data)


def decode_to_near(data: bytes) -> ToNear:
    """What the far end said. Raises as `decode_to_far`."""
    return _to_near.decode(data)


@functools.cache
def protocol() -> str:
    """Names the messages as they are: eight letters that are others where any field is another."""
    schema = msgspec.json.schema_components([ToFar, ToNear])
    words = msgspec.json.encode(_without_words(schema), order="sorted")
    return hashlib.sha256(words).hexdigest()[:8]


def _without_words(schema: Any) -> Any:
    """A schema without what only people read."""
    if isinstance(schema, dict):
        return {
            name: _without_words(inside)
            for name, inside in schema.items()
            if not (name == "description" and isinstance(inside, str))
        }
    if isinstance(schema, list | tuple):
        return [_without_words(inside) for inside in schema]
    return schema


def hello(offered: Offered | None = None) -> Hello:
    """What this end says first."""
    return Hello(version("medley"), protocol(), offered)


def mismatch(theirs: Hello) -> Problem | None:
    """Why the other end cannot be talked to; None where it can."""
    own = hello()
    if (own.medley, own.protocol) == (theirs.medley, theirs.protocol):
        return None
    return phrase(
        "expected the same Medley on both computers, found {own} (messages {own_messages}) here "
        "and {theirs} (messages {their_messages}) there. Install the same version on both.",
        own=own.medley,
        own_messages=own.protocol,
        theirs=theirs.medley,
        their_messages=theirs.protocol,
    )


def skip_to_greeting(stream: Source) -> None:
    """Read to the end of the greeting.

    Raises:
        FrameCutError: the stream ends before it.
        FrameError: too much comes before it.
    """
    line, read = bytearray(), 0
    while byte := stream.read(1):
        read += 1
        line += byte
        if byte == b"\n":
            if line.endswith(GREETING):
                return
            line.clear()
        if read > NOISE_BYTES:
            raise FrameError(f"more than {NOISE_BYTES} bytes of something else")
    raise FrameCutError("nothing that greets as Medley does")
