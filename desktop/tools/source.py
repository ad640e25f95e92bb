"""The seam between the tools process and what brings tools: plugins, MCP servers.

Knows the protocol; knows no plugin, no server and no pipe.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from desktop.tools.protocol import CallId, Configure, Context, Elicited, ServerState, ToolInfo
from plugins.errors import Problem
from plugins.tool import OutputFile, ToolPreview


@dataclass(frozen=True)
class Offer:
    """What a source has now."""

    tools: tuple[ToolInfo, ...] = ()
    servers: tuple[ServerState, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Why tools that were switched on are not among them."""
    complete: bool = True
    """False while more may come: a call of a tool that is not there yet waits for it."""


@dataclass(frozen=True)
class Outcome:
    """What a call gave."""

    text: str
    files: tuple[OutputFile, ...] = ()
    """Within the job's folder; others are not handed on."""
    undo: str = ""
    failed: bool = False
    """True where the tool itself says that it could not do it."""


class Job(Protocol):
    """One call, preview or undo that is being worked on.

    Threads: any.
    """

    @property
    def id(self) -> CallId:
        """The id that the commanding end chose."""
        ...

    @property
    def context(self) -> Context:
        """What it may reach."""
        ...

    @property
    def folder(self) -> Path:
        """A private folder for files that it gives back; it exists and is empty."""
        ...

    def cancelled(self) -> bool:
        """True once it must stop."""
        ...

    def on_stop(self, stop: Callable[[], None]) -> None:
        """Have `stop` called once, on another thread, when the job must stop; at once if it must
        already. It returns at once."""
        ...

    def progress(self, step: int, of: int) -> None:
        """Report a finished step; `of` is 0 where the end is not known.

        Raises:
            Cancelled: it must stop.
        """
        ...

    def service(self, name: str, arguments: str) -> str:
        """Have Medley do something and wait for it; both are JSON objects. The time does not count.

        Raises:
            KnownError: it cannot be done.
            Cancelled: the job must stop.
        """
        ...

    def elicit(self, server: str, message: str, schema: str = "", url: str = "") -> Elicited:
        """Ask the person and wait for the answer. The time does not count.

        Raises:
            Cancelled: the job must stop.
        """
        ...


class ToolSource(Protocol):
    """Something that brings tools. It is made with a callback, `changed`, which it calls from any
    thread whenever its offer is another one.

    Thread contract: `configure`, `offer` and `time_limit` return at once. `preview`, `call` and
    `undo` each run on a thread of their own, several at a time, and may take their time: a job
    that must stop says so by `cancelled` and `on_stop`, and they then raise `Cancelled` soon. One
    that does not is left behind.
    """

    def configure(self, wish: Configure) -> None:
        """Follow what the person switched on; what is so already stays as it is."""
        ...

    def offer(self) -> Offer:
        """What there is now."""
        ...

    def time_limit(self, tool: ToolInfo) -> float:
        """The most seconds of a call, without those for which it waits for Medley or a person."""
        ...

    def preview(self, tool: ToolInfo, arguments: Mapping[str, Any], job: Job) -> ToolPreview | None:
        """What a call would do, without doing anything; None where the arguments say all.

        Raises:
            KnownError: it could not be done.
            Cancelled: the job must stop.
        """
        ...

    def call(self, tool: ToolInfo, arguments: Mapping[str, Any], job: Job) -> Outcome:
        """Do it.

        Raises:
            KnownError: it cannot be done.
            Cancelled: the job must stop.
        """
        ...

    def undo(self, tool: ToolInfo, state: str, job: Job) -> Outcome:
        """Take back what a call did, from `Outcome.undo`.

        Raises:
            KnownError: it cannot be taken back.
            Cancelled: the job must stop.
        """
        ...

    def close(self, seconds: float) -> None:
        """End what it started, within so many seconds."""
        ...


def definition_of(name: str, description: str, parameters: str) -> str:
    """SHA-256 of what a model is told of a tool: a person's answer is for this and no other."""
    told = "\0".join((name, description, parameters))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
