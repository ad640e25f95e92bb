"""Where the glyphs of a scene stand to one another."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from plugins.clipart.layout import Spot, glyphs, layout
from plugins.clipart.renderer import read


def placed(caption: str, seed: int = 1) -> list[Spot]:
    """The spots of a caption's things, as if every glyph were 120 x 110 pixels."""
    scene = read(caption)
    return layout(scene, dict.fromkeys(glyphs(scene), (120, 110)), np.random.default_rng(seed))


def one(spots: list[Spot], glyph: str) -> Spot:
    return next(spot for spot in spots if spot.glyph == glyph)


def top(spot: Spot) -> float:
    return spot.y - spot.height


def test_a_hat_overlaps_the_head_and_is_drawn_over_it() -> None:
    spots = placed("a cat wearing a hat")
    face, hat = one(spots, "🐱"), one(spots, "🎩")

    assert top(hat) < top(face) < hat.y < top(face) + 0.5 * face.height
    assert abs(hat.x - face.x) < 0.1 * face.width
    assert hat.depth > face.depth


def test_glasses_are_at_the_eyes_and_a_balloon_is_above() -> None:
    spots = placed("a girl with glasses holding a balloon")
    girl, glasses, balloon = (one(spots, glyph) for glyph in "👧👓🎈")

    assert top(girl) < top(glasses) < glasses.y < girl.y
    assert balloon.y < girl.y - 0.5 * girl.height


@pytest.mark.parametrize("relation", ["next to", "and", "beside"])
def test_side_by_side_is_on_one_line_without_overlapping(relation: str) -> None:
    dog, tree = placed(f"a dog {relation} a tree")

    assert dog.y == tree.y == 0
    assert dog.x + dog.width / 2 < tree.x - tree.width / 2
    assert tree.height > dog.height


def test_on_above_in_and_under_are_where_they_say() -> None:
    log, frog = placed("a frog on a log")
    assert log.glyph == "🪵" and top(log) < frog.y < log.y

    castle, dragon = placed("a dragon above a castle")
    assert castle.glyph == "🏰" and dragon.y < top(castle)

    tree, bird = placed("a bird in a tree")
    assert tree.glyph == "🌳" and top(tree) < top(bird) < bird.y < tree.y
    assert bird.width < tree.width / 2

    umbrella, dog = placed("a dog under an umbrella")
    assert umbrella.glyph == "☂️" and umbrella.y < dog.y


def test_what_is_in_a_basket_looks_out_behind_its_front() -> None:
    back, cat, front = placed("a cat in a basket")

    assert (back.glyph, front.glyph) == ("🧺", "🧺")
    assert front.cut > 0 and front.depth > cat.depth > back.depth
    assert top(cat) < top(back) + front.cut * back.height < cat.y


def test_who_is_chased_goes_before() -> None:
    cat, dog = placed("a dog chasing a cat")

    assert (cat.glyph, dog.glyph) == ("🐈", "🐕")
    assert cat.x < dog.x


def test_many_stand_in_rows_and_the_nearer_row_is_drawn_later() -> None:
    spots = placed("nine sheep")

    assert len(spots) == 9
    rows = sorted({spot.depth for spot in spots})
    assert len(rows) == 3
    lowest = [max(s.y for s in spots if s.depth == row) for row in rows]
    assert all(upper < lower for upper, lower in pairwise(lowest))


def test_another_seed_moves_several_things_a_little() -> None:
    first, second = placed("three apples", 1), placed("three apples", 2)

    moves = [abs(a.x - b.x) for a, b in zip(first, second, strict=True)]
    assert 0 < max(moves) < 0.1
