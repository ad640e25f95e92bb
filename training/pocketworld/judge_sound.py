"""The attributes of a sound, measured by comparing its spectrogram with those of the world.

Knows the voices and the weather beds of the world and samples; knows no captions, no random state
of a scene and no model that makes sounds, and holds nothing learned. Powers add, so a sound is
compared with the power of every voice plus that of every bed.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from training.pocketworld.scene import THINGS, WEATHERS
from training.pocketworld.sound import thing_voice, weather_bed

Real = NDArray[np.float32]

RATE = 16000
SAMPLES = 32768
WINDOW = 1024
HOP = 256
BANDS = 64
FLOOR = 5e-4  # power a band holds at least: what lies below is silence
TAKES = 4  # how many renderings a prototype is the mean of
SHIFTS = (-2, -1, 0, 1, 2)  # hops
VOICE_GAINS = (0.6, 1.0, 1.5)  # of power
BED_GAINS = (0.6, 1.0, 1.5)  # of power
LEAKS = (0.0, 0.04)  # share of a voice's power found beside its bands in a sound made from bands
SMEAR = 3  # bands to either side over which it is found
CAP = 4.0  # an error of one band in one hop counts no more than this (log power)


@lru_cache(maxsize=1)
def _bands() -> Real:
    """Weights that gather a spectrum into mel bands, float32 [BANDS, WINDOW // 2 + 1]."""
    top = 2595.0 * np.log10(1.0 + RATE / 2 / 700.0)
    edges = 700.0 * (10.0 ** (np.linspace(0.0, top, BANDS + 2) / 2595.0) - 1.0)
    hz = np.fft.rfftfreq(WINDOW, 1.0 / RATE)[None, :]
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rise, fall = (hz - low) / (middle - low), (high - hz) / (high - middle)
    return np.asarray(np.maximum(0.0, np.minimum(rise, fall)), dtype=np.float32)


def power_in(samples: NDArray[np.floating]) -> Real:
    """The power of a sound in every band and hop, float32 [BANDS, hops]; any level is kept."""
    padded = np.pad(np.asarray(samples, dtype=np.float32), WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    spectrum = np.fft.rfft(frames * window, axis=1)
    power = (np.abs(spectrum) ** 2).astype(np.float32) / (WINDOW / 4)
    return np.asarray(_bands() @ power.T, dtype=np.float32)


def log_power(power: Real) -> Real:
    """The log power of every band for comparison; silence is `FLOOR`."""
    return np.asarray(np.log(power + FLOOR), dtype=np.float32)


@lru_cache(maxsize=1)
def voices() -> Real:
    """The mean power of takes of every voice alone, float32 [things, BANDS, hops]."""
    takes = [
        [
            power_in(thing_voice(thing, np.random.default_rng(k), RATE, SAMPLES))
            for k in range(TAKES)
        ]
        for thing in THINGS
    ]
    return np.asarray(np.mean(takes, axis=1), dtype=np.float32)


@lru_cache(maxsize=1)
def beds() -> Real:
    """The mean power of takes of every weather alone, float32 [weathers, BANDS, hops]."""
    takes = [
        [power_in(weather_bed(word, np.random.default_rng(k), RATE, SAMPLES)) for k in range(TAKES)]
        for word in WEATHERS
    ]
    return np.asarray(np.mean(takes, axis=1), dtype=np.float32)


@lru_cache(maxsize=1)
def _prototypes() -> Real:
    """The log power of every voice over every bed, float32 [things, weathers, BANDS, hops]."""
    return log_power(voices()[:, None] + beds()[None])


def distance(heard: Real, prototypes: Real) -> Real:
    """The distance of a sound [BANDS, hops] from prototypes [..., BANDS, hops], float32 [...]."""
    error = np.abs(prototypes - heard)
    return np.asarray(np.minimum(error, CAP).mean(axis=(-2, -1)), dtype=np.float32)


def _weather(heard: Real, thing: int) -> int:
    """The index of the weather under a known voice, whatever the levels of the two."""
    behind = np.array(BED_GAINS, dtype=np.float32)[:, None, None, None] * beds()
    voice = voices()[thing]
    smeared = np.mean([np.roll(voice, band, axis=0) for band in range(-SMEAR, SMEAR + 1)], axis=0)
    errors = [
        distance(heard, log_power(gain * (voice + leak * smeared) + behind)).min(axis=0)
        for gain in VOICE_GAINS
        for leak in LEAKS
    ]
    return int(np.min(errors, axis=0).argmin())


def read_sound(samples: NDArray[np.floating]) -> dict[str, str]:
    """The attributes of a sound, [SAMPLES] in [-1, 1] at RATE samples per second."""
    heard = log_power(power_in(samples))
    shifted = [np.roll(heard, shift, axis=1) for shift in SHIFTS]
    error = np.stack([distance(one, _prototypes()) for one in shifted])
    shift, thing, _ = np.unravel_index(int(error.argmin()), error.shape)
    weather = _weather(shifted[int(shift)], int(thing))
    return {"thing": THINGS[int(thing)], "weather": WEATHERS[weather]}
