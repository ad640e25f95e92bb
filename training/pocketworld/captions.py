"""Captions of a scene: canonical captions, varied captions, and reading a caption back.

A canonical caption has one fixed word order a medium, so that word positions are attribute slots.
A varied caption draws synonyms, order and which attributes are mentioned. `read_caption` finds the
attributes that any caption states. English stands here, Chinese in `captions_zh`; the language of
a caption is "en" or "zh". Knows no pixels and no models.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import numpy as np

from training.pocketworld import captions_zh
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
        "bounce": ("bouncing around", "hopping around", "jumping around"),
        "appear": ("appearing slowly", "fading in"),
        "leave": ("leaving slowly", "fading away"),
    },
}


LANGUAGES = ("en", "zh")
BY_LANGUAGE = {"en": PHRASES, "zh": captions_zh.PHRASES}


def canonical(scene: Scene, modality: str, language: str = "en") -> str:
    """The caption in fixed word order that names every attribute the medium shows."""
    if language == "zh":
        return captions_zh.canonical(scene, modality)
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
    language: str = "en",
    keep: float = 0.6,
    mention: tuple[str, ...] = (),
) -> tuple[str, tuple[str, ...]]:
    """A caption in free wording, and the names of the attributes it states.

    Args:
        keep: chance that an attribute other than the thing is mentioned.
        mention: attributes that are always mentioned.
    """
    if language == "zh":
        return captions_zh.varied(scene, modality, rng, keep=keep, mention=mention)
    shown = SHOWN[modality]
    said = tuple(name for name in shown if name in ("thing", *mention) or rng.random() < keep)
    phrase = {name: pick(PHRASES[name][getattr(scene, name)], rng) for name in said}
    before = [phrase[n] for n in ("size", "colour") if n in phrase]
    after = [phrase[n] for n in ("motion", "position", "place", "time", "weather") if n in phrase]
    rng.shuffle(after)
    noun = " ".join([*before, phrase["thing"]])
    return " ".join([counted(noun), *after]), said


def counted(noun: str) -> str:
    """A noun with its article: "a boat", "an orange bell"."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def alone(
    name: str, value: str, language: str = "en", rng: np.random.Generator | None = None
) -> str:
    """One attribute outside a caption, as an edit or an answer names it: "a boat", "on the sea".

    Args:
        rng: draws among the phrases; without it, the canonical one.
    """
    phrases = BY_LANGUAGE[language][name][value]
    phrase = phrases[0] if rng is None else pick(phrases, rng)
    if language == "zh":
        return captions_zh.alone(name, value, phrase)
    return counted(phrase) if name == "thing" else phrase


def _either(known: dict[str, dict[str, tuple[str, ...]]]) -> str:
    """A pattern of all phrases, the longest first."""
    phrases = (p for values in known.values() for ps in values.values() for p in ps)
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


@cache
def _pattern() -> re.Pattern[str]:
    english, chinese = _either(PHRASES), _either(captions_zh.PHRASES)
    return re.compile(rf"\b(?:{english})\b|{chinese}", re.ASCII)


@cache
def _meaning() -> dict[str, tuple[str, str]]:
    return {
        phrase: (name, value)
        for known in BY_LANGUAGE.values()
        for name, values in known.items()
        for value, phrases in values.items()
        for phrase in phrases
    }


def read_caption(text: str) -> dict[str, str]:
    """The attributes that a text in either language states, by name; the first statement counts."""
    found: dict[str, str] = {}
    for match in _pattern().finditer(text.lower()):
        name, value = _meaning()[match.group()]
        found.setdefault(name, value)
    return found


def words_of(text: str) -> list[str]:
    """The text cut before and after every attribute phrase."""
    cuts = [0, *(at for match in _pattern().finditer(text) for at in match.span()), len(text)]
    pieces = (text[start:end] for start, end in pairwise(cuts))
    return [piece for piece in pieces if piece]
