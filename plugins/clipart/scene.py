"""The scene of a caption, as clip art can show it: things, their relations, a ground.

Plain data between the readers of captions and the drawing. Knows no words and no pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from plugins.clipart.emoji_names import Thing

Relation = Literal["beside", "on", "above", "under", "in", "front", "behind", "chase"]
"""The relation of the previous thing to the following one: `on` it, `above` it..."""
MAX_COUNT = 9
"""The most drawn copies of one thing."""


@dataclass
class Item:
    """A thing, or several of the same, with what it wears and holds."""

    thing: Thing
    words: str
    """As the caption names it."""
    count: int = 1
    colour: str = ""
    scale: float = 1.0
    """The factor for `big` and `small`."""
    wears: list[Item] = field(default_factory=list)
    holds: list[Item] = field(default_factory=list)


@dataclass
class Scene:
    """The parts of a caption that are drawn, and those that are not."""

    items: list[Item] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    """`relations[i]`: how everything up to `items[i]` stands to `items[i + 1]`."""
    place: str = ""
    time: str = ""
    weather: str = ""
    ground_colour: str = ""
    unknown: list[str] = field(default_factory=list)
    """Nouns that have no glyph."""
    subject_unknown: bool = False
    """True if the subject of the caption is among them."""
    left_out: list[str] = field(default_factory=list)
    """Further words that are not drawn, such as adjectives."""

    @property
    def empty(self) -> bool:
        """True if there is nothing to draw."""
        return not (self.items or self.place or self.time or self.weather)

    @property
    def missing(self) -> tuple[str, ...]:
        """The nouns for want of which it is not drawn; none while its main things are known."""
        known = len(self.items) + bool(self.place) + bool(self.time) + bool(self.weather)
        if self.empty or self.subject_unknown or len(self.unknown) > known:
            return tuple(dict.fromkeys(self.unknown))
        return ()

    def drop(self, index: int) -> None:
        """Remove one item with its relation to the item before it."""
        self.items.pop(index)
        if self.relations:
            self.relations.pop(max(0, index - 1))
