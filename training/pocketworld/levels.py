"""What a medium of either ring is about, as trainings want it: drawn at random, with captions.

The first ring are scenes, the second compositions. Knows which topics a modality shows; knows no
pixels, no sounds and no models.
"""

from __future__ import annotations

import numpy as np

from training.pocketworld import captions
from training.pocketworld.scene import ATTRIBUTES, SHOWN, Scene, pick, random_scene
from training.pocketworld.second_ring import captions as second_captions
from training.pocketworld.second_ring.compositions import (
    TOPICS,
    Composition,
    random_composition,
)

Subject = Scene | Composition
SECOND: dict[str, tuple[str, ...]] = {
    modality: tuple(topic for topic, kind in TOPICS.items() if kind.modality == modality)
    for modality in SHOWN
}
"""The topics of the second ring, by modality."""
WORDS: dict[str, tuple[str, ...]] = {
    **ATTRIBUTES,
    **{topic: kind.words for topic, kind in TOPICS.items()},
    "other thing": ATTRIBUTES["thing"],
    "other colour": ATTRIBUTES["colour"],
}
"""Every attribute that a caption of either ring may state, and its words."""


def stated_in(modality: str) -> tuple[str, ...]:
    """The names of all attributes that captions of a modality may state."""
    names = [*SHOWN[modality]]
    for topic in SECOND[modality]:
        names += [topic, *TOPICS[topic].seen]
        names += ["other thing", "other colour"] if topic == "relation" else []
    return tuple(dict.fromkeys(names))


def weather_of(subject: Subject) -> str:
    """The weather that it is in."""
    scene = subject.scene if isinstance(subject, Composition) else subject
    return scene.weather


def random_subject(modality: str, rng: np.random.Generator, second: float) -> Subject:
    """Something of a combination that training may see, of the second ring with that chance."""
    if rng.random() < second:
        return random_composition(pick(SECOND[modality], rng), rng)
    return random_scene(rng)


def shown(subject: Subject, modality: str) -> dict[str, str]:
    """All that its medium shows, by name."""
    if isinstance(subject, Composition):
        return subject.shown
    return {name: getattr(subject, name) for name in SHOWN[modality]}


def canonical(subject: Subject, modality: str, language: str = "en") -> str:
    """The caption in fixed word order, which states all that its medium shows."""
    if isinstance(subject, Composition):
        return second_captions.canonical(subject, language)
    return captions.canonical(subject, modality, language)


def varied(
    subject: Subject, modality: str, rng: np.random.Generator, language: str = "en"
) -> tuple[str, dict[str, str]]:
    """A caption in free wording, and what it states."""
    if isinstance(subject, Composition):
        text, names = second_captions.varied(subject, rng, language=language)
    else:
        text, names = captions.varied(subject, modality, rng, language=language)
    every = shown(subject, modality)
    return text, {name: every[name] for name in names}
