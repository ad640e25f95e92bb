"""The relation that a preposition or verb between two things means: a hat is worn, a cup is held.

Knows scenes; knows no words and no pixels.
"""

from __future__ import annotations

from typing import get_args

from plugins.clipart import emoji_names
from plugins.clipart.scene import Item, Relation, Scene
from plugins.clipart.words import GROUPS

ANIMATE = ("animal", "person")
CARRIED = 0.85
"""The largest size of a thing that is held."""
HOLDERS = ("🧺", "📦", "🎁", "🫙", "🏺", "🪣", "👜", "🎒", "🛍️", "🧳", "🛒", "🪺")
"""Containers whose contents are drawn inside, as in "full of"."""


DISHES = ("🥣", "🍽️", "☕", "🍵", "🥛", "🍷", "🥤", "🍾", "🍶", "🍴", "🥄", "🍲")
"""Dishes that are not drawn when they contain something to eat or drink."""


def companions(item: Item, group: str) -> list[Item]:
    """The other things that a plural noun such as "couple" names beside `item`; empty for other
    words."""
    things = (emoji_names.english(name) for name in GROUPS.get(group, ())[1:])
    return [Item(thing, item.words, 1, item.colour, item.scale) for thing in things if thing]


def attach(scene: Scene, relation: str, item: Item, *more: Item) -> None:
    """Add `item` in this relation to the last item of a scene, and `more` beside it.

    Args:
        relation: one of `Relation`, or `wear`, `hold`, `with`, `of`.
    """
    last = scene.items[-1] if scene.items else None
    relation = _settled(relation, item, last)
    if last is None:
        scene.items.append(item)
    elif relation == "wear":
        last.wears.append(item)
    elif relation == "hold":
        last.holds.append(item)
    elif relation == "of":
        _contained(scene, last, (item, *more))
        return
    else:
        scene.relations.append(_spatial(relation))
        scene.items.append(item)
    for other in more:
        attach(scene, "beside", other)


def _settled(relation: str, item: Item, last: Item | None) -> str:
    worn = item.thing.kind == "worn"
    if last is not None and worn and relation in ("with", "wear") and last.thing.kind != "building":
        return "wear"
    if last is None or last.thing.kind not in ANIMATE:
        return relation
    if worn and (relation in ("with", "in", "wear") or (relation == "beside" and last.wears)):
        return "wear"
    small = item.thing.size <= CARRIED and item.thing.kind not in ANIMATE
    if small and (relation in ("with", "hold") or (relation == "beside" and last.holds)):
        return "hold"
    return relation


def _contained(scene: Scene, last: Item, items: tuple[Item, ...]) -> None:
    """A basket of apples has them in it; a glass of milk is the milk, a bunch of flowers itself."""
    if last.thing.glyph in HOLDERS or (len(items) > 1 and last.thing.glyph == "🥣"):
        place = len(scene.items) - 1
        scene.items[place:place] = items
        scene.relations += ["beside"] * (len(items) - 1)
        scene.relations.append("in")
    elif items[0].thing.kind == "food" and last.thing.glyph in DISHES:
        scene.items[-1] = items[0]


def _spatial(relation: str) -> Relation:
    return next((known for known in get_args(Relation) if known == relation), "beside")
