"""Backgrounds: every place, time and weather can be drawn."""

from __future__ import annotations

import numpy as np
import pytest

from plugins.clipart.ground import Ground, draw


def pixels(ground: Ground, seed: int = 0) -> np.ndarray:
    return np.asarray(draw(ground, 96, 64, np.random.default_rng(seed)))


def test_a_plain_ground_has_its_colour_only() -> None:
    assert Ground().plain and Ground(colour="blue").plain
    assert not Ground(weather="rain").plain

    red, _, blue = pixels(Ground(colour="blue")).reshape(-1, 3).mean(axis=0)
    assert blue > red


@pytest.mark.parametrize("place", ["sea", "grass", "snow", "city", "room", "underwater", "moon"])
def test_a_place_is_drawn_in_the_size_asked_for(place: str) -> None:
    made = pixels(Ground(place=place))

    assert made.shape == (64, 96, 3)
    assert made.std() > 3


def test_night_is_darker_than_day_and_a_seed_settles_the_stars() -> None:
    day, night = (pixels(Ground(place="grass", time=time)) for time in ("", "night"))

    assert night.mean() < 0.7 * day.mean()
    np.testing.assert_array_equal(night, pixels(Ground(place="grass", time="night")))
