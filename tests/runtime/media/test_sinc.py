"""Sounds are resampled as torchaudio resamples them for ImageBind: kernel and result by an oracle
written from its published definition."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from runtime.encoder.fbank import fbank
from runtime.media import read_audio
from runtime.media.sinc import kernel, resampled

RATES = (8_000, 44_100, 48_000)


def reference(waveform: Tensor, rate: int, target: int) -> Tensor:
    """`torchaudio.functional.resample(waveform, rate, target)`: width 6, rolloff 0.99, Hann."""
    gcd = math.gcd(rate, target)
    orig, new = rate // gcd, target // gcd
    base = min(orig, new) * 0.99
    width = math.ceil(6 * orig / base)
    index = torch.arange(-width, width + orig, dtype=torch.float32)[None, None] / orig
    t = torch.arange(0, -new, -1, dtype=torch.float32)[:, None, None] / new + index
    t = (t * base).clamp(-6, 6)
    window = torch.cos(t * math.pi / 6 / 2) ** 2
    t = t * math.pi
    taps = torch.where(t == 0, torch.tensor(1.0), t.sin() / t) * (window * (base / orig))
    padded = functional.pad(waveform[None], (width, width + orig))
    made = functional.conv1d(padded[:, None], taps, stride=orig).transpose(1, 2).reshape(-1)
    return made[: math.ceil(new * len(waveform) / orig)]


def sound(rate: int, seconds: float = 1.5) -> NDArray[np.float32]:
    """A chord, a sweep and a little noise."""
    t = np.arange(int(rate * seconds)) / rate
    noise = np.random.default_rng(0).normal(0, 0.01, len(t))
    chord = sum(np.sin(2 * np.pi * hertz * t) for hertz in (220.0, 1760.0, 3300.0))
    swept = np.sin(2 * np.pi * (100 * t + rate / 8 * t**2))
    return (0.1 * chord + 0.2 * swept + noise).astype(np.float32)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("block", [1000, 10**6])
def test_the_spectrogram_is_the_references(rate: int, block: int) -> None:
    samples = sound(rate)
    wanted = reference(torch.from_numpy(samples), rate, 16_000)
    blocks = (samples[i : i + block] for i in range(0, len(samples), block))
    found = torch.from_numpy(np.concatenate(list(resampled(blocks, rate, 16_000))))
    assert found.shape == wanted.shape
    assert (found - wanted).abs().max() < 1e-6
    mels = [fbank(wave, sample_rate=16_000, mel_bins=128) for wave in (found, wanted)]
    assert (mels[0] - mels[1]).norm() < 1e-4 * mels[1].norm()
    assert (mels[0] - mels[1]).abs().mean() < 1e-4


@pytest.mark.parametrize("rate", RATES)
def test_a_file_is_heard_so_where_that_is_asked_for(rate: int, tmp_path: Path) -> None:
    samples = sound(rate)
    soundfile.write(tmp_path / "a.wav", samples, rate, subtype="FLOAT")
    wanted = reference(torch.from_numpy(samples), rate, 16_000).numpy()
    found = read_audio(tmp_path / "a.wav", resampling="sinc").samples
    other = read_audio(tmp_path / "a.wav").samples
    assert np.abs(found - wanted).max() < 1e-5
    assert np.abs(other - wanted[: len(other)]).max() > 1e-3


@pytest.mark.parametrize("length", [0, 1, 7, 441])
def test_short_sounds_have_the_length_that_they_last(length: int) -> None:
    samples = np.ones(length, np.float32)
    found = np.concatenate(list(resampled([samples], 44_100, 16_000)))
    assert len(found) == math.ceil(length * 160 / 441)


def test_the_kernel_has_a_row_for_each_phase() -> None:
    taps, width = kernel(44_100, 16_000)
    assert taps.shape == (160, 441 + 2 * width)
    assert taps.dtype == np.float32
