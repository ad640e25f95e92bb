"""The judge agrees with the scenes that media were made from, also when they are blurred."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from training.pocketworld import oracle
from training.pocketworld.clip import render_clip
from training.pocketworld.picture import render_picture
from training.pocketworld.scene import SHOWN, Scene, random_scene
from training.pocketworld.sound import RATE, render_sound

Words = dict[str, str]
GOAL = 0.98


def _spoilt(picture: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A picture blurred and noisy, as a small model may leave it."""
    blurred = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(0.8)))
    noisy = blurred + rng.normal(0.0, 8.0, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def _hiss(sound: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A sound at a lower level with a little noise."""
    return (0.85 * sound + rng.normal(0.0, 0.001, sound.shape)).astype(np.float32)


def _judged_picture(scene: Scene, rng: np.random.Generator) -> Words:
    return oracle.judge_picture(render_picture(scene, rng))


def _judged_spoilt_picture(scene: Scene, rng: np.random.Generator) -> Words:
    return oracle.judge_picture(_spoilt(render_picture(scene, rng), rng))


def _judged_clip(scene: Scene, rng: np.random.Generator) -> Words:
    return oracle.judge_clip(render_clip(scene, rng))


def _judged_sound(scene: Scene, rng: np.random.Generator) -> Words:
    return oracle.judge_sound(render_sound(scene, rng), RATE)


def _judged_hissing_sound(scene: Scene, rng: np.random.Generator) -> Words:
    return oracle.judge_sound(_hiss(render_sound(scene, rng), rng), RATE)


@pytest.mark.parametrize(
    ("medium", "judged", "count"),
    [
        ("image", _judged_picture, 60),
        ("image", _judged_spoilt_picture, 50),
        ("video", _judged_clip, 12),
        ("audio", _judged_sound, 48),
        ("audio", _judged_hissing_sound, 24),
    ],
)
def test_the_judge_finds_every_attribute(
    medium: str, judged: Callable[[Scene, np.random.Generator], Words], count: int
) -> None:
    rng = np.random.default_rng(2024)
    right: Counter[str] = Counter()
    for index in range(count):
        scene = random_scene(rng, held_out=index % 4 == 0)
        words = judged(scene, np.random.default_rng(70_000 + index))
        assert set(words) == set(SHOWN[medium])
        right.update(name for name, word in words.items() if word == getattr(scene, name))
    assert {name: right[name] / count for name in SHOWN[medium] if right[name] < GOAL * count} == {}


def test_other_sizes_and_rates_are_judged_alike() -> None:
    scene = Scene("frog", "green", "sand", "sunset", "rain", "big", "left", "up")
    picture = render_picture(scene, np.random.default_rng(3), size=128)
    assert oracle.judge_picture(picture) == {name: getattr(scene, name) for name in SHOWN["image"]}
    clip = render_clip(scene, np.random.default_rng(3), frames=12, size=96)
    assert oracle.judge_clip(clip) == {name: getattr(scene, name) for name in SHOWN["video"]}
    sound = render_sound(scene, np.random.default_rng(3), rate=24000)
    assert oracle.judge_sound(sound, 24000) == {"thing": "frog", "weather": "rain"}


def test_a_changed_attribute_changes_only_its_word() -> None:
    scene = Scene("bell", "white", "snow", "night", "snowfall", "small", "middle")
    for changes in ({"colour": "black"}, {"place": "sea"}, {"time": "day"}, {"size": "big"}):
        changed = scene.with_(**changes)
        words = oracle.judge_picture(render_picture(changed, np.random.default_rng(4)))
        assert words == {name: getattr(changed, name) for name in SHOWN["image"]}


def test_anything_gets_an_answer() -> None:
    flat = np.full((64, 64, 3), 127, dtype=np.uint8)
    assert set(oracle.judge_picture(flat)) == set(SHOWN["image"])
    assert oracle.judge_clip(np.stack([flat]))["motion"] == "still"
    assert oracle.judge_sound(np.zeros(1000, dtype=np.float32), RATE)["weather"] == "clear"


def test_what_is_no_medium_is_refused() -> None:
    with pytest.raises(ValueError, match="picture"):
        oracle.judge_picture(np.zeros((64, 64), dtype=np.uint8))
    with pytest.raises(ValueError, match="uint8"):
        oracle.judge_picture(np.zeros((64, 64, 3)))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="clip"):
        oracle.judge_clip(np.zeros((0, 64, 64, 3), dtype=np.uint8))
    with pytest.raises(ValueError, match="sound"):
        oracle.judge_sound(np.zeros(0, dtype=np.float32), RATE)
