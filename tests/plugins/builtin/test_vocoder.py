"""The spectrogram, and the vocoder that inverts it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from plugins.builtin.vocoder import HOP, SAMPLING_RATE, GriffinLim, log_mel

SECONDS = np.arange(8192) / SAMPLING_RATE


def bell() -> NDArray[np.float32]:
    partials = np.sin(2 * np.pi * 800 * SECONDS) + 0.5 * np.sin(2 * np.pi * 2100 * SECONDS)
    return (0.5 * np.exp(-3 * SECONDS) * partials).astype(np.float32)


def spoken(mel: NDArray[np.float32], mean: float = -5.5, scale: float = 6.5) -> torch.Tensor:
    return GriffinLim(mean, scale)(torch.from_numpy((mel - mean) / scale)[None])[0]


def test_every_256_samples_make_a_frame_of_64_bands() -> None:
    assert log_mel(np.zeros(32768, np.float32)).shape == (128, 64)
    assert log_mel(np.zeros(1000, np.float32)).shape == (3, 64)


def test_the_spectrogram_equals_that_of_librosas_conventions() -> None:
    from transformers.audio_utils import mel_filter_bank, spectrogram, window_function

    samples = bell()
    edge = (1024 - HOP) // 2
    expected = spectrogram(
        np.pad(samples, edge, mode="reflect"),
        window_function(1024, "hann"),
        frame_length=1024,
        hop_length=HOP,
        power=1.0,
        center=False,
        mel_filters=mel_filter_bank(513, 64, 0.0, 8000.0, SAMPLING_RATE, "slaney", "slaney"),
        mel_floor=1e-5,
        log_mel="log",
    ).T

    np.testing.assert_allclose(log_mel(samples), expected, atol=1e-2)


def test_a_pitch_is_loudest_in_its_band() -> None:
    low, high = (
        log_mel((0.5 * np.sin(2 * np.pi * f * SECONDS)).astype(np.float32)).mean(0).argmax()
        for f in (300.0, 3000.0)
    )

    assert low < 10 < 30 < high


def test_a_spectrogram_that_is_spoken_and_heard_again_is_nearly_itself() -> None:
    mel = log_mel(bell())

    again = log_mel(spoken(mel).numpy())

    loud = mel > mel.max() - 5
    assert np.abs(again - mel)[loud].mean() < 0.4


def test_speaking_twice_gives_the_same_samples() -> None:
    mel = log_mel(bell())

    assert torch.equal(spoken(mel), spoken(mel))


def test_silence_is_spoken_as_silence() -> None:
    mel = log_mel(np.zeros(4096, np.float32))

    assert torch.equal(spoken(mel), torch.zeros(4096))


def test_values_outside_of_the_normalised_range_are_clipped() -> None:
    loud = torch.full((1, 8, 64), 1.0)

    assert torch.equal(GriffinLim(-5.5, 6.5)(loud * 9), GriffinLim(-5.5, 6.5)(loud))


def test_too_short_a_sound_is_refused() -> None:
    with pytest.raises(ValueError, match="expected at least"):
        log_mel(np.zeros(100, np.float32))
