"""The parts of a dialogue: media, exchanges, and the words and artifact of an answer.

Knows scenes and sentences; knows no tokens and no tensors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.dialogues.phrasings import BOOKS
from training.pocketworld import levels
from training.pocketworld.compositions.composition import Composition
from training.pocketworld.scene import ATTRIBUTES, Scene, pick

Rng = np.random.Generator


@dataclass(frozen=True)
class Medium:
    """A picture, sound or clip of a scene: given by a person, or asked of a decoder."""

    modality: str
    scene: Scene
    index: int = -1
    """The index of the medium in the pool; -1 if it is not from a pool."""
    composition: Composition | None = None
    """The composition that the medium shows; None for a plain scene."""

    @property
    def subject(self) -> levels.Subject:
        """The scene or composition that it shows."""
        return self.composition or self.scene


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; a `Medium` in the answer is an artifact to make."""

    media: tuple[Medium, ...]
    text: str
    answer: tuple[str | Medium, ...]

    @property
    def about(self) -> tuple[Medium, ...]:
        """The media that the exchange made; if it made none, those it was given."""
        made_here = tuple(part for part in self.answer if isinstance(part, Medium))
        return made_here or self.media


Dialogue = tuple[Exchange, ...]
Pool = Mapping[str, Sequence[Scene]]
"""Scenes of the media at hand, by modality; without one, media are of any scene."""

MOVES = ("left", "right", "up", "down")
USUAL_PLACE = {
    "boat": "sea", "car": "grass", "train": "grass", "bird": "grass", "dog": "grass",
    "cat": "grass", "bell": "snow", "drum": "sand", "ball": "sand", "frog": "grass",
    "clock": "sand", "bee": "grass",
}  # fmt: skip
USUAL_COLOUR = {
    "boat": "red", "car": "blue", "train": "green", "bird": "blue", "dog": "black",
    "cat": "orange", "bell": "yellow", "drum": "red", "ball": "orange", "frog": "green",
    "clock": "purple", "bee": "yellow",
}  # fmt: skip


def usual(rng: Rng, **stated: str) -> Scene:
    """A training scene with the stated attributes; the others are mostly what is usual."""
    while True:
        thing = stated.get("thing") or pick(ATTRIBUTES["thing"], rng)
        words = {
            "thing": thing,
            "colour": USUAL_COLOUR[thing],
            "place": USUAL_PLACE[thing],
            "time": "day",
            "weather": "clear",
            "size": "big",
            "position": "middle",
            "motion": pick(MOVES[:2], rng),
        }
        for name in words:
            if name != "thing" and rng.random() < 0.25:
                words[name] = pick(ATTRIBUTES[name], rng)
        scene = Scene(**{**words, **stated})
        if not scene.held_out or {"thing", "colour", "place"} <= set(stated):
            return scene


def written(text: str, rng: Rng, *, question: bool = False, language: str = "en") -> str:
    """A sentence as users type it: with or without a capital letter and an end mark.

    Args:
        question: whether it asks something, which the words of most questions say by themselves.
    """
    if language == "en" and rng.random() < 0.4:
        text = text[0].upper() + text[1:]
    book = BOOKS[language]
    asks = question or re.search(book.asks, text) is not None
    return text + pick(book.question_ends if asks else book.ends, rng)


def shown(medium: Medium, language: str = "en") -> str:
    """The sentence in which an answer describes an artifact, or a medium that was seen or heard."""
    return levels.canonical(medium.subject, medium.modality, language)


def made(modality: str, subject: levels.Subject, language: str = "en") -> tuple[str | Medium, ...]:
    """The words and the artifact that answer a request."""
    if isinstance(subject, Composition):
        medium = Medium(modality, subject.scene, composition=subject)
    else:
        medium = Medium(modality, subject)
    book = BOOKS[language]
    several = medium.composition is not None and medium.composition.plural
    words = book.make_several if several else book.make[modality]
    return words.format(x=shown(medium, language)), medium
