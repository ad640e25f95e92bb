"""The media of compositions: shapes, that a seed settles them, that they show their words."""

from __future__ import annotations

import numpy as np
import pytest

from training.pocketworld.compositions.composition import (
    TOPICS,
    Composition,
    Count,
    Loudness,
    Order,
    Speed,
    random_composition,
)
from training.pocketworld.compositions.pictures import render_count
from training.pocketworld.compositions.render import render
from training.pocketworld.compositions.sounds import render_loudness, render_order
from training.pocketworld.scene import Scene

BALL = Scene("ball", "red", "grass", weather="rain", size="small", motion="right")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_seed_settles_what_is_rendered(topic: str) -> None:
    composition = random_composition(topic, np.random.default_rng(1))
    one, same, other = (render(composition, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    shapes = {"image": (64, 64, 3), "audio": (32768,), "video": (8, 64, 64, 3)}
    assert one.shape == shapes[composition.modality]
    assert one.dtype == (np.float32 if composition.modality == "audio" else np.uint8)


def test_more_things_cover_more_and_none_hangs_over_the_edge() -> None:
    plain = BALL.with_(weather="clear")
    covered = []
    for word in Count.words:
        picture = render_count(Count(plain, word), np.random.default_rng(2)).astype(int)
        red = (picture[..., 0] > 180) & (picture[..., 1] < 90)
        assert not (red[0].any() or red[-1].any() or red[:, 0].any() or red[:, -1].any())
        covered.append(int(red.sum()))
    assert covered[1] == pytest.approx(2 * covered[0], rel=0.1)
    assert covered[2] == pytest.approx(3 * covered[0], rel=0.1)


def test_a_fast_thing_makes_three_times_the_way_of_a_slow_one() -> None:
    def way(word: str) -> float:
        clip = render(Speed(BALL, word), np.random.default_rng(3)).astype(int)
        red = (clip[..., 0] > 180) & (clip[..., 1] < 90)
        at = [float(np.nonzero(frame)[1].mean()) for frame in red]
        return at[-1] - at[0]

    assert way("fast") == pytest.approx(34.0, abs=1.5)
    assert way("slow") == pytest.approx(11.0, abs=1.5)


def test_only_the_voice_is_louder() -> None:
    quiet, loud = (
        render_loudness(Loudness(BALL.with_(weather="clear"), word), np.random.default_rng(4))
        for word in Loudness.words
    )
    assert np.abs(loud).max() > 4 * np.abs(quiet).max()
    assert np.abs(loud).max() <= 1.0
    # Between the last bounces and the end only the rain is heard.
    ends = [
        render_loudness(Loudness(BALL, word), np.random.default_rng(4))[-2000:].std()
        for word in Loudness.words
    ]
    assert ends[0] == pytest.approx(ends[1], rel=0.05)


def test_the_weather_is_heard_in_its_half_alone() -> None:
    first, then = (
        render_order(Order(BALL.with_(weather="snowfall"), word), np.random.default_rng(5))
        for word in Order.words
    )
    half = len(first) // 2
    assert np.abs(first[:half]).max() > 2 * np.abs(first[half:]).max()
    assert np.abs(then[half:]).max() > 2 * np.abs(then[:half]).max()


def test_what_nobody_renders_is_refused() -> None:
    class Smell(Composition):
        topic = "smell"
        words = ("sweet",)

    with pytest.raises(ValueError, match="nothing renders 'smell'"):
        render(Smell(BALL, "sweet"), np.random.default_rng(0))
