"""Messages between the download process and its parent, in frames."""

from __future__ import annotations

from typing import Literal

import msgspec

from plugins.errors import Problem
from runtime.catalogue.errors import Reason

Stage = Literal["fetching", "proving"]


class Get(msgspec.Struct, frozen=True, tag=True):
    """Command: fetch these entries, one after the other. The first command, and only once."""

    names: tuple[str, ...]


class Cancel(msgspec.Struct, frozen=True, tag=True):
    """Command: stop now, and keep what came."""


Command = Get | Cancel


class Progress(msgspec.Struct, frozen=True, tag=True):
    """Report: how far one entry is; some times per second."""

    name: str
    number: int
    """The number of the entry, from 1."""
    count: int
    """The number of entries."""
    stage: Stage
    what: str
    """The file that is being fetched or proved."""
    source: str
    """The source, in words for the user."""
    done: int
    """Bytes."""
    total: int
    """Bytes, of this source for this entry."""
    per_second: float
    """Bytes; 0 where it is not yet known."""
    seconds_left: float | None
    """None where it is not yet known."""


class Turned(msgspec.Struct, frozen=True, tag=True):
    """Report: one source did not serve an entry; the next one is tried."""

    name: str
    source: str
    reason: Reason
    problem: Problem


class Had(msgspec.Struct, frozen=True, tag=True):
    """Report: an entry is installed."""

    name: str
    sources: tuple[str, ...]
    """The sources of its files, in words for the user."""
    bytes: int
    """Bytes that were received for it in this run."""
    seconds: float
    fetched: bool
    """False where it was here already."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """Report: an entry could not be had; the next one is tried."""

    name: str
    reason: Reason
    problem: Problem


class Cancelled(msgspec.Struct, frozen=True, tag=True):
    """Report, the last one: it was stopped."""


class Done(msgspec.Struct, frozen=True, tag=True):
    """Report, the last one: every entry was tried."""


Report = Progress | Turned | Had | Failed | Cancelled | Done

encode = msgspec.msgpack.Encoder().encode
decode_command = msgspec.msgpack.Decoder(Command).decode
decode_report = msgspec.msgpack.Decoder(Report).decode
