"""Random sounds of nothing that Pocketworld contains.

They stand for all that a person may play: speech, music, noises, signals. Nothing is copied from
anywhere. Speech is a buzz through moving formants with pauses, music notes that fade, noises have
spectra by a power law. Knows arrays; knows no models.

Legend: n samples at 16 kHz.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve, lfilter

from training.pocketworld.scene import THINGS, WEATHERS, pick, random_scene
from training.pocketworld.sound import RATE, render_sound, thing_voice, weather_bed

Rng = np.random.Generator
Wave = NDArray[np.float64]
LONGEST_S, SHORTEST_S = 4.0, 0.25
"""Seconds."""


def outlier_sound(rng: Rng) -> NDArray[np.float32]:
    """float32 [n] of a length drawn with it."""
    seconds = 2.048 if rng.random() < 0.4 else rng.uniform(SHORTEST_S, LONGEST_S)
    kinds = (_speech, _speech, _music, _music, _signal, _noise, _knocks, _broken, _crowd)
    made = kinds[int(rng.integers(len(kinds)))](rng, round(seconds * RATE))
    if rng.random() < 0.3:
        made = made + rng.uniform(0.002, 0.1) * np.abs(made).max() * _power_noise(rng, len(made))
    if rng.random() < 0.3:
        made = _echoed(made, rng)
    peak = np.abs(made).max() + 1e-9
    return np.asarray(made / peak * rng.uniform(0.1, 0.9), dtype=np.float32)


def _power_noise(rng: Rng, n: int, slope: float | None = None) -> Wave:
    """Noise of deviation 1, whose spectrum falls by a power of the frequency."""
    frequency = np.maximum(np.fft.rfftfreq(n), 1.0 / n)
    slope = rng.uniform(0.0, 1.4) if slope is None else slope
    wave = np.fft.irfft(np.fft.rfft(rng.normal(size=n)) / frequency**slope, n=n)
    return np.asarray(wave / (wave.std() + 1e-9))


def _contour(rng: Rng, n: int, per_second: float) -> Wave:
    """A smooth curve of deviation 1 through random points."""
    count = max(3, round(per_second * n / RATE) + 2)
    return np.interp(np.linspace(0, count - 1, n), np.arange(count), rng.normal(size=count))


def _resonance(source: Wave, hertz: float, width: float) -> Wave:
    radius = np.exp(-np.pi * width / RATE)
    angle = 2 * np.pi * hertz / RATE
    return np.asarray(lfilter([1 - radius], [1, -2 * radius * np.cos(angle), radius**2], source))


def _speech(rng: Rng, n: int) -> Wave:
    """Syllables: a buzz or a hiss through formants that change with each."""
    pitch = rng.uniform(80, 280) * np.exp(0.12 * _contour(rng, n, 4.0))
    phase = np.cumsum(pitch / RATE)
    buzz = np.diff(np.floor(phase), prepend=0.0) + 0.02 * rng.normal(size=n)
    hiss = 0.3 * rng.normal(size=n)
    voice = np.zeros(n)
    at = int(rng.uniform(0, 0.1) * RATE)
    while at < n:
        length = int(rng.uniform(0.06, 0.3) * RATE)
        end = min(n, at + length)
        source = (hiss if rng.random() < 0.25 else buzz)[at:end]
        syllable = np.zeros(end - at)
        for low, high in ((250, 900), (800, 2400), (2200, 3500)):
            syllable += _resonance(source, rng.uniform(low, high), rng.uniform(60, 200))
        voice[at:end] = syllable * np.hanning(end - at + 2)[1:-1] ** 0.5 * rng.uniform(0.3, 1.0)
        at = end + int(rng.choice([0.0, 0.02, 0.05, 0.25]) * RATE * rng.uniform(0.5, 1.5))
    return voice


def _note(rng: Rng, n: int, hertz: float, partials: NDArray[np.float64], fade: float) -> Wave:
    t = np.arange(n) / RATE
    tone = np.zeros(n)
    for number, weight in enumerate(partials, start=1):
        if hertz * number < RATE / 2:
            tone += weight * np.sin(2 * np.pi * hertz * number * t + rng.uniform(0, 2 * np.pi))
    return np.asarray(tone * np.exp(-t / fade) * np.minimum(1.0, t / rng.uniform(0.002, 0.04)))


def _music(rng: Rng, n: int) -> Wave:
    """Notes of one instrument, one after the other or together, perhaps with a beat."""
    count = int(rng.integers(1, 9))
    partials = rng.exponential(size=count) * 0.7 ** np.arange(count)
    root, fade = rng.uniform(60, 700), rng.uniform(0.05, 1.5)
    steps, made = np.array([0, 2, 3, 4, 5, 7, 9, 10, 12]), np.zeros(n)
    gap = int(rng.uniform(0.08, 0.6) * RATE)
    for at in range(int(rng.uniform(0, 0.1) * RATE), n, gap):
        for _ in range(int(rng.choice([1, 1, 2, 3]))):
            hertz = root * 2 ** (float(rng.choice(steps)) / 12)
            made[at:] += rng.uniform(0.4, 1.0) * _note(rng, n - at, hertz, partials, fade)
    return made


def _signal(rng: Rng, n: int) -> Wave:
    """Tones, sweeps, bells and alarms."""
    t = np.arange(n) / RATE
    low, high = np.exp(rng.uniform(np.log(80), np.log(6000), size=2))
    sweep = low * (high / low) ** (t / t[-1]) if rng.random() < 0.5 else np.full(n, low)
    wobble = rng.uniform(0, 0.2) * np.sin(2 * np.pi * rng.uniform(0.5, 40) * t)
    tone = np.sin(2 * np.pi * np.cumsum(sweep * (1 + wobble)) / RATE)
    if rng.random() < 0.4:
        tone = np.sign(tone) * 0.5
    gate = np.sin(2 * np.pi * rng.uniform(0.5, 9) * t + rng.uniform(0, 6)) > rng.uniform(-1.5, 0.6)
    return np.asarray(tone * gate * np.exp(-t * rng.choice([0.0, 0.0, 1.0, 4.0])))


def _noise(rng: Rng, n: int) -> Wave:
    """Wind, surf, engines, applause: noise whose level comes and goes."""
    return _power_noise(rng, n) * np.exp(rng.uniform(0, 1.5) * _contour(rng, n, rng.uniform(1, 12)))


def _knocks(rng: Rng, n: int) -> Wave:
    """Clicks, steps, shutters and doors: short bursts that ring."""
    made = np.zeros(n)
    for at in rng.integers(0, n, size=int(rng.integers(1, 14))):
        length = min(n - int(at), int(rng.uniform(0.01, 0.3) * RATE))
        burst = rng.normal(size=length) * np.exp(-np.arange(length) / (0.2 * length + 1))
        made[at : at + length] += rng.uniform(0.3, 1.0) * _resonance(
            burst, rng.uniform(100, 5000), rng.uniform(50, 2000)
        )
    return made


def _broken(rng: Rng, n: int) -> Wave:
    """One of Pocketworld's sounds at another pitch, backwards, or with its moments mixed up."""
    own = render_sound(random_scene(rng), rng).astype(np.float64)
    kind = int(rng.integers(3))
    if kind == 0:
        factor = float(rng.choice([0.5, 0.6, 0.7, 1.5, 1.8, 2.2]))
        at = np.arange(0, len(own) - 1, factor)
        return np.interp(at, np.arange(len(own)), own)
    if kind == 1:
        spectrum = np.fft.rfft(own)
        return np.fft.irfft(spectrum[::-1].copy(), n=len(own))
    pieces = np.array_split(own, int(rng.integers(12, 60)))
    return np.concatenate([pieces[i] for i in rng.permutation(len(pieces))])


def _crowd(rng: Rng, n: int) -> Wave:
    """Several of the kinds at once."""
    made = np.zeros(n)
    for kind in rng.permutation(np.array([_speech, _music, _noise, _knocks], dtype=object))[:2]:
        one = kind(rng, n)
        made += rng.uniform(0.2, 1.0) * one / (np.abs(one).max() + 1e-9)
    if rng.random() < 0.5:
        made += 0.5 * weather_bed(pick(WEATHERS, rng), rng, RATE, n)
    if rng.random() < 0.2:
        made += rng.uniform(0.1, 0.5) * thing_voice(pick(THINGS, rng), rng, RATE, n)
    return made


def _echoed(samples: Wave, rng: Rng) -> Wave:
    """As in a room."""
    length = int(rng.uniform(0.05, 0.4) * RATE)
    tail = rng.normal(size=length) * np.exp(-np.arange(length) / (0.25 * length))
    tail[0] = rng.uniform(2.0, 8.0)
    return np.asarray(fftconvolve(samples, tail)[: len(samples)])
