"""The number of samples with which a bundle's knowledge is measured. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Amounts:
    """Examples of what a bundle knows; as many made-up ones are measured beside them."""

    media: int
    """Pictures, and as many sounds."""
    clips: int
    texts: int
    """Sentences, known and others together."""
