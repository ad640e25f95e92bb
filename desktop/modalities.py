"""What a person's side knows of each modality, one row each: its word, its card, its looks.

The command line, the window and the media folder all ask here. A modality that a plugin brings has
no row of its own: it gets that of a file, which can be opened, saved, made again and looked up.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Modality:
    """One row."""

    name: str
    noun: str
    """The plain English word for one."""
    card: str
    """Which card of the transcript shows it: picture, sound, clip, or file for anything else."""
    has_picture: bool = False
    """Whether the window can show a picture of it."""


_ROWS = (
    Modality("text", "text", "text"),
    Modality("image", "picture", "picture", has_picture=True),
    Modality("audio", "sound", "sound"),
    Modality("video", "clip", "clip", has_picture=True),
    Modality("document", "document", "file"),
)
_BY_NAME = {row.name: row for row in _ROWS}


def modality(name: str) -> Modality:
    """The row of a modality."""
    return _BY_NAME.get(name) or Modality(name, name, "file")


def noun(name: str) -> str:
    """The plain word for one; a plugin's own modality is its own word."""
    return modality(name).noun
