"""What compositions is about: words, what is held out, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from training.pocketworld.compositions.composition import (
    TOPICS,
    Composition,
    Count,
    Loudness,
    Order,
    Relation,
    Speed,
    random_composition,
)
from training.pocketworld.scene import Scene

BOAT = Scene("boat", "red", "sea", size="small")
BELL = BOAT.with_(thing="bell", colour="yellow")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_seed_settles_a_composition_and_every_word_is_drawn(topic: str) -> None:
    drawn = [random_composition(topic, np.random.default_rng(seed)) for seed in range(40)]
    again = [random_composition(topic, np.random.default_rng(seed)) for seed in range(40)]
    assert drawn == again
    assert {one.word for one in drawn} == set(TOPICS[topic].words)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("held_out", [False, True])
def test_no_thing_of_it_is_held_out_of_training_or_every_thing_is(
    topic: str, held_out: bool
) -> None:
    for seed in range(20):
        drawn = random_composition(topic, np.random.default_rng(seed), held_out=held_out)
        assert drawn.held_out == held_out
        things = [drawn.scene, drawn.other] if isinstance(drawn, Relation) else [drawn.scene]
        assert {thing.held_out for thing in things} == {held_out}


def test_a_relation_with_one_held_out_thing_is_held_out() -> None:
    held = next(
        scene
        for seed in range(200)
        if (scene := random_composition("count", np.random.default_rng(seed), held_out=True).scene)
        .with_(thing="bell", colour="yellow").held_out is False
        and scene.thing != "bell" and scene.colour != "yellow"
    )  # fmt: skip
    other = held.with_(thing="bell", colour="yellow")
    assert Relation(held, "left", other).held_out
    assert Relation(other, "left", held).held_out


def test_what_a_medium_shows_has_the_topics_word_among_the_attributes() -> None:
    assert Count(BOAT, "two").shown == {
        "count": "two", "thing": "boat", "colour": "red", "place": "sea", "time": "day",
        "weather": "clear",
    }  # fmt: skip
    assert Loudness(BOAT, "loud").shown == {"loudness": "loud", "thing": "boat", "weather": "clear"}
    shown = Relation(BOAT, "left", BELL).shown
    assert (shown["relation"], shown["thing"], shown["other thing"]) == ("left", "boat", "bell")
    assert (shown["colour"], shown["other colour"]) == ("red", "yellow")


@pytest.mark.parametrize(
    ("kind", "scene", "word", "says"),
    [
        (Count, BOAT, "four", "no count 'four'; known: one, two, three"),
        (Order, BOAT, "voice first", "a clear sky is not heard"),
        (Speed, BOAT.with_(motion="bounce"), "fast", "'bounce' has no speed"),
    ],
)
def test_what_cannot_be_is_refused(
    kind: type[Composition], scene: Scene, word: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        kind(scene, word)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (BELL.with_(time="night"), "share everything around"),
        (BOAT.with_(colour="yellow"), "differ in kind and colour"),
        (BOAT.with_(thing="bell"), "differ in kind and colour"),
    ],
)
def test_two_things_of_a_relation_stand_in_one_place_and_differ(other: Scene, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Relation(BOAT, "left", other)
