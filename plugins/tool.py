"""The interface between Medley and tools: what a language model may have done for a person, once
the person agreed. Re-exported by `plugins.api`.

A tool's code runs in the tools process, never in the window or beside the models. Whether it may
run is decided before it is called; what it may touch it reaches through its stage.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from plugins.errors import KnownError, Problem

Touch = Literal[
    "nothing",
    "library",
    "memory",
    "read files",
    "write files",
    "clipboard",
    "screen",
    "reminders",
    "media",
    "open",
    "python",
    "network",
    "anything",
]
"""What a tool may touch: it is shown to the person who is asked. `nothing` is the answer alone;
`media` makes pictures, sounds and clips; `open` has another program open something; `anything` is a
program of somebody else, which does what its owner may do."""
Asks = Literal["never", "once", "each"]
"""When a person is asked. `never` is for tools that touch nothing. With `once` the answer may be
kept; with `each` it is asked for every call."""


@dataclass(frozen=True)
class ToolDeclaration:
    """A tool as its plugin's manifest declares it, read without importing the plugin."""

    name: str
    """For the language model: letters, digits and `_`, at most 48."""
    title: str
    """For the person, for example `Search the library`."""
    description: str
    """What it does and when to use it, for the model; one or two sentences."""
    parameters: str
    """JSON schema of an object."""
    touches: tuple[Touch, ...] = ("anything",)
    asks: Asks = "once"
    titles: Mapping[str, str] = field(default_factory=dict)
    """`title` in other languages, by their code, for example `zh`."""
    reads_foreign_text: bool = False
    """Whether its results hold text from elsewhere, such as files or pages."""


@dataclass(frozen=True)
class OutputFile:
    """A picture, sound, clip or other file that a tool gives back."""

    path: Path
    """Within the stage's folder; it is taken into the library."""
    name: str = ""
    """The name that a person sees; empty takes that of `path`."""


@dataclass(frozen=True)
class ToolOutput:
    """What a call gave."""

    text: str
    """For the model and the person; short: it takes room in the model's context."""
    files: tuple[OutputFile, ...] = ()
    undo: str = ""
    """JSON that `Tool.undo` takes back the effect with; empty where nothing can be taken back."""


@dataclass(frozen=True)
class ToolPreview:
    """What a call would do, shown before a person agrees."""

    text: str
    """For example a unified diff."""
    kind: Literal["text", "diff", "command"] = "text"


@dataclass(frozen=True)
class Folder:
    """A folder that a person granted."""

    path: Path
    """Absolute, symbolic links resolved."""
    writable: bool = False


class ToolStage(Protocol):
    """The context of one call."""

    @property
    def folders(self) -> tuple[Folder, ...]:
        """The granted folders; relative paths are of the first."""
        ...

    @property
    def folder(self) -> Path:
        """A private folder for files that the tool gives back; it exists and is empty."""
        ...

    @property
    def language(self) -> str:
        """`en` or `zh`: in what language the person writes."""
        ...

    def resolve(self, path: str, *, write: bool = False) -> Path:
        """The file or folder that is meant, absolute, with every symbolic link resolved.

        Raises:
            KnownError: it lies outside the granted folders, or in one that may only be read; the
                granted ones are named.
        """
        ...

    def service(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Have Medley itself do something that lies in its window's hands, such as a search of the
        library; `plugins.tools.services` names them all.

        Raises:
            KnownError: it cannot be done; the sentence says why.
            Cancelled: the call was stopped.
        """
        ...

    def progress(self, step: int, of: int) -> None:
        """Report a finished step; `of` is 0 where the end is not known.

        Raises:
            Cancelled: the person stopped the call, or its time is up.
        """
        ...

    def cancelled(self) -> bool:
        """True if the call must stop at the next safe point."""
        ...


class Tool(ABC):
    """Base class of tools. One object serves all calls of its process.

    Thread contract: `call` and `preview` run on a thread of the tools process, several calls at a
    time; everything else must return at once.
    """

    name: str
    """As in its manifest."""
    version: str

    def missing(self) -> Problem | None:
        """Why it cannot be used on this machine, where something is missing that it needs. It is
        then not offered; the sentence is shown to the person."""
        return None

    @abstractmethod
    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """Do it. The arguments fit the manifest's schema.

        Raises:
            KnownError: it cannot be done; the sentence is given to the model and the person.
            Cancelled: the stage asked to stop.
        """

    def preview(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolPreview | None:
        """What `call` would do, without doing anything. None where the arguments say all.

        Raises:
            KnownError: it could not be done.
        """
        return None

    def undo(self, state: str, stage: ToolStage) -> str:
        """Take back what a call did, from `ToolOutput.undo`; returns a sentence that says so.

        Raises:
            KnownError: it cannot be taken back, for example as the file was changed since.
        """
        raise KnownError("This cannot be taken back.")
