"""Examples as they are once data is read, and unusable records with reasons. Plain data.

`Dialogue`s hold what the reference calls T+X->T, T->T+X and MosIT; a `Pair` is its T-X pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

import msgspec

Kind = Literal[
    "broken JSON", "unknown form", "unknown key", "missing key", "wrong type", "empty", "too long",
    "missing file", "broken medium", "wrong order", "duplicate", "no part for it", "broken caption",
    "unreadable file",
]  # fmt: skip
"""Sorts of badness, by which skipped data is counted."""


class Medium(msgspec.Struct, frozen=True):
    """A picture, a sound or a clip that a person gives."""

    modality: str
    path: str


class Wanted(msgspec.Struct, frozen=True):
    """An artifact that an answer holds, as the caption that describes it."""

    modality: str
    caption: str


class Exchange(msgspec.Struct, frozen=True):
    """A request and its answer."""

    media: tuple[Medium, ...]
    text: str
    answer: tuple[str | Wanted, ...]
    """Words and artifacts in order."""


class Pair(msgspec.Struct, frozen=True, tag="pair"):
    """A medium and its caption."""

    medium: Medium
    caption: str


class Dialogue(msgspec.Struct, frozen=True, tag="dialogue"):
    """One exchange or several."""

    exchanges: tuple[Exchange, ...]


Example = Pair | Dialogue


class Sourced(msgspec.Struct, frozen=True):
    """An example and its place in the data."""

    example: Example
    file: str
    where: str


class Skipped(msgspec.Struct, frozen=True):
    """Data that cannot be used; one line of `skipped.jsonl`."""

    file: str
    where: str
    """The place in the file, for example `record 17`; empty for the whole file."""
    kind: Kind
    reason: str
    """A clause with what was expected and what was found."""


class BadData(Exception):  # noqa: N818  (control flow: becomes a `Skipped`)
    """A record that cannot be used."""

    def __init__(self, kind: Kind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


def summary(skipped: Iterable[Skipped]) -> str:
    """Counts by kind, the most frequent first: `3 missing file, 1 duplicate`."""
    counts = Counter(one.kind for one in skipped)
    return ", ".join(f"{count} {kind}" for kind, count in counts.most_common()) or "nothing"


def media_of(example: Example) -> list[Medium]:
    """The media that an example gives, in order."""
    if isinstance(example, Pair):
        return [example.medium]
    return [medium for exchange in example.exchanges for medium in exchange.media]


def wanted_of(example: Example) -> list[Wanted]:
    """The artifacts that a dialogue asks for, in order; a pair's caption can ask for one too."""
    if isinstance(example, Pair):
        return [Wanted(example.medium.modality, example.caption)]
    answers = [part for exchange in example.exchanges for part in exchange.answer]
    return [part for part in answers if isinstance(part, Wanted)]
