"""Pocketworld scenes: attributes, random scenes, and held-out combinations.

Knows no pixels, no sound and no words: pictures, sounds, clips and captions are made from a
`Scene` by the modules beside this one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

THINGS = (
    "boat", "car", "train", "bird", "dog", "cat",
    "bell", "drum", "ball", "frog", "clock", "bee",
)  # fmt: skip
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "white", "black")
PLACES = ("sea", "grass", "sand", "snow")
TIMES = ("day", "night", "sunset")
WEATHERS = ("clear", "rain", "snowfall", "storm")
SIZES = ("small", "big")
POSITIONS = ("left", "middle", "right")
MOTIONS = ("still", "left", "right", "up", "down", "bounce", "appear", "leave")

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "thing": THINGS,
    "colour": COLOURS,
    "place": PLACES,
    "time": TIMES,
    "weather": WEATHERS,
    "size": SIZES,
    "position": POSITIONS,
    "motion": MOTIONS,
}

# Which attributes a medium shows: what a caption of it may say and what the oracle measures.
SHOWN: dict[str, tuple[str, ...]] = {
    "image": ("thing", "colour", "place", "time", "weather", "size", "position"),
    "video": ("thing", "colour", "place", "time", "weather", "motion"),
    "audio": ("thing", "weather"),
}


@dataclass(frozen=True)
class Scene:
    """One thing in one place. Every field holds one of the words in `ATTRIBUTES`."""

    thing: str
    colour: str
    place: str
    time: str = "day"
    weather: str = "clear"
    size: str = "big"
    position: str = "middle"
    motion: str = "still"

    def __post_init__(self) -> None:
        for field in fields(self):
            word, known = getattr(self, field.name), ATTRIBUTES[field.name]
            if word not in known:
                raise ValueError(f"scene: no {field.name} {word!r}; known: {', '.join(known)}")

    def with_(self, **changes: str) -> Scene:
        """The scene with some attributes changed."""
        return replace(self, **changes)

    @property
    def held_out(self) -> bool:
        """True if this combination of thing, colour and place is kept out of all training.

        One combination in ten, by a hash: fixed for ever, independent of any random state.
        """
        key = f"{self.thing}/{self.colour}/{self.place}".encode()
        return hashlib.sha256(key).digest()[0] % 10 == 0


def pick(options: Sequence[str], rng: np.random.Generator) -> str:
    """One of the options, all equally likely."""
    return options[int(rng.integers(len(options)))]


def random_scene(rng: np.random.Generator, *, held_out: bool = False) -> Scene:
    """A scene with every attribute uniform, from the training or from the held-out combinations."""
    while True:
        words = {name: pick(known, rng) for name, known in ATTRIBUTES.items()}
        scene = Scene(**words)
        if scene.held_out == held_out:
            return scene
