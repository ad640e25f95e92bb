"""What the answers of a branch say as a whole: which models made them, how full the context is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from desktop.assistant.answer_saving import PLACE
from storage.records import Message


@dataclass(frozen=True)
class Overview:
    """Of the answers that were read."""

    mixed: bool = False
    """Whether they are of several models."""
    bundle: str = ""
    """Name of the bundle that made the newest one that did not fail."""
    used: int = 0
    """Positions of the context that are full since the newest answer that tells."""
    size: int = 0
    """Positions that there are."""
    dropped: int = 0
    """Oldest messages that it no longer saw."""


def overview(messages: Iterable[Message | None]) -> Overview:
    """The overview of a branch, whose messages come in order; None is one that nobody read."""
    bundles: set[str] = set()
    last = told = None
    for message in messages:
        if message is None or message.role == "user" or message.state == "failed":
            continue
        if bundle := text(message.details, "bundle"):
            bundles.add(bundle)
            last = bundle
        if count(message.details, "context_tokens"):
            told = message.details
    if told is None:
        return Overview(len(bundles) > 1, last or "")
    return Overview(
        len(bundles) > 1,
        last or "",
        count(told, "context_tokens"),
        count(told, "n_ctx"),
        count(told, "dropped"),
    )


def model_of(message: Message | None) -> str:
    """What the model that made an answer is called; empty where nobody knows."""
    if message is None or message.role == "user":
        return ""
    return text(message.details, "model") or text(message.details, "bundle")


def place_of(message: Message | None) -> str:
    """The name of the other computer that made an answer; empty where this one did."""
    return "" if message is None else text(message.details, PLACE)


def text(details: dict[str, Any], name: str) -> str:
    """Words among what a message's maker wrote about it, which may be anybody."""
    found = details.get(name)
    return found if isinstance(found, str) else ""


def count(details: dict[str, Any], name: str) -> int:
    """A number above 0 of the same, or 0."""
    found = details.get(name)
    return found if type(found) is int and found > 0 else 0


def number(details: dict[str, Any], name: str) -> float | None:
    """A number from 0 of the same, whole or not."""
    found = details.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or found < 0:
        return None
    return float(found)
