"""What a model is told beside its task where it may ask for tools: the day, the folders that it may
look into, and what the person wants remembered. Short, and the same all day: what a prompt begins
with is read again only where it changes.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from desktop.tools.protocol import GrantedFolder

MOST = 2_200
"""Characters of what is remembered; of more the oldest are left out."""


class Remembered(Protocol):
    """Something that is remembered; `storage.agent.records.Memory` is one."""

    @property
    def id(self) -> int: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Briefing:
    """The text, and which memories it holds."""

    text: str
    memories: tuple[int, ...] = ()


def briefing(
    memories: Sequence[Remembered], folders: Sequence[GrantedFolder], today: datetime.date
) -> Briefing:
    """What the model is told. `memories` are the oldest first."""
    lines = [f"Today is {today:%A}, {today.isoformat()}."]
    if not folders:
        lines.append("No folder may be used; to work with files the user has to grant one first.")
    else:
        named = ", ".join(
            f"{folder.path} ({'read and write' if folder.writable else 'read only'})"
            for folder in folders
        )
        lines.append(f"Folders that you may use: {named}. Relative paths are of the first one.")
    kept: list[Remembered] = []
    left = MOST
    for memory in reversed(memories):
        left -= len(memory.text)
        if left < 0:
            break
        kept.append(memory)
    if kept:
        lines.append("The user wants you to remember:")
        lines += [f"- {memory.text}" for memory in reversed(kept)]
    return Briefing("\n".join(lines), tuple(memory.id for memory in reversed(kept)))
