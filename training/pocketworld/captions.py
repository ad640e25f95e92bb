"""What is said about a scene: canonical captions, varied captions, and reading a caption back.

A canonical caption has one fixed word order a medium, so that word positions are attribute slots.
A varied caption draws synonyms, order and which attributes are mentioned. `read_caption` finds the
attributes that any caption states. Knows no pixels and no models.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from training.pocketworld.scene import ATTRIBUTES, SHOWN, Scene, pick

# The first phrase of each is the canonical one. Word counts within an attribute are equal there.
PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "thing": {
        "boat": ("boat", "ship", "sailboat"),
        "car": ("car", "automobile"),
        "train": ("train", "locomotive"),
        "bird": ("bird", "sparrow"),
        "dog": ("dog", "puppy"),
        "cat": ("cat", "kitten"),
        "bell": ("bell",),
        "drum": ("drum",),
        "ball": ("ball",),
        "frog": ("frog", "toad"),
        "clock": ("clock",),
        "bee": ("bee", "bumblebee"),
    },
    "colour": {
        "red": ("red", "crimson"),
        "orange": ("orange",),
        "yellow": ("yellow", "golden"),
        "green": ("green",),
        "blue": ("blue",),
        "purple": ("purple", "violet"),
        "white": ("white",),
        "black": ("black",),
    },
    "place": {
        "sea": ("on the sea", "on the ocean", "on the water"),
        "grass": ("on the grass", "on the meadow", "on the lawn"),
        "sand": ("on the sand", "on the beach", "in the desert"),
        "snow": ("on the snow", "on snowy ground"),
    },
    "time": {
        "day": ("by day", "in the daytime", "at noon"),
        "night": ("at night", "in the dark", "at midnight"),
        "sunset": ("at sunset", "at dusk", "in the evening"),
    },
    "weather": {
        "clear": ("in clear weather", "under a clear sky"),
        "rain": ("in falling rain", "in the rain", "while it rains"),
        "snowfall": ("in falling snow", "in a snowfall", "while it snows"),
        "storm": ("in stormy weather", "in a storm", "in a thunderstorm"),
    },
    "size": {"small": ("small", "little", "tiny"), "big": ("big", "large", "huge")},
    "position": {
        "left": ("on the left", "at the left side"),
        "middle": ("in the middle", "in the centre"),
        "right": ("on the right", "at the right side"),
    },
    "motion": {
        "still": ("standing still", "not moving"),
        "left": ("moving left", "going to the left"),
        "right": ("moving right", "going to the right"),
        "up": ("moving up", "going upwards"),
        "down": ("moving down", "going downwards"),
    },
}


def canonical(scene: Scene, modality: str) -> str:
    """The caption in fixed word order that names every attribute the medium shows."""
    word = {name: PHRASES[name][getattr(scene, name)][0] for name in ATTRIBUTES}
    if modality == "audio":
        return "the sound of a {thing} {weather}".format(**word)
    if modality == "video":
        return "the {colour} {thing} {motion} {place} {time} {weather}".format(**word)
    return "a {size} {colour} {thing} {position} {place} {time} {weather}".format(**word)


def varied(
    scene: Scene,
    modality: str,
    rng: np.random.Generator,
    *,
    keep: float = 0.6,
    mention: tuple[str, ...] = (),
) -> tuple[str, tuple[str, ...]]:
    """A caption in free wording, and the names of the attributes it states.

    Args:
        keep: chance that an attribute other than the thing is mentioned.
        mention: attributes that are always mentioned.
    """
    shown = SHOWN[modality]
    said = tuple(name for name in shown if name in ("thing", *mention) or rng.random() < keep)
    phrase = {name: pick(PHRASES[name][getattr(scene, name)], rng) for name in said}
    before = [phrase[n] for n in ("size", "colour") if n in phrase]
    after = [phrase[n] for n in ("motion", "position", "place", "time", "weather") if n in phrase]
    rng.shuffle(after)
    noun = " ".join([*before, phrase["thing"]])
    article = "an" if noun[0] in "aeiou" else "a"
    return " ".join([article, noun, *after]), said


@cache
def _pattern() -> re.Pattern[str]:
    phrases = sorted(
        (p for known in PHRASES.values() for ps in known.values() for p in ps),
        key=len,
        reverse=True,
    )
    return re.compile(r"\b(" + "|".join(map(re.escape, phrases)) + r")\b")


@cache
def _meaning() -> dict[str, tuple[str, str]]:
    return {
        phrase: (name, value)
        for name, values in PHRASES.items()
        for value, phrases in values.items()
        for phrase in phrases
    }


def read_caption(text: str) -> dict[str, str]:
    """The attributes that a text states, by name; the first statement of each counts."""
    found: dict[str, str] = {}
    for match in _pattern().finditer(text.lower()):
        name, value = _meaning()[match.group(1)]
        found.setdefault(name, value)
    return found
