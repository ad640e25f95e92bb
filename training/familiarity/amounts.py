"""The number of samples with which a bundle's knowledge is measured. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Amounts:
    """The number of known examples; as many made-up ones are measured with them."""

    media: int
    """Pictures, and as many sounds."""
    clips: int
    texts: int
    """Sentences, known and others together."""
