"""Glyphs that make a scene recognizable which only names a place or a time.

Knows scenes; knows no words and no pixels.
"""

from __future__ import annotations

from plugins.clipart import emoji_names
from plugins.clipart.scene import Item, Scene

PLACES: dict[str, tuple[tuple[str, int], ...]] = {
    "sea": (("boat", 1),),
    "underwater": (("tropical fish", 3),),
    "beach": (("palm tree", 1), ("umbrella on ground", 1)),
    "desert": (("cactus", 3),),
    "grass": (("tree", 1), ("flower", 3)),
    "forest": (("pine", 5),),
    "snow": (("snowman", 1), ("pine", 2)),
    "mountains": (("mountain", 3),),
    "room": (("sofa", 1), ("potted plant", 1)),
    "table": (("vase", 1),),
    "sky": (("cloud", 3),),
    "space": (("planet", 1), ("star", 3)),
    "stage": (("microphone", 1),),
    "moon": (("earth", 1),),
}
"""English words of things by place, and how many of each."""
WEATHERS: dict[str, tuple[tuple[str, int], ...]] = {
    "autumn": (("tree", 1), ("maple leaf", 1)),
    "snowfall": (("pine", 2), ("snowman", 1)),
    "rain": (("umbrella", 1),),
}
"""Furniture by weather, if no place is named."""


IMPLIED = {
    "🎂": ("🕯️",), "🤴": ("👑",), "👸": ("👑",), "🧙": ("🎩",), "🎅": ("🎩",), "⛄": ("🎩",),
    "🧑‍🍳": ("🎩",), "🧑‍🚀": ("⛑️",), "🤠": ("🎩",), "👷": ("⛑️",), "☕": ("☕",),
}  # fmt: skip
"""Glyphs that a glyph already shows."""
_LIGHTS = {"☀️": "day", "🌞": "day", "🌙": "night", "🌕": "night"}
"""The time that a light in the sky tells."""
_FIREWORKS = ("🎆", "🎇")
_FISHES = frozenset("🐟 🐠 🐡 🦈 🐙 🦑 🪼 🪸".split())
_SWIMMERS = _FISHES | frozenset(
    "🐬 🐋 🐳 ⛵ 🚤 🚢 🛶 🛳️ 🦭 🦆 🦢 🏄 🐸 🐊 🦦 🐢 🏝️ 🌊 🧜‍♀️ 🐧 🛟 ⚓".split()
)
"""Stand in water and not beside it."""


def furnished(scene: Scene) -> Scene:
    """The scene as it is drawn: a place alone gets typical things, a sun or moon becomes part of
    the ground, nothing is shown twice, and whoever cannot swim is placed beside the water."""
    for item in scene.items:
        shown = IMPLIED.get(item.thing.glyph, ())
        item.wears = [part for part in item.wears if part.thing.glyph not in shown]
        item.holds = [part for part in item.holds if part.thing.glyph not in shown]
        if scene.weather == "autumn" and item.thing.glyph == "🌳":
            item.colour = item.colour or "orange"
    _lit(scene)
    _without_repeats(scene)
    if not scene.items:
        _filled(scene)
    glyphs = {item.thing.glyph for item in scene.items}
    if scene.place == "sea" and glyphs:
        if glyphs <= _FISHES:
            scene.place = "underwater"
        elif not glyphs & _SWIMMERS:
            scene.place = "shore"
    return scene


def _filled(scene: Scene) -> None:
    """The things of a place or weather that is named alone."""
    for words, count in PLACES.get(scene.place) or WEATHERS.get(scene.weather, ()):
        thing = emoji_names.english(words)
        if thing is not None:
            if scene.items:
                scene.relations.append("beside")
            orange = scene.weather == "autumn" and thing.glyph == "🌳"
            scene.items.append(Item(thing, words, count, "orange" if orange else ""))


def _lit(scene: Scene) -> None:
    """A sun or moon beside other things is the ground's, and so are fireworks."""
    for index in reversed(range(len(scene.items))):
        glyph = scene.items[index].thing.glyph
        others = len(scene.items) > 1 or scene.place
        if glyph in _LIGHTS and others and scene.place not in ("space", "moon"):
            scene.time = scene.time or _LIGHTS[glyph]
            scene.drop(index)
        elif glyph in _FIREWORKS:
            scene.time, scene.weather = scene.time or "night", "fireworks"
            scene.drop(index)


def _without_repeats(scene: Scene) -> None:
    for index in reversed(range(1, len(scene.items))):
        before, after = scene.items[index - 1], scene.items[index]
        if after.thing.glyph in IMPLIED.get(before.thing.glyph, ()):
            scene.drop(index)
