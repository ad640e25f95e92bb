"""Captions of compositions in Simplified Chinese: their phrases, measure words and word orders.

Knows compositions; knows no pixels, no models, no English.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from training.pocketworld.captions_zh import MEASURE
from training.pocketworld.captions_zh import PHRASES as SCENE
from training.pocketworld.compositions.composition import Composition
from training.pocketworld.scene import pick

Choose = Callable[[tuple[str, ...]], str]

# The first phrase of each is the canonical one.
PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "count": {"one": ("一",), "two": ("两",), "three": ("三",)},
    "relation": {
        "left": ("左边", "左侧", "的左边"),
        "right": ("右边", "右侧", "的右边"),
        "above": ("上面", "上方", "的上方"),
        "below": ("下面", "下方", "的下方"),
    },
    "loudness": {
        "quiet": ("很轻的{thing}声", "声音很轻的{thing}", "声音很小的{thing}", "轻轻的{thing}声"),
        "loud": ("很响的{thing}声", "声音很响的{thing}", "声音很大的{thing}", "响亮的{thing}声"),
    },
    "order": {
        "voice first": ("先是{voice}，然后{bed}", "先是{voice}，接着{bed}", "先有{voice}，再{bed}"),
        "weather first": (
            "先{bed}，然后是{voice}", "先{bed}，接着是{voice}", "先{bed}，再是{voice}",
        ),
    },
    "speed": {"slow": ("缓慢地", "慢慢地", "慢慢"), "fast": ("快速", "飞快地", "很快地")},
}  # fmt: skip
BED = {"rain": ("下雨", "下大雨"), "snowfall": ("下雪", "下大雪"), "storm": ("是暴风雨", "是雷雨")}
"""A weather that is heard alone, as what happens."""
VOICE = ("{thing}的声音", "{thing}声")
AROUND = ("place", "time", "weather")
ALONE = ("雨中", "雪中", "暴风雨中")
"""Weathers that need a preposition."""


def canonical(wanted: Composition) -> str:
    """The caption in fixed word order that names everything the medium shows."""
    said = frozenset(wanted.shown)
    core = _core(wanted, said, lambda phrases: phrases[0], bare=wanted.topic == "relation")
    if wanted.topic == "loudness":
        return f"{SCENE['weather'][wanted.scene.weather][0]}时{core}"
    return "，".join([core, *_around(wanted, said, lambda phrases: phrases[0])])


def varied(wanted: Composition, said: Collection[str], rng: np.random.Generator) -> str:
    """A caption in free wording that states what has these names."""

    def choose(phrases: tuple[str, ...]) -> str:
        return pick(phrases, rng)

    core = _core(wanted, said, choose, bare=rng.random() < 0.4)
    around = _around(wanted, said, choose)
    rng.shuffle(around)
    return "，".join([core, *around])


def _around(wanted: Composition, said: Collection[str], choose: Choose) -> list[str]:
    """Place, time and weather of what is not told already."""
    if wanted.topic == "order":
        return []
    phrases = {name: choose(SCENE[name][getattr(wanted.scene, name)]) for name in AROUND}
    return [
        f"在{phrase}" if name == "place" or phrase in ALONE else phrase
        for name, phrase in phrases.items()
        if name in said
    ]


def _core(wanted: Composition, said: Collection[str], choose: Choose, *, bare: bool) -> str:
    """The thing or things with the topic's word; `bare` are things without a number."""
    shown, topic = wanted.shown, wanted.topic
    thing = shown["thing"]
    noun = choose(SCENE["thing"][thing])
    if "colour" in said:
        noun = f"{_colour(shown['colour'], choose)}{noun}"
    one = "" if bare else f"一{MEASURE[thing]}"
    word = choose(PHRASES[topic][wanted.word])
    if topic == "count":
        return f"{word}{MEASURE[thing]}{noun}"
    if topic == "loudness":
        return word.format(thing=noun)
    if topic == "order":
        voice = choose(VOICE).format(thing=noun)
        return word.format(voice=voice, bed=choose(BED[shown["weather"]]))
    if topic == "speed":
        return f"{one}{noun}，{word}{choose(SCENE['motion'][shown['motion']])}"
    other = choose(SCENE["thing"][shown["other thing"]])
    if "other colour" in said:
        other = f"{_colour(shown['other colour'], choose)}{other}"
    number = "" if bare else f"一{MEASURE[shown['other thing']]}"
    return f"{one}{noun}在{number}{other}{word}"


def _colour(colour: str, choose: Choose) -> str:
    """A colour before a noun, with its particle; never in one letter."""
    return f"{choose(tuple(word for word in SCENE['colour'][colour] if len(word) > 1))}的"
