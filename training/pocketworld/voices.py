"""The voices of the twelve things.

Knows tones, noise and rhythm; knows no weather, pictures, words or judging. Every voice is a
function of a generator, a rate (samples per second) and a length (samples) that gives float64 [n],
of peak level near one, and starts a sound at most 20 ms away from its fixed time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float64]
Voice = Callable[[np.random.Generator, int, int], Wave]

TIMING = 0.02  # seconds that chance moves a sound by, at most
BELL_TONES = (  # Hz, weight, seconds in which it halves
    (523.0, 1.0, 0.6), (1046.0, 0.7, 0.42), (1250.0, 0.8, 0.36), (1570.0, 0.5, 0.3),
    (2093.0, 0.5, 0.22), (2790.0, 0.45, 0.16), (3700.0, 0.35, 0.1),
)  # fmt: skip
DRUM_BEATS = (  # seconds, level
    (0.1, 1.0), (0.5, 0.7), (0.7, 0.7), (0.9, 1.0), (1.3, 0.7), (1.5, 0.7), (1.7, 1.0),
)  # fmt: skip


def shaped_noise(rng: np.random.Generator, rate: int, n: int, *, low: float, high: float) -> Wave:
    """Noise of standard deviation one between two frequencies in Hz, float64 [n]."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    hz = np.fft.rfftfreq(n, 1.0 / rate)
    gain = 1.0 / np.sqrt(1.0 + (hz / high) ** 8)
    gain *= (hz / low) ** 2 / np.sqrt(1.0 + (hz / low) ** 4)
    wave = np.fft.irfft(spectrum * gain, n)
    return np.asarray(wave / (wave.std() + 1e-12), dtype=np.float64)


def _late(rng: np.random.Generator) -> float:
    return float(rng.uniform(-TIMING, TIMING))


def _seconds(rate: int, n: int) -> Wave:
    return np.arange(n, dtype=np.float64) / rate


def _tone(hz: Wave, rate: int, weights: tuple[float, ...]) -> Wave:
    """A tone whose pitch follows ``hz`` [n], with a weight for each harmonic from the first."""
    phase = 2.0 * np.pi * np.cumsum(hz) / rate
    out = np.zeros_like(hz)
    for k, weight in enumerate(weights, start=1):
        audible = hz * k < rate * 0.48
        out += weight * np.sin(k * phase) * audible
    return np.asarray(out / sum(weights), dtype=np.float64)


def _steady(hz: float, rate: int, n: int, weights: tuple[float, ...]) -> Wave:
    return _tone(np.full(n, hz), rate, weights)


def _hold(t: Wave, start: float, end: float, edge: float = 0.03) -> Wave:
    """One between two times, zero outside, with soft edges (seconds)."""
    rise = np.clip((t - start) / edge, 0.0, 1.0)
    fall = np.clip((end - t) / edge, 0.0, 1.0)
    return np.asarray(rise * fall, dtype=np.float64)


def _decay(t: Wave, start: float, halving: float) -> Wave:
    """Zero before ``start``, then one, halved every ``halving`` seconds."""
    since = t - start
    swell = np.clip(since / 0.002, 0.0, 1.0)
    return np.asarray(swell * 0.5 ** (np.maximum(since, 0.0) / halving), dtype=np.float64)


def _boat(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """A ship's horn: one low tone, then a lower one."""
    t, late = _seconds(rate, n), _late(rng)
    weights = (1.0, 0.9, 0.7, 0.5, 0.3)
    high = _steady(165.0, rate, n, weights) * _hold(t, 0.1 + late, 0.9 + late, 0.08)
    low = _steady(110.0, rate, n, weights) * _hold(t, 1.05 + late, 1.95 + late, 0.08)
    return 1.6 * (high + low)


def _car(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """An engine running low, and two honks."""
    t, late = _seconds(rate, n), _late(rng)
    engine = _steady(62.0, rate, n, (1.0, 0.8, 0.7, 0.5, 0.3))
    engine *= 0.75 + 0.25 * np.sin(2 * np.pi * 12.0 * t)
    weights = (1.0, 0.7, 0.8, 0.4, 0.5, 0.2, 0.3)
    honk = _steady(440.0, rate, n, weights) + _steady(554.0, rate, n, weights)
    gate = _hold(t, 0.4 + late, 0.7 + late) + _hold(t, 0.9 + late, 1.5 + late)
    return 0.45 * engine + 0.95 * honk * gate


def _train(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """Steam chuffs four times per second and a long whistle of three tones."""
    t, late = _seconds(rate, n), _late(rng)
    chuffs = np.zeros(n)
    for k in range(9):
        chuffs += _decay(t, 0.02 + late + 0.24 * k, 0.035) * (1.0 if k % 4 == 0 else 0.65)
    steam = shaped_noise(rng, rate, n, low=250.0, high=1800.0) * chuffs
    whistle = sum(_steady(hz, rate, n, (1.0, 0.3, 0.1)) for hz in (740.0, 932.0, 1110.0))
    return 0.4 * steam + 0.32 * whistle * _hold(t, 0.75 + late, 1.65 + late, 0.06)


def _bird(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """Three calls of three chirps, each sweeping up."""
    t, late = _seconds(rate, n), _late(rng)
    out = np.zeros(n)
    for call in range(3):
        for chirp in range(3):
            start = 0.12 + late + 0.66 * call + 0.14 * chirp
            sweep = np.clip((t - start) / 0.09, 0.0, 1.0)
            tone = _tone(2300.0 + 2200.0 * sweep, rate, (1.0,))
            out += tone * _hold(t, start, start + 0.1, 0.015)
    return 0.9 * out


def _dog(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """Two short barks: a rough voice that falls."""
    t = _seconds(rate, n)
    rough = shaped_noise(rng, rate, n, low=500.0, high=1600.0)
    out = np.zeros(n)
    for start in (0.3 + _late(rng), 1.0 + _late(rng)):
        fall = np.clip((t - start) / 0.2, 0.0, 1.0)
        voice = _tone(480.0 - 230.0 * fall, rate, (0.8, 1.0, 0.9, 0.6, 0.4, 0.2))
        out += (1.4 * voice + 0.22 * rough) * _hold(t, start, start + 0.2, 0.025)
    return out


def _cat(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """One long meow: the pitch glides up, stays and falls."""
    t, late = _seconds(rate, n), _late(rng)
    hz = np.interp(t, np.array([0.3, 0.7, 1.1, 1.75]) + late, [430.0, 760.0, 720.0, 400.0])
    voice = _tone(hz, rate, (0.7, 1.0, 0.8, 0.35, 0.2))
    return 1.5 * voice * _hold(t, 0.3 + late, 1.75 + late, 0.15)


def _bell(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """One strike of tones in no simple ratio, dying away, the high ones first."""
    t, late = _seconds(rate, n), _late(rng)
    out = np.zeros(n)
    for hz, weight, halving in BELL_TONES:
        out += weight * _steady(hz, rate, n, (1.0,)) * _decay(t, 0.1 + late, halving)
    return 0.35 * out


def _drum(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """Low thumps in a marching rhythm."""
    t, late = _seconds(rate, n), _late(rng)
    slap = shaped_noise(rng, rate, n, low=100.0, high=700.0)
    out = np.zeros(n)
    for start, level in DRUM_BEATS:
        since = np.maximum(t - start - late, 0.0)
        thump = _tone(75.0 + 70.0 * np.exp(-since / 0.03), rate, (1.0, 0.25))
        out += level * thump * _decay(t, start + late, 0.05)
        out += level * 0.22 * slap * _decay(t, start + late, 0.012)
    return out


def _ball(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """Bounces that come ever faster and softer."""
    t = _seconds(rate, n)
    start, gap, level = 0.1 + _late(rng), 0.48, 1.0
    out = np.zeros(n)
    for _ in range(10):
        since = np.maximum(t - start, 0.0)
        bounce = _tone(330.0 + 260.0 * np.exp(-since / 0.02), rate, (1.0, 0.5, 0.2))
        out += level * bounce * _decay(t, start, 0.022)
        start, gap, level = start + gap, gap * 0.74, level * 0.86
    return out


def _frog(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """Three croaks, each a tone chopped thirty times per second."""
    t = _seconds(rate, n)
    chopped = np.maximum(np.sin(2 * np.pi * 30.0 * t), 0.0) ** 0.7
    tone = _steady(620.0, rate, n, (1.0,)) + 0.9 * _steady(1480.0, rate, n, (1.0,))
    out = np.zeros(n)
    for start in (0.15, 0.8, 1.45):
        begin = start + _late(rng)
        out += tone * chopped * _hold(t, begin, begin + 0.4, 0.05)
    return 0.55 * out


def _clock(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """Ticks and tocks, four a second."""
    t, late = _seconds(rate, n), _late(rng)
    out = np.zeros(n)
    for k in range(8):
        hz = 3400.0 if k % 2 == 0 else 2300.0
        ring = _steady(hz, rate, n, (1.0,)) + 0.6 * _steady(hz * 1.62, rate, n, (1.0,))
        out += ring * _decay(t, 0.06 + late + 0.25 * k, 0.008)
    return 0.7 * out


def _bee(rng: np.random.Generator, rate: int, n: int) -> Wave:
    """A buzz at 220 Hz that wavers and swells."""
    t = _seconds(rate, n)
    waver = 2 * np.pi * rng.uniform()
    hz = 220.0 * (1.0 + 0.05 * np.sin(2 * np.pi * 5.5 * t + waver))
    buzz = _tone(hz, rate, (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2))
    swell = 0.7 + 0.3 * np.sin(2 * np.pi * 0.9 * t + waver)
    return 1.8 * buzz * swell * _hold(t, 0.0, n / rate, 0.1)


VOICES: dict[str, Voice] = {
    "boat": _boat,
    "car": _car,
    "train": _train,
    "bird": _bird,
    "dog": _dog,
    "cat": _cat,
    "bell": _bell,
    "drum": _drum,
    "ball": _ball,
    "frog": _frog,
    "clock": _clock,
    "bee": _bee,
}
