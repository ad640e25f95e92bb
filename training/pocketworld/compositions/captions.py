"""Captions of a composition: canonical and varied ones, in English and Chinese.

As for scenes, a canonical caption has one fixed word order and names everything that the
medium shows; a varied one draws synonyms, order and what is mentioned, the topic's word always.
English stands here, Chinese in `captions_zh`. Knows no pixels and no models.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from training.pocketworld.captions import PHRASES as SCENE
from training.pocketworld.captions import counted
from training.pocketworld.compositions import captions_zh
from training.pocketworld.compositions.composition import Composition
from training.pocketworld.scene import pick

Choose = Callable[[tuple[str, ...]], str]
"""One of some phrases that mean the same; a canonical caption takes the first."""

# The first phrase of each is the canonical one.
PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "count": {"one": ("one", "a single"), "two": ("two",), "three": ("three",)},
    "relation": {
        "left": ("to the left of", "left of", "on the left side of"),
        "right": ("to the right of", "right of", "on the right side of"),
        "above": ("above", "over"),
        "below": ("below", "under", "beneath"),
    },
    "loudness": {"quiet": ("quiet", "soft", "faint"), "loud": ("loud", "noisy")},
    "order": {
        "voice first": (
            "{voice}, then {bed}", "{voice} and then {bed}", "{voice} followed by {bed}",
            "first {voice}, then {bed}", "{voice} before {bed}",
        ),
        "weather first": (
            "{bed}, then {voice}", "{bed} and then {voice}", "{bed} followed by {voice}",
            "first {bed}, then {voice}", "{voice} after {bed}",
        ),
    },
    "speed": {"slow": ("slowly",), "fast": ("fast", "quickly")},
}  # fmt: skip
BED = {
    "rain": ("rain", "falling rain"),
    "snowfall": ("falling snow", "snowfall"),
    "storm": ("a storm", "a thunderstorm"),
}
"""A weather that is heard alone."""
AROUND = ("place", "time", "weather")
FREE = ("colour", "other colour", *AROUND)
"""Attributes that a varied caption may leave out."""


def canonical(wanted: Composition, language: str = "en") -> str:
    """The caption in fixed word order that names everything the medium shows."""
    if language == "zh":
        return captions_zh.canonical(wanted)
    said = frozenset(wanted.shown)
    core, around = _core(wanted, said, _first), _around(wanted, said, _first)
    before = {"audio": "the sound of ", "video": "the "}.get(wanted.modality, "")
    core = core if wanted.topic == "speed" else _with_article(wanted, core)
    return " ".join([before + core, *around])


def varied(
    wanted: Composition, rng: np.random.Generator, *, language: str = "en", keep: float = 0.6
) -> tuple[str, tuple[str, ...]]:
    """A caption in free wording, and the names of what it states.

    Args:
        keep: chance that a colour, the place, the time or the weather is mentioned; things, the
            topic's word, motions and weathers that come before or after a voice always are.
    """
    names = mentioned(wanted, rng, keep)
    if language == "zh":
        return captions_zh.varied(wanted, frozenset(names), rng), names

    def choose(phrases: tuple[str, ...]) -> str:
        return pick(phrases, rng)

    said = frozenset(names)
    around = _around(wanted, said, choose)
    rng.shuffle(around)
    return " ".join([_with_article(wanted, _core(wanted, said, choose)), *around]), names


def mentioned(wanted: Composition, rng: np.random.Generator, keep: float) -> tuple[str, ...]:
    """The names of what a varied caption states, the same in both languages."""
    free = () if wanted.topic == "order" else FREE
    return tuple(name for name in wanted.shown if name not in free or rng.random() < keep)


def plural(noun: str) -> str:
    """The noun for several: "boats", "puppies"."""
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def _first(phrases: tuple[str, ...]) -> str:
    return phrases[0]


def _around(wanted: Composition, said: Collection[str], choose: Choose) -> list[str]:
    """Place, time and weather of what is not told already."""
    scene = wanted.scene
    names = [name for name in AROUND if name in said and wanted.topic != "order"]
    return [choose(SCENE[name][getattr(scene, name)]) for name in names]


def _with_article(wanted: Composition, core: str) -> str:
    return counted(core) if wanted.topic in ("loudness", "speed") else core


def _core(wanted: Composition, said: Collection[str], choose: Choose) -> str:
    """The thing or things with the topic's word; loudness and speed without an article."""
    shown, topic = wanted.shown, wanted.topic
    noun = choose(SCENE["thing"][shown["thing"]])
    if topic == "count" and wanted.word != "one":
        noun = plural(noun)
    if "colour" in said:
        noun = f"{choose(SCENE['colour'][shown['colour']])} {noun}"
    word = choose(PHRASES[topic][wanted.word])
    if topic == "count":
        return f"{word} {noun}"
    if topic == "loudness":
        return f"{word} {noun}"
    if topic == "order":
        return word.format(voice=counted(noun), bed=choose(BED[shown["weather"]]))
    if topic == "speed":
        return f"{noun} {choose(SCENE['motion'][shown['motion']])} {word}"
    other = choose(SCENE["thing"][shown["other thing"]])
    if "other colour" in said:
        other = f"{choose(SCENE['colour'][shown['other colour']])} {other}"
    return f"{counted(noun)} {word} {counted(other)}"
