"""Scenes: random ones, and the combinations that are held out."""

from __future__ import annotations

import numpy as np
import pytest

from training.pocketworld.scene import ATTRIBUTES, Scene, random_scene


def test_a_random_scene_has_known_words_and_is_settled_by_its_seed() -> None:
    one, again = (random_scene(np.random.default_rng(5)) for _ in range(2))

    assert one == again
    for name, words in ATTRIBUTES.items():
        assert getattr(one, name) in words


@pytest.mark.parametrize("held_out", [False, True])
def test_training_never_draws_a_held_out_combination(held_out: bool) -> None:
    rng = np.random.default_rng(0)

    scenes = [random_scene(rng, held_out=held_out) for _ in range(200)]

    assert {scene.held_out for scene in scenes} == {held_out}


def test_one_combination_in_ten_is_held_out() -> None:
    combinations = [
        Scene(thing=thing, colour=colour, place=place, **rest())
        for thing in ATTRIBUTES["thing"]
        for colour in ATTRIBUTES["colour"]
        for place in ATTRIBUTES["place"]
    ]

    share = sum(scene.held_out for scene in combinations) / len(combinations)

    assert 0.07 < share < 0.13


def rest() -> dict[str, str]:
    named = {"thing", "colour", "place"}
    return {name: words[0] for name, words in ATTRIBUTES.items() if name not in named}
