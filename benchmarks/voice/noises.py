"""Sounds that are no words, at 16 kHz: coughs, taps, noise and tones. [n] samples each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
RATE_HZ = 16_000


def silence(seconds: float, level_db: float = -66.0, seed: int = 0) -> Float32:
    """What a microphone gives in a quiet room: a little noise."""
    return noise(seconds, level_db, seed)


def noise(seconds: float, level_db: float = -20.0, seed: int = 0) -> Float32:
    """White noise."""
    random = np.random.default_rng(seed).normal(size=int(seconds * RATE_HZ))
    return _float32(random * 10 ** (level_db / 20))


def hiss(seconds: float, level_db: float = -30.0, seed: int = 0) -> Float32:
    """Noise that is louder at the bottom, as of a fan."""
    brown = np.cumsum(noise(seconds, -20.0, seed))
    smooth = np.convolve(brown, np.ones(2000) / 2000, "same")
    return _at_level(brown - smooth, level_db)


def tones(seconds: float, level_db: float = -20.0) -> Float32:
    """Chords that change every half second, as of an organ."""
    time = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    roots = np.array([220.0, 247.0, 262.0, 196.0])[(time * 2).astype(int) % 4]
    phase = 2 * np.pi * np.cumsum(roots) / RATE_HZ
    chord = np.sum([np.sin(phase * ratio) for ratio in (1.0, 1.25, 1.5)], axis=0)
    return _at_level(chord, level_db)


def cough(seed: int = 0, loudness: float = 0.3) -> Float32:
    """A burst of band-limited noise with a short voiced end, a third of a second."""
    random = np.random.default_rng(seed)
    time = np.arange(int(0.32 * RATE_HZ)) / RATE_HZ
    spectrum = np.fft.rfft(random.normal(size=len(time)))
    at_hz = np.fft.rfftfreq(len(time), 1 / RATE_HZ)
    burst = np.fft.irfft(spectrum * ((at_hz > 400) & (at_hz < 3500)), len(time))
    burst *= np.minimum(time / 0.02, np.exp(-(time - 0.02) / 0.07))
    falling = np.sin(2 * np.pi * np.cumsum(220 - 200 * time) / RATE_HZ)
    voiced = falling * np.exp(-(((time - 0.2) / 0.05) ** 2))
    return _float32(loudness * (burst / np.abs(burst).max() + 0.2 * voiced))


def tap(seed: int = 0, loudness: float = 0.5) -> Float32:
    """A knock on the table, a tenth of a second."""
    fading = np.exp(-np.arange(RATE_HZ // 10) / (0.01 * RATE_HZ))
    knock = np.random.default_rng(seed).normal(size=len(fading)) * fading
    return _float32(loudness * knock / np.abs(knock).max())


def _at_level(samples: NDArray[Any], level_db: float) -> Float32:
    rms = np.sqrt(np.mean(np.square(samples)))
    return _float32(samples / rms * 10 ** (level_db / 20))


def _float32(samples: NDArray[Any]) -> Float32:
    converted: Float32 = samples.astype(np.float32)
    return converted
