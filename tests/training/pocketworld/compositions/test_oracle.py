"""The judge agrees with the compositions that media were made from, also when they are blurred."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

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
from training.pocketworld.compositions.oracle import judges_of
from training.pocketworld.compositions.render import render
from training.pocketworld.picture import render_picture
from training.pocketworld.scene import Scene, random_scene
from training.pocketworld.sound import RATE, render_sound

GOAL = 0.95
BOAT = Scene("boat", "red", "sea", weather="rain", size="small", motion="left")
BELL = BOAT.with_(thing="bell", colour="yellow")
Medium = NDArray[Any]


def read(wanted: Composition, medium: Medium) -> dict[str, str]:
    """What the judge of a composition says of its medium."""
    judges = judges_of(wanted)
    if wanted.modality == "image":
        return judges.image(medium)
    return judges.audio(medium, RATE) if wanted.modality == "audio" else judges.video(medium)


def spoilt(medium: Medium, rng: np.random.Generator) -> Medium:
    """Blurred and noisy, as a small model may leave it."""
    if medium.ndim == 1:
        return (0.85 * medium + rng.normal(0.0, 0.001, medium.shape)).astype(np.float32)
    if medium.ndim == 4:
        return np.stack([spoilt(frame, rng) for frame in medium])
    blurred = np.asarray(Image.fromarray(medium).filter(ImageFilter.GaussianBlur(0.8)))
    return np.clip(blurred + rng.normal(0.0, 8.0, medium.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("topic", TOPICS)
def test_the_judge_finds_everything_that_is_shown(topic: str) -> None:
    right: Counter[str] = Counter()
    count = 20
    for index in range(count):
        rng = np.random.default_rng([2024, index])
        wanted = random_composition(topic, rng, held_out=index % 4 == 0)
        medium = render(wanted, rng)
        words = read(wanted, spoilt(medium, rng) if index % 2 else medium)
        right.update(name for name, word in wanted.shown.items() if words.get(name) == word)
    assert {name: right[name] for name in wanted.shown if right[name] < GOAL * count} == {}


def test_a_relation_is_seen_from_the_thing_that_was_asked_first() -> None:
    wanted = Relation(BOAT, "left", BELL)
    picture = render(wanted, np.random.default_rng(1))
    assert read(wanted, picture)["relation"] == "left"
    other = read(Relation(BELL, "left", BOAT), picture)
    assert (other["relation"], other["thing"], other["other thing"]) == ("right", "bell", "boat")


def test_things_that_cannot_be_told_apart_have_no_relation() -> None:
    two = render(Count(BOAT, "two"), np.random.default_rng(1))
    assert "relation" not in read(Relation(BOAT, "left", BELL), two)
    one = read(Relation(BOAT, "left", BELL), render(Count(BOAT, "one"), np.random.default_rng(1)))
    assert "relation" not in one
    assert (one["thing"], one.get("other thing")) == ("boat", None)


def test_the_first_ring_shows_one_thing_and_no_order() -> None:
    for seed in range(8):
        rng = np.random.default_rng([7, seed])
        scene = random_scene(rng)
        assert read(Count(BOAT, "one"), render_picture(scene, rng))["count"] == "one"
        sound = render_sound(scene, rng)
        assert read(Order(BOAT, "voice first"), sound)["order"] == "together"


def test_anything_gets_an_answer() -> None:
    flat = np.full((64, 64, 3), 127, dtype=np.uint8)
    assert read(Count(BOAT, "one"), flat)["count"] in ("none", "one", "two", "three", "more")
    assert "relation" not in read(Relation(BOAT, "left", BELL), np.zeros_like(flat))
    picture = render_picture(BOAT, np.random.default_rng(0))
    still = read(Speed(BOAT, "fast"), np.stack([picture] * 3))
    assert (still["motion"], still.get("speed")) == ("still", None)
    assert "speed" not in read(Speed(BOAT, "slow"), flat[None])
    assert read(Loudness(BOAT, "loud"), np.zeros(1000, dtype=np.float32))["loudness"] == "quiet"


def test_other_media_are_judged_as_always() -> None:
    picture = render_picture(BOAT, np.random.default_rng(0))
    assert judges_of(Speed(BOAT, "fast")).image(picture)["position"] == "middle"


def test_what_nobody_judges_is_refused() -> None:
    class Smell(Composition):
        topic = "smell"
        words = ("sweet",)

    with pytest.raises(ValueError, match="nobody judges 'smell'"):
        judges_of(Smell(BOAT, "sweet"))
