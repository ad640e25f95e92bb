"""The sound of a scene: the voice of its thing over a bed of weather.

Knows how a voice and a weather bed are mixed; knows no pictures, words, models or judging.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.pocketworld.scene import Scene
from training.pocketworld.voices import VOICES, Wave, shaped_noise

RATE = 16000
SECONDS = 2.048
VOICE_PEAK = 0.6
LEVEL_JITTER = 0.12  # share by which chance changes a level, at most


def _rain(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """A steady hiss."""
    return 0.03 * shaped_noise(rng, rate, n, low=1500.0, high=rate * 0.45)


def _wind(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """A soft low wind that swells once a second."""
    t = np.arange(n) / rate
    swell = 0.65 + 0.35 * np.sin(2 * np.pi * 1.0 * t + rng.uniform(0.0, 2 * np.pi))
    return np.asarray(0.035 * swell * shaped_noise(rng, rate, n, low=180.0, high=650.0))


def _thunder(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """Two bursts of rumble over rain."""
    t = np.arange(n) / rate
    swell = np.zeros(n)
    for start in (0.15, 1.15):
        since = t - start - rng.uniform(-0.02, 0.02)
        swell += np.clip(since / 0.05, 0.0, 1.0) * np.exp(-np.maximum(since, 0.0) / 0.45)
    rumble = shaped_noise(rng, rate, n, low=30.0, high=110.0)
    return np.asarray(0.14 * swell * rumble + 1.3 * _rain(rng, rate, n))


def weather_bed(weather: str, rng: np.random.Generator, rate: int, n: int) -> Wave:
    """The weather alone at its usual level, float64 [n]; a clear sky is silent."""
    if weather == "rain":
        return _rain(rng, rate, n)
    if weather == "snowfall":
        return _wind(rng, rate, n)
    if weather == "storm":
        return _thunder(rng, rate, n)
    return np.zeros(n)


def thing_voice(thing: str, rng: np.random.Generator, rate: int, n: int) -> Wave:
    """The thing alone at its usual level, float64 [n]."""
    voice = VOICES[thing](rng, rate, n)
    return np.asarray(VOICE_PEAK / (np.abs(voice).max() + 1e-12) * voice)


def render_sound(
    scene: Scene, rng: np.random.Generator, rate: int = RATE, seconds: float = SECONDS
) -> NDArray[np.float32]:
    """The sound of the scene's thing in its weather, mono float32 [n] in [-1, 1]."""
    n = round(rate * seconds)
    levels = 1.0 + rng.uniform(-LEVEL_JITTER, LEVEL_JITTER, size=2)
    mix = levels[0] * thing_voice(scene.thing, rng, rate, n)
    mix += levels[1] * weather_bed(scene.weather, rng, rate, n)
    return np.asarray(np.clip(mix, -1.0, 1.0), dtype=np.float32)
