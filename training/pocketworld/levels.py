"""Subjects of media on both levels of Pocketworld, drawn at random for training, with captions.

The first level holds scenes, the second compositions: a scene and one word more. Knows which topics
a modality shows; knows no pixels, no sounds and no models.
"""

from __future__ import annotations

import numpy as np

from training.pocketworld import captions
from training.pocketworld.compositions import captions as composition_captions
from training.pocketworld.compositions.composition import (
    TOPICS,
    Composition,
    random_composition,
)
from training.pocketworld.scene import ATTRIBUTES, SHOWN, Scene, pick, random_scene

Subject = Scene | Composition
COMPOSITION_TOPICS: dict[str, tuple[str, ...]] = {
    modality: tuple(topic for topic, kind in TOPICS.items() if kind.modality == modality)
    for modality in SHOWN
}
"""The topics of compositions, by modality."""
WORDS: dict[str, tuple[str, ...]] = {
    **ATTRIBUTES,
    **{topic: kind.words for topic, kind in TOPICS.items()},
    "other thing": ATTRIBUTES["thing"],
    "other colour": ATTRIBUTES["colour"],
}
"""Every attribute that a caption of a scene or a composition may state, and its words."""


def stated_in(modality: str) -> tuple[str, ...]:
    """The names of all attributes that captions of a modality may state."""
    names = [*SHOWN[modality]]
    for topic in COMPOSITION_TOPICS[modality]:
        names += [topic, *TOPICS[topic].seen]
        names += ["other thing", "other colour"] if topic == "relation" else []
    return tuple(dict.fromkeys(names))


def weather_of(subject: Subject) -> str:
    """The weather that it is in."""
    scene = subject.scene if isinstance(subject, Composition) else subject
    return scene.weather


def random_subject(modality: str, rng: np.random.Generator, composed: float) -> Subject:
    """A scene or, with the probability `composed`, a composition; never a held-out combination."""
    if rng.random() < composed:
        return random_composition(pick(COMPOSITION_TOPICS[modality], rng), rng)
    return random_scene(rng)


def shown(subject: Subject, modality: str) -> dict[str, str]:
    """The attributes that its medium shows, by name."""
    if isinstance(subject, Composition):
        return subject.shown
    return {name: getattr(subject, name) for name in SHOWN[modality]}


def canonical(subject: Subject, modality: str, language: str = "en") -> str:
    """The caption in fixed word order, which states all that its medium shows."""
    if isinstance(subject, Composition):
        return composition_captions.canonical(subject, language)
    return captions.canonical(subject, modality, language)


def varied(
    subject: Subject, modality: str, rng: np.random.Generator, language: str = "en"
) -> tuple[str, dict[str, str]]:
    """A caption in free wording, and what it states."""
    if isinstance(subject, Composition):
        text, names = composition_captions.varied(subject, rng, language=language)
    else:
        text, names = captions.varied(subject, modality, rng, language=language)
    every = shown(subject, modality)
    return text, {name: every[name] for name in names}
