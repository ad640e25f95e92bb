"""The filter bank is Kaldi's, checked against the formula written out sample by sample."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from runtime.encoder.fbank import fbank, mel_triangles


def slow_fbank(wave: np.ndarray, rate: int, bins: int, shift_ms: float = 10.0) -> np.ndarray:
    """Kaldi's definition in double precision: plain sums, no FFT, no tensors."""
    length, shift = int(rate * 0.025), int(rate * shift_ms / 1000)
    size = 2 ** math.ceil(math.log2(length))
    window = [0.5 - 0.5 * math.cos(2 * math.pi * i / (length - 1)) for i in range(length)]
    phases = np.exp(-2j * np.pi * np.outer(np.arange(size // 2), np.arange(length)) / size)

    def mel(hertz: float) -> float:
        return 1127.0 * math.log(1.0 + hertz / 700.0)

    low, step = mel(20.0), (mel(rate / 2) - mel(20.0)) / (bins + 1)
    rows = []
    for start in range(0, len(wave) - length + 1, shift):
        frame = [float(value) for value in wave[start : start + length]]
        middle = sum(frame) / length
        frame = [value - middle for value in frame]
        lifted = [frame[i] - 0.97 * frame[max(i - 1, 0)] for i in range(length)]
        power = np.abs(phases @ np.array([v * w for v, w in zip(lifted, window, strict=True)])) ** 2
        row = []
        for number in range(bins):
            total, left = 0.0, low + number * step
            for k in range(size // 2):
                place = (mel(k * rate / size) - left) / step
                if 0 < place < 2:
                    total += power[k] * (place if place <= 1 else 2 - place)
            row.append(math.log(max(total, 1.1920928955078125e-07)))
        rows.append(row)
    return np.array(rows)


@pytest.mark.parametrize(("bins", "shift_ms"), [(128, 10.0), (64, 16.0), (23, 10.0)])
def test_it_equals_the_formula_written_out(bins: int, shift_ms: float) -> None:
    random = np.random.default_rng(0)
    time = np.arange(1200) / 16_000
    wave = 0.4 * np.sin(2 * np.pi * 700 * time) + 0.05 * random.standard_normal(1200) + 0.1
    wave = wave.astype(np.float32)
    got = fbank(
        torch.from_numpy(wave), sample_rate=16_000, mel_bins=bins, frame_shift_ms=shift_ms
    ).numpy()
    expected = slow_fbank(wave, 16_000, bins, shift_ms)
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, expected, atol=2e-3)


def test_two_seconds_give_198_frames() -> None:
    assert fbank(torch.zeros(32_000), sample_rate=16_000, mel_bins=128).shape == (198, 128)


def test_silence_is_the_logarithm_of_the_smallest_power() -> None:
    features = fbank(torch.zeros(400), sample_rate=16_000, mel_bins=8)
    assert features.numpy() == pytest.approx(math.log(1.1920929e-07), abs=1e-5)


def test_less_than_a_frame_is_filled_up_to_one() -> None:
    assert fbank(torch.ones(1), sample_rate=16_000, mel_bins=8).shape == (1, 8)


def test_every_mel_bin_of_the_full_size_lies_between_20_hz_and_half_the_rate() -> None:
    weights = mel_triangles(128, 512, 16_000)
    assert weights.shape == (128, 257)
    assert weights[:, 0].sum() == 0
    assert weights[:, -1].sum() == 0
    assert weights.max() <= 1
