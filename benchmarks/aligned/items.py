"""The held-out requests and questions, as cases of the evaluation.

Knows the data file beside it and Pocketworld's scenes; knows no engine.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from runtime.messages import MediaPart, Message, TextPart
from training.dialogues.exchanges import usual
from training.evaluation.judging import Case, Question, write_true
from training.pocketworld.scene import ATTRIBUTES

FILE = Path(__file__).with_name("requests.toml")
SEED = 20
Modality = Literal["image", "audio", "video"]


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message of a person."""

    text: str
    facts: dict[str, str]
    """What the answer must show or say, by attribute."""
    language: Literal["en", "zh"] = "en"
    make: Modality | None = None
    """The medium that is wanted; None for an answer in words."""
    given: Modality | None = None
    """A medium that stands beside the message."""

    @property
    def direction(self) -> str:
        """What is asked for, in a few words."""
        return f"make {self.make}" if self.make else f"see {self.given}"


def load() -> tuple[Item, ...]:
    """All items, in the order of the file.

    Raises:
        ValueError: an item names an attribute or a value that Pocketworld does not have.
    """
    data = tomllib.loads(FILE.read_text("utf-8"))
    items = msgspec.convert(data["item"], tuple[Item, ...])
    for item in items:
        for name, value in item.facts.items():
            if value not in ATTRIBUTES[name]:
                raise ValueError(f"{item.text}: no {name} {value!r}")
        if (item.make is None) == (item.given is None):
            raise ValueError(f"{item.text}: expected one of make and given")
    return items


def case_of(number: int, item: Item, folder: Path) -> Case:
    """An item as a conversation of one message; a given medium is written to `folder`."""
    parts: list[TextPart | MediaPart] = [TextPart(item.text)]
    if item.given:
        rng = np.random.default_rng([SEED, number])
        path = write_true(item.given, usual(rng, **item.facts), rng, folder / f"given-{number}")
        parts.insert(0, MediaPart(item.given, str(path)))
    expected = ((item.make or "text", dict(item.facts)),)
    question = Question(Message("user", tuple(parts)), expected)
    return Case(item.direction, (question,), SEED + number, item.language)
