"""What a preposition or verb between two things comes to: a hat is worn, a cup is held.

Knows scenes; knows no words and no pixels.
"""

from __future__ import annotations

from typing import get_args

from plugins.clipart_scene import Item, Relation, Scene

ANIMATE = ("animal", "person")
CARRIED = 0.85
"""Nothing larger is held."""
HOLDERS = ("🧺", "📦", "🎁", "🫙", "🏺", "🪣", "👜", "🎒", "🛍️", "🧳", "🛒", "🪺")
"""What others are in, when it is full `of` them."""


def attach(scene: Scene, relation: str, item: Item) -> None:
    """Add `item` to a scene whose last item stands so to it.

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
        _contained(scene, item, last)
    else:
        scene.relations.append(_spatial(relation))
        scene.items.append(item)


def _settled(relation: str, item: Item, last: Item | None) -> str:
    animate = last is not None and last.thing.kind in ANIMATE
    if relation in ("with", "in", "wear") and item.thing.kind == "worn" and animate:
        return "wear"
    small = item.thing.size <= CARRIED and item.thing.kind not in ANIMATE
    if relation in ("with", "hold") and animate and small:
        return "hold"
    return relation


def _contained(scene: Scene, item: Item, last: Item) -> None:
    """A basket of apples has them in it; a bowl of soup is the soup, a bunch of flowers itself."""
    if last.thing.glyph in HOLDERS:
        scene.items.insert(len(scene.items) - 1, item)
        scene.relations.append("in")
    elif item.thing.kind == "food":
        scene.items[-1] = item


def _spatial(relation: str) -> Relation:
    return next((known for known in get_args(Relation) if known == relation), "beside")
