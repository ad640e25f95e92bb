"""Loud and quiet sounds, and sounds in which a voice and a weather follow each other.

Knows levels and halves of a sound; knows no pictures, no captions and no judging.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.pocketworld.compositions.composition import Loudness, Order
from training.pocketworld.sound import LEVEL_JITTER, RATE, SECONDS, thing_voice, weather_bed
from training.pocketworld.voices import Wave

GAINS = {"quiet": 0.3, "loud": 1.4}  # of the voice, whose usual level is one
EDGE = 0.03  # seconds in which a half of an ordered sound begins and ends


def render_loudness(
    wanted: Loudness, rng: np.random.Generator, rate: int = RATE, seconds: float = SECONDS
) -> NDArray[np.float32]:
    """The voice at its level over the weather at its usual one, float32 [n] in [-1, 1]."""
    n = round(rate * seconds)
    levels = _levels(rng)
    mix = GAINS[wanted.word] * levels[0] * thing_voice(wanted.scene.thing, rng, rate, n)
    mix += levels[1] * weather_bed(wanted.scene.weather, rng, rate, n)
    return _sound(mix)


def render_order(
    wanted: Order, rng: np.random.Generator, rate: int = RATE, seconds: float = SECONDS
) -> NDArray[np.float32]:
    """The beginning of the voice in one half, the weather in the other, float32 [n] in [-1, 1]."""
    n = round(rate * seconds)
    levels = _levels(rng)
    voice = levels[0] * half_voice(wanted.scene.thing, rng, rate, n)
    bed = levels[1] * half_bed(wanted.scene.weather, rng, rate, n)
    return _sound(in_order(wanted.word, voice, bed, n))


def half_voice(thing: str, rng: np.random.Generator, rate: int, n: int) -> Wave:
    """The first half of a voice, float64 [n // 2], at its usual level."""
    return _edged(thing_voice(thing, rng, rate, n // 2), rate)


def half_bed(weather: str, rng: np.random.Generator, rate: int, n: int) -> Wave:
    """The weather, float64 [n // 2], at its usual level."""
    return _edged(weather_bed(weather, rng, rate, n // 2), rate)


def in_order(word: str, voice: Wave, bed: Wave, n: int) -> Wave:
    """Both halves one after the other, float64 [n]."""
    halves = (voice, bed) if word == "voice first" else (bed, voice)
    whole = np.concatenate(halves)
    return np.pad(whole, (0, n - len(whole)))


def _levels(rng: np.random.Generator) -> Wave:
    """The levels of voice and weather, with random variation."""
    return 1.0 + rng.uniform(-LEVEL_JITTER, LEVEL_JITTER, size=2)


def _edged(wave: Wave, rate: int) -> Wave:
    """The sound with a soft beginning and end."""
    since = np.arange(len(wave)) / rate
    edge = np.minimum(since, since[::-1]) / EDGE
    return np.asarray(wave * np.clip(edge, 0.0, 1.0))


def _sound(mix: Wave) -> NDArray[np.float32]:
    return np.asarray(np.clip(mix, -1.0, 1.0), dtype=np.float32)
