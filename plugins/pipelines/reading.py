"""How a pipeline reads captions where its text encoder is a language model. Plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """How a class reads captions with a language model that people also talk to.

    A folder may lack such a text encoder: the language model of a bundle can be it (native
    routing).
    """

    architecture: str
    """As transformers and llama.cpp name it."""
    layers: tuple[int, ...]
    """How many layers each state went through; below 0 from the end, -1 being all."""
    thinks: bool
    """Whether its chat template leaves room for a thought."""
    padded: bool
    """Whether the decoder sees the padding."""
