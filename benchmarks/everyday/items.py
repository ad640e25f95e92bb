"""The items of the everyday sets: the user's messages, and what an answer must be.

Knows the data files beside it; knows no engine.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Literal, get_args

import msgspec

Kind = Literal["questions", "media", "plain"]
Set = Literal["development", "held-out"]
Language = Literal["en", "zh"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SETS: tuple[Set, ...] = get_args(Set)
FOLDER = Path(__file__).parent


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One conversation; what is judged is the answer to its last turn."""

    name: str
    """Unique within its file."""
    turns: tuple[str, ...]
    """The user's messages in order; the assistant answers each."""
    language: Language = "en"
    """The language of the user."""
    answer_in: Literal["", "en", "zh", "any"] = ""
    """The language in which the answer must mainly be; empty is the person's, `any` is not looked
    at."""
    system: str | None = None
    """The system text; None for the bundle's own."""
    all: tuple[str, ...] = ()
    """Regular expressions that must all be found in the answer, in any case of letters."""
    none: tuple[str, ...] = ()
    """Regular expressions of which none may be found in it."""
    numbers: tuple[str, ...] = ()
    """Whole numbers that must all stand in it."""
    at_most: int = 0
    """Characters of the longest answer; 0 is no limit."""
    media: tuple[str, ...] = ()
    """Modalities that the answer must hold, no more and no less."""

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """`all` and `numbers`, compiled."""
        numbers = (rf"(?<![\d.]){re.escape(number)}(?!\.?\d)" for number in self.numbers)
        return tuple(_compiled(text) for text in (*self.all, *numbers))

    @property
    def forbidden(self) -> tuple[re.Pattern[str], ...]:
        """`none`, compiled."""
        return tuple(map(_compiled, self.none))


def load(kind: Kind, of: Set) -> tuple[Item, ...]:
    """The items of one kind in one set, in the order of their file."""
    data = tomllib.loads((FOLDER / f"{kind}-{of}.toml").read_text("utf-8"))
    return msgspec.convert(data["item"], tuple[Item, ...])


def spread(items: tuple[Item, ...], limit: int | None) -> tuple[Item, ...]:
    """At most `limit` items, from all parts of their file."""
    if limit is None or limit >= len(items):
        return items
    return tuple(items[number * len(items) // limit] for number in range(limit))


def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.DOTALL)
