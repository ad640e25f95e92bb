"""The loudness of a voice, and the order of a voice and a weather.

Knows the voices and the beds of the world and samples; knows no captions, no random state and no
model, and holds nothing learned. A sound is compared with every voice at many levels over every
bed, and with every voice and bed one after the other.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from training.pocketworld.compositions.composition import Order
from training.pocketworld.compositions.sounds import GAINS, half_bed, half_voice, in_order
from training.pocketworld.judge_sound import (
    RATE,
    SAMPLES,
    SHIFTS,
    TAKES,
    Real,
    beds,
    distance,
    log_power,
    power_in,
    voices,
)
from training.pocketworld.scene import THINGS, WEATHERS

LEVELS = tuple(float(level) for level in np.geomspace(0.15, 2.4, 9))  # of a voice, tried
BETWEEN = float(np.sqrt(GAINS["quiet"] * GAINS["loud"]))  # above it a voice is loud
HEARD = tuple(weather for weather in WEATHERS if weather != "clear")


@lru_cache(maxsize=1)
def _levelled() -> Real:
    """Voices at every level over beds, float32 [levels, things, weathers, BANDS, hops]."""
    power = np.array(LEVELS, dtype=np.float32)[:, None, None, None, None] ** 2
    return log_power(power * voices()[None, :, None] + beds()[None, None])


@lru_cache(maxsize=1)
def _ordered() -> Real:
    """Voices and beds in either order, float32 [orders, things, weathers, BANDS, hops]."""
    silence = np.zeros(SAMPLES // 2)
    chances = [np.random.default_rng(take) for take in range(TAKES)]
    orders = []
    for word in Order.words:
        voice = [
            [power_in(in_order(word, half_voice(t, c, RATE, SAMPLES), silence, SAMPLES))
             for c in chances]
            for t in THINGS
        ]  # fmt: skip
        bed = [
            [power_in(in_order(word, silence, half_bed(w, c, RATE, SAMPLES), SAMPLES))
             for c in chances]
            for w in HEARD
        ]  # fmt: skip
        orders.append(np.mean(voice, axis=1)[:, None] + np.mean(bed, axis=1)[None])
    return log_power(np.stack(orders).astype(np.float32))


def _nearest(heard: Real, prototypes: Real) -> tuple[float, tuple[int, ...]]:
    """The least distance of a sound, moved a little in time, to prototypes, and which it is."""
    error = np.stack([distance(np.roll(heard, shift, axis=1), prototypes) for shift in SHIFTS])
    _, *which = np.unravel_index(int(error.argmin()), error.shape)
    return float(error.min()), tuple(int(index) for index in which)


def read_loudness(samples: NDArray[np.floating]) -> dict[str, str]:
    """The loudness word of the voice in a sound, [SAMPLES] in [-1, 1] at RATE samples per
    second."""
    _, (level, thing, weather) = _nearest(log_power(power_in(samples)), _levelled())
    word = "loud" if LEVELS[level] > BETWEEN else "quiet"
    return {"loudness": word, "thing": THINGS[thing], "weather": WEATHERS[weather]}


def read_order(samples: NDArray[np.floating]) -> dict[str, str]:
    """The one that comes first in a sound, [SAMPLES] at RATE; `together` if neither does."""
    heard = log_power(power_in(samples))
    apart, (order, thing, weather) = _nearest(heard, _ordered())
    together, (_, same_thing, same_weather) = _nearest(heard, _levelled())
    if together < apart:
        return {
            "order": "together", "thing": THINGS[same_thing], "weather": WEATHERS[same_weather],
        }  # fmt: skip
    return {"order": Order.words[order], "thing": THINGS[thing], "weather": HEARD[weather]}
