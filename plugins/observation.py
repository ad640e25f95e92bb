"""Observations of readers, as plain data that crosses processes.

Knows no numpy, which `plugins.api` brings: the window's process names observations without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Observation:
    """One thing that a reader found in a medium, as text."""

    kind: Literal["speech", "text", "label", "document"]
    """The kind: spoken words, text seen in a picture, the name of what a picture shows, or a
    passage of a document."""
    text: str
    confidence: float | None = None
    """0 to 1; None where the reader has no measure of it."""
    start_s: float | None = None
    """The start in a sound or clip, in seconds."""
    end_s: float | None = None
    box: tuple[float, float, float, float] | None = None
    """Left, top, right and bottom in a picture, each as a share of its width or height."""
    place: str = ""
    """The place in a document, for example `page 2` or `sheet Costs, row 7`."""
    source: str = ""
    """Id of the reader, with its model's name where it has one: `medley.speech whisper-base`."""
    language: str = ""
    """Code of the language that is spoken, for example `zh`; empty where it is not known."""
