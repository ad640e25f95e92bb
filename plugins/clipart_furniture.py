"""What a scene shows that names a place or a time only: the things that make it recognised.

Knows scenes; knows no words and no pixels.
"""

from __future__ import annotations

from plugins import emoji_names
from plugins.clipart_scene import Item, Scene

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


def furnished(scene: Scene) -> Scene:
    """The scene, with the things of its place when it names none itself."""
    if scene.items or scene.place not in PLACES:
        return scene
    for words, count in PLACES[scene.place]:
        thing = emoji_names.english(words)
        if thing is not None:
            if scene.items:
                scene.relations.append("beside")
            scene.items.append(Item(thing, words, count))
    return scene
