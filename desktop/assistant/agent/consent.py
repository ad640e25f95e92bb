"""Whether a call may be made: by itself, by what a person decided before, or after asking.

A decision is for one tool of one server in one definition, in one granted folder. Decisions are
read anew for every call: what was revoked counts at once. Knows the library's decisions, no window.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from desktop.tools.protocol import GrantedFolder, Previewed, ToolInfo
from plugins.tool import Touch

Choice = Literal["once", "always", "refuse", "never"]
"""A person's answer: this time, always for this tool in this folder, not this time, never again."""
Decision = Literal["free", "always", "never", "ask"]
HARMLESS: frozenset[Touch] = frozenset({"nothing", "library", "memory", "reminders", "media"})
"""What a tool may touch that need not ask: nothing outside Medley."""
_PATH_NAMES = frozenset(
    "path paths file files folder folders directory source target from to destination out".split()
)
_LONGEST_PATH = 4096


class Permissions(Protocol):
    """What a person decided before; `library.tools` is one."""

    def decision(
        self, server: str, tool: str, definition: str, folders: Sequence[str]
    ) -> Literal["always", "never"] | None:
        """The decision that holds for a call in all of these folders."""
        ...

    def was_other(self, server: str, tool: str, definition: str) -> bool:
        """Whether the person decided on another definition of this tool: it has changed since."""
        ...


class Question(msgspec.Struct, frozen=True):
    """What a card asks."""

    message_id: int
    call_id: str
    tool: ToolInfo
    arguments: str
    """A JSON object, whole."""
    folders: tuple[str, ...]
    """The granted folders that its paths lie in; a decision is for these."""
    choices: tuple[Choice, ...]
    preview: Previewed | None = None
    """What it would do; None where the arguments say all."""
    changed: bool = False
    """Whether the tool is another one than a decision was made for."""
    foreign: bool = False
    """Whether the answer holds text from elsewhere, which may have asked for this call."""


def decided(
    tool: ToolInfo, folders: Sequence[str], permissions: Permissions, *, foreign: bool
) -> Decision:
    """What becomes of a call. `foreign` says whether the answer holds text from elsewhere: a memory
    is then always asked for."""
    found = permissions.decision(tool.server, tool.name, tool.definition, folders)
    if found == "never":
        return "never"
    if tool.asks == "never" and HARMLESS.issuperset(tool.touches):
        return "free"
    if found == "always" and not _asks_each(tool, foreign=foreign):
        return "always"
    return "ask"


def choices(tool: ToolInfo, *, foreign: bool) -> tuple[Choice, ...]:
    """What can be answered."""
    if _asks_each(tool, foreign=foreign):
        return ("once", "refuse", "never")
    return ("once", "always", "refuse", "never")


def folders_of(
    tool: ToolInfo, arguments: Mapping[str, Any], granted: Sequence[GrantedFolder]
) -> tuple[str, ...]:
    """The granted folders that a call's paths lie in, each once; the first where it names no path;
    none where the tool touches no files, or a path lies outside, which the tool refuses."""
    if not granted or not {"read files", "write files"} & set(tool.touches):
        return ()
    roots = [Path(os.path.realpath(folder.path)) for folder in granted]
    paths = list(_paths(arguments))
    if not paths:
        return (str(roots[0]),)
    found: list[str] = []
    for path in paths:
        whole = Path(os.path.realpath(roots[0] / Path(path).expanduser()))
        within = [root for root in roots if whole == root or root in whole.parents]
        if not within:
            return ()
        nearest = str(max(within, key=lambda root: len(root.parts)))
        if nearest not in found:
            found.append(nearest)
    return tuple(found)


def _asks_each(tool: ToolInfo, *, foreign: bool) -> bool:
    return tool.asks == "each" or (foreign and "memory" in tool.touches)


def _paths(arguments: Mapping[str, Any]) -> Iterator[str]:
    for name, value in arguments.items():
        if isinstance(value, Mapping):
            yield from _paths(value)
        elif isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
            for one in value:
                yield from _paths(one)
        elif _names_a_path(name):
            values = value if isinstance(value, list) else [value]
            yield from (
                one for one in values if isinstance(one, str) and 0 < len(one) <= _LONGEST_PATH
                and "\0" not in one
            )  # fmt: skip


def _names_a_path(name: str) -> bool:
    return any(word in _PATH_NAMES for word in name.lower().replace("-", "_").split("_"))
