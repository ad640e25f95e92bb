"""Relations between two things: what is worn, held, contained, or placed."""

from __future__ import annotations

from plugins.clipart import emoji_names
from plugins.clipart.relations import attach, companions
from plugins.clipart.scene import Item, Scene


def item(word: str) -> Item:
    thing = emoji_names.english(word)
    assert thing is not None, word
    return Item(thing, word)


def scene_of(first: str, relation: str, second: str) -> Scene:
    scene = Scene()
    attach(scene, "beside", item(first))
    attach(scene, relation, item(second))
    return scene


def test_a_hat_with_an_animal_is_worn() -> None:
    scene = scene_of("cat", "with", "hat")

    assert [one.words for one in scene.items] == ["cat"]
    assert [one.words for one in scene.items[0].wears] == ["hat"]


def test_a_small_thing_with_a_person_is_held_and_a_large_one_stands_beside() -> None:
    assert scene_of("man", "with", "apple").items[0].holds
    assert scene_of("man", "with", "house").relations == ["beside"]


def test_a_basket_of_apples_has_them_in_it() -> None:
    scene = scene_of("basket", "of", "apple")

    assert [one.words for one in scene.items] == ["apple", "basket"]
    assert scene.relations == ["in"]


def test_a_place_is_kept_as_it_was_said() -> None:
    assert scene_of("cat", "under", "tree").relations == ["under"]


def test_words_for_one_thing_have_no_companions() -> None:
    assert companions(item("cat"), "cat") == []
