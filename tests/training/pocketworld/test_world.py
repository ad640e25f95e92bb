"""The media of the world: their shapes, that a seed settles them, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from training.pocketworld.clip import render_clip
from training.pocketworld.picture import render_picture
from training.pocketworld.scene import COLOURS, PLACES, THINGS, TIMES, WEATHERS, Scene
from training.pocketworld.silhouettes import PARTS
from training.pocketworld.sound import render_sound
from training.pocketworld.voices import VOICES

BOAT = Scene("boat", "red", "sea", weather="storm", motion="left")
Renderer = Callable[[Scene, np.random.Generator], NDArray[np.generic]]


@pytest.mark.parametrize("render", [render_picture, render_clip, render_sound])
def test_a_seed_settles_what_is_rendered(render: Renderer) -> None:
    one, same, other = (render(BOAT, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("size", [32, 64, 96])
def test_a_picture_is_square_bytes(size: int) -> None:
    picture = render_picture(BOAT, np.random.default_rng(0), size)
    assert picture.shape == (size, size, 3)
    assert picture.dtype == np.uint8


def test_a_clip_is_frames_of_bytes() -> None:
    clip = render_clip(BOAT, np.random.default_rng(0), frames=5, size=32)
    assert clip.shape == (5, 32, 32, 3)
    assert clip.dtype == np.uint8


def test_a_clip_without_frames_is_refused() -> None:
    with pytest.raises(ValueError, match="frame"):
        render_clip(BOAT, np.random.default_rng(0), frames=0)


def test_only_things_and_weather_move_in_a_clip() -> None:
    still = Scene("cat", "blue", "grass", motion="still")
    clip = render_clip(still, np.random.default_rng(0))
    assert np.array_equal(clip[0], clip[-1])
    moving = render_clip(still.with_(motion="right"), np.random.default_rng(0))
    assert not np.array_equal(moving[0], moving[-1])
    falling = render_clip(still.with_(weather="rain"), np.random.default_rng(0))
    assert not np.array_equal(falling[0], falling[-1])


def test_a_thing_stays_whole_in_a_clip() -> None:
    plain = Scene("ball", "red", "grass", size="big")
    for motion in ("left", "right", "up", "down"):
        for seed in range(4):
            clip = render_clip(plain.with_(motion=motion), np.random.default_rng(seed))
            edge = np.concatenate([clip[:, 0], clip[:, -1], clip[:, :, 0], clip[:, :, -1]], axis=1)
            red = (edge[..., 0] > 180) & (edge[..., 1] < 90)
            assert not red.any()


@pytest.mark.parametrize(("rate", "seconds"), [(16000, 2.048), (16000, 1.0), (22050, 2.048)])
def test_a_sound_is_mono_within_bounds(rate: int, seconds: float) -> None:
    for index, thing in enumerate(THINGS):
        scene = Scene(thing, "red", "sea", weather=WEATHERS[index % len(WEATHERS)])
        sound = render_sound(scene, np.random.default_rng(1), rate, seconds)
        assert sound.shape == (round(rate * seconds),)
        assert sound.dtype == np.float32
        assert np.isfinite(sound).all()
        assert 0.3 < float(np.abs(sound).max()) <= 1.0


def test_every_thing_has_a_drawing_and_a_voice() -> None:
    assert set(PARTS) == set(THINGS) == set(VOICES)


def test_every_combination_can_be_drawn() -> None:
    rng = np.random.default_rng(2)
    for place in PLACES:
        for time in TIMES:
            for colour in COLOURS:
                thing = THINGS[int(rng.integers(len(THINGS)))]
                assert render_picture(Scene(thing, colour, place, time), rng).any()


@pytest.mark.parametrize(
    "words",
    [
        {"thing": "whale"},
        {"colour": "pink"},
        {"place": "moon"},
        {"time": "noon"},
        {"weather": "fog"},
        {"size": "tiny"},
        {"position": "top"},
        {"motion": "round"},
    ],
)
def test_unknown_words_are_refused(words: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(words.values()))):
        BOAT.with_(**words)
