"""The glyphs of words, in English and Simplified Chinese.

Everyday words stand in `things.txt`; everything else that has a glyph is known by its name
in Unicode's Common Locale Data Repository, as the package `emoji` has it. Knows no sentence and no
pixels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, get_args

import emoji

Kind = Literal[
    "animal", "person", "nature", "food", "vehicle", "building", "worn", "play", "object", "other"
]
"""The sort of thing; `other` for things known only by their Unicode name."""
FILE = "things.txt"
SIZES = {"t": 0.5, "s": 0.65, "m": 0.8, "p": 1.0, "b": 1.2, "h": 1.6}
"""The drawn size of a thing beside a person; the differences are smaller than in reality."""
_NOT_THINGS = re.compile(
    r"button|arrow|keycap|_sign$|symbol|medium-small|medium_square|clock$|thirty|skin_tone|"
    r"^(flag|man|woman|person|people|men|women|family|couple|kiss|japanese_)|hand_with|facing|"
    r"exclamation|question|_mark$|input_|trade|copyright|registered"
)
_FRAMED = frozenset("🌄 🌅 🌆 🌇 🌃 🌉 🌁 🌌 🎑 🏞️ 🏙️ 🌫️ 👪 🎦".split())
"""Pictures in a frame, which cannot stand beside other things."""
_VERBS = frozenset({"fly", "soon", "top", "back", "end", "on!", "mate", "plus", "minus", "family"})
"""Names of glyphs that are other words in most sentences."""


@dataclass(frozen=True)
class Thing:
    """Something that has a glyph."""

    glyph: str
    kind: Kind
    size: float
    """Beside a person, who has 1."""


def english(words: str) -> Thing | None:
    """The thing that lower-case words name in the singular, `christmas tree` for example."""
    return _everyday()["en"].get(words) or _named("en").get(words)


def chinese(words: str) -> Thing | None:
    """The thing that Chinese words name."""
    return _everyday()["zh"].get(words) or _named("zh").get(words)


@cache
def longest_chinese() -> int:
    """Characters of the longest Chinese word that names a thing."""
    return max(len(words) for words in (*_everyday()["zh"], *_named("zh")))


def singulars(word: str) -> tuple[str, ...]:
    """The singulars that an English plural may belong to, likeliest first; empty if it is no
    plural."""
    if not word.endswith("s") or word.endswith("ss") or len(word) < 4:
        return ()
    found = [word[:-1]]
    if word.endswith("ies"):
        found.insert(0, word[:-3] + "y")
    if word.endswith("ves"):
        found += [word[:-3] + "f", word[:-3] + "fe"]
    if word.endswith("es"):
        found.append(word[:-2])
    return tuple(found)


@cache
def _everyday() -> dict[str, dict[str, Thing]]:
    """Things by language and word, from the table of everyday words."""
    found: dict[str, dict[str, Thing]] = {"en": {}, "zh": {}}
    kind: Kind = "other"
    for line in resources.files("plugins.clipart").joinpath(FILE).read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            kind = next(known for known in get_args(Kind) if line == f"[{known}]")
            continue
        glyph, size, words = line.split(" ", 2)
        thing = Thing(glyph, kind, SIZES[size])
        for language, listed in zip(("en", "zh"), words.split("|"), strict=True):
            for word in listed.split(","):
                found[language].setdefault(word, thing)
    return found


@cache
def _named(language: Literal["en", "zh"]) -> dict[str, Thing]:
    """Things by the names that Unicode gives their glyphs."""
    if language != "en":
        emoji.config.load_language(language)
    everyday = {thing.glyph: thing for thing in _everyday()["en"].values()}
    found: dict[str, Thing] = {}
    for glyph, names in emoji.EMOJI_DATA.items():
        fully_qualified = names["status"] == emoji.STATUS["fully_qualified"]
        name = names["en"].strip(":")
        if (
            glyph in _FRAMED
            or not fully_qualified
            or _NOT_THINGS.search(name.lower())
            or name.lower() in _VERBS
        ):
            continue
        said = names.get(language, "").strip(":").replace("_", " ").lower().replace("’", "'")
        if len(said) > (2 if language == "en" else 0) and not said.startswith("一"):
            found.setdefault(said, everyday.get(glyph) or Thing(glyph, "other", 0.8))
    return found
