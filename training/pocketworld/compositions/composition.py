"""Compositions: a scene with one word more, and how one is drawn at random.

Knows the words of every topic and what a medium of each topic shows; knows no pixels, no sounds
and no captions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from training.pocketworld.scene import COLOURS, THINGS, WEATHERS, Scene, pick, random_scene

MOVES = ("left", "right", "up", "down")
"""The motions that have a speed."""


@dataclass(frozen=True)
class Composition:
    """A scene and one of the words of its topic. Size and position are settled by the topic."""

    topic: ClassVar[str]
    modality: ClassVar[str]
    words: ClassVar[tuple[str, ...]]
    """The words of the topic; all are asked equally often."""
    seen: ClassVar[tuple[str, ...]]
    """Attributes of the scene that the medium shows beside the topic's word."""

    scene: Scene
    word: str

    def __post_init__(self) -> None:
        if self.word not in self.words:
            known = ", ".join(self.words)
            raise ValueError(f"composition: no {self.topic} {self.word!r}; known: {known}")

    @property
    def held_out(self) -> bool:
        """True if what it shows is kept out of all training."""
        return self.scene.held_out

    @property
    def plural(self) -> bool:
        """True if its caption begins with several things."""
        return self.topic == "count" and self.word != "one"

    @property
    def shown(self) -> dict[str, str]:
        """The attributes that its medium shows: what a caption may state and what is measured."""
        return {self.topic: self.word, **{name: getattr(self.scene, name) for name in self.seen}}


@dataclass(frozen=True)
class Count(Composition):
    """Several of the same thing in a picture."""

    topic = "count"
    modality = "image"
    words = ("one", "two", "three")
    seen = ("thing", "colour", "place", "time", "weather")


@dataclass(frozen=True)
class Relation(Composition):
    """The scene's thing in a relation to another thing in a picture."""

    topic = "relation"
    modality = "image"
    words = ("left", "right", "above", "below")
    seen = ("thing", "colour", "place", "time", "weather")

    other: Scene
    """The other thing in the same place; it differs in kind and in colour."""

    def __post_init__(self) -> None:
        super().__post_init__()
        one, other = self.scene, self.other
        if other != one.with_(thing=other.thing, colour=other.colour):
            raise ValueError("composition: two things of a relation share everything around them")
        if other.thing == one.thing or other.colour == one.colour:
            raise ValueError("composition: two things of a relation differ in kind and colour")

    @property
    def held_out(self) -> bool:
        """True if either thing is kept out of all training in its colour and place."""
        return self.scene.held_out or self.other.held_out

    @property
    def shown(self) -> dict[str, str]:
        """The attributes that its medium shows; those of the second thing are `other thing`, `other
        colour`."""
        other = {"other thing": self.other.thing, "other colour": self.other.colour}
        return {**super().shown, **other}


@dataclass(frozen=True)
class Loudness(Composition):
    """The voice of the thing is loud or quiet in a sound; its weather is as always."""

    topic = "loudness"
    modality = "audio"
    words = ("quiet", "loud")
    seen = ("thing", "weather")


@dataclass(frozen=True)
class Order(Composition):
    """The voice of the thing and the weather come one after the other in a sound."""

    topic = "order"
    modality = "audio"
    words = ("voice first", "weather first")
    seen = ("thing", "weather")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.scene.weather == "clear":
            raise ValueError("composition: a clear sky is not heard, so it has no order")


@dataclass(frozen=True)
class Speed(Composition):
    """The thing moves fast or slowly in a clip."""

    topic = "speed"
    modality = "video"
    words = ("slow", "fast")
    seen = ("thing", "colour", "motion", "place", "time", "weather")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.scene.motion not in MOVES:
            raise ValueError(f"composition: {self.scene.motion!r} has no speed")


Maker = Callable[[Scene, str, np.random.Generator], Composition]


def _related(scene: Scene, word: str, rng: np.random.Generator) -> Relation:
    """Another thing that is held out of training as the first one is."""
    while True:
        other = scene.with_(thing=pick(THINGS, rng), colour=pick(COLOURS, rng))
        apart = other.thing != scene.thing and other.colour != scene.colour
        if apart and other.held_out == scene.held_out:
            return Relation(scene, word, other)


def _ordered(scene: Scene, word: str, rng: np.random.Generator) -> Order:
    heard = [weather for weather in WEATHERS if weather != "clear"]
    return Order(scene.with_(weather=pick(heard, rng)), word)


def _paced(scene: Scene, word: str, rng: np.random.Generator) -> Speed:
    return Speed(scene.with_(motion=pick(MOVES, rng)), word)


_MAKERS: dict[type[Composition], Maker] = {
    Count: lambda scene, word, _: Count(scene, word),
    Relation: _related,
    Loudness: lambda scene, word, _: Loudness(scene, word),
    Order: _ordered,
    Speed: _paced,
}
TOPICS: dict[str, type[Composition]] = {kind.topic: kind for kind in _MAKERS}
"""The classes of compositions, by the name of their topic."""


def random_composition(
    topic: str, rng: np.random.Generator, *, held_out: bool = False
) -> Composition:
    """A composition with everything uniform, of the training or of the held-out combinations.

    In training no thing in it is held out; of the held-out ones, every thing is.
    """
    kind = TOPICS[topic]
    scene = random_scene(rng, held_out=held_out)
    scene = scene.with_(size="small", position="middle", motion="still")
    return _MAKERS[kind](scene, pick(kind.words, rng), rng)
