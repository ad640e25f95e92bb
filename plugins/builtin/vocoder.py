"""Log-mel analysis, and a vocoder without weights that turns it back into sound (Griffin-Lim).

Knows torch and the numbers of the spectrogram; knows no pipeline and no bundle. Training analyses
sounds with `log_mel`; `GriffinLim` inverts exactly that analysis, up to phase.

Legend: B batch, n samples, T frames (n / HOP), M mel bands, F frequency bins (N_FFT / 2 + 1).
"""

from __future__ import annotations

import functools
import math
from types import SimpleNamespace

import numpy as np
import torch  # noqa: TID253
from numpy.typing import NDArray
from transformers.audio_utils import mel_filter_bank  # noqa: TID253

SAMPLING_RATE = 16000
"""Hz."""
N_FFT = 1024
HOP = 256
"""Samples between frames: 16 ms."""
N_MELS = 64
F_MAX = 8000.0
"""Hz."""
LOG_FLOOR = 1e-5
"""Mel magnitudes below this are taken as this before the natural logarithm."""
EDGE = (N_FFT - HOP) // 2
"""Samples added on both sides, so that n samples make exactly n / HOP frames."""
MEL_ITERATIONS = 150
PHASE_ITERATIONS = 48
MOMENTUM = 0.99


@functools.cache
def _window() -> torch.Tensor:
    return torch.hann_window(N_FFT, periodic=True, dtype=torch.float32)


@functools.cache
def _filters() -> torch.Tensor:
    """[F, M] Slaney mel filters, area-normalised."""
    bank = mel_filter_bank(
        num_frequency_bins=N_FFT // 2 + 1,
        num_mel_filters=N_MELS,
        min_frequency=0.0,
        max_frequency=F_MAX,
        sampling_rate=SAMPLING_RATE,
        norm="slaney",
        mel_scale="slaney",
    )
    return torch.from_numpy(np.ascontiguousarray(bank, dtype=np.float32))


def _spectrum(padded: torch.Tensor) -> torch.Tensor:
    """[B, n + 2 EDGE] samples -> [B, T, F] complex spectra."""
    spectrum: torch.Tensor = torch.fft.rfft(padded.unfold(-1, N_FFT, HOP) * _window(), dim=-1)
    return spectrum


def _overlap_add(frames: torch.Tensor) -> torch.Tensor:
    """[B, T, N_FFT] -> [B, n + 2 EDGE]."""
    length = (frames.shape[1] - 1) * HOP + N_FFT
    folded = torch.nn.functional.fold(
        frames.transpose(1, 2), (1, length), (1, N_FFT), stride=(1, HOP)
    )
    joined: torch.Tensor = folded[:, 0, 0]
    return joined


def _samples(spectrum: torch.Tensor) -> torch.Tensor:
    """The least-squares inverse of `_spectrum`: [B, T, F] -> [B, n + 2 EDGE]."""
    window = _window()
    frames = torch.fft.irfft(spectrum, n=N_FFT, dim=-1) * window
    weight = _overlap_add((window * window).expand(1, spectrum.shape[1], N_FFT))
    return _overlap_add(frames) / weight.clamp_min(1e-3)


def log_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The natural-log mel spectrogram that the audio decoders of this project speak.

    Args:
        samples: [n] mono at 16 kHz, -1 to 1. n is cut down to a multiple of 256.

    Returns:
        [n // 256, 64] natural logarithms of mel magnitudes, never below log(1e-5). 32,768 samples
        (2.048 s) make 128 frames.

    Raises:
        ValueError: fewer than 512 samples, or not one-dimensional.
    """
    array = np.ascontiguousarray(samples, dtype=np.float32)
    if array.ndim != 1 or array.size < 2 * HOP:
        raise ValueError(f"log_mel: expected at least [{2 * HOP}] samples, found {array.shape}")
    wave = torch.from_numpy(array[: array.size // HOP * HOP])[None]
    padded = torch.nn.functional.pad(wave, (EDGE, EDGE), mode="reflect")
    mel = _spectrum(padded).abs() @ _filters()
    result: NDArray[np.float32] = mel.clamp_min(LOG_FLOOR).log()[0].numpy()
    return result


def magnitudes(mel: torch.Tensor) -> torch.Tensor:
    """[B, T, M] mel magnitudes -> [B, T, F] non-negative magnitudes whose mel is closest.

    Non-negative least squares by multiplicative updates from a flat start.
    """
    filters = _filters()
    squared = filters @ filters.T
    target = mel @ filters.T
    result = mel @ (filters / filters.sum(0)).T + 1e-8
    for _ in range(MEL_ITERATIONS):
        result = result * target / (result @ squared).clamp_min(1e-12)
    return result


class GriffinLim(torch.nn.Module):
    """A vocoder without trained weights, from mel spectrogram to sound; it replaces AudioLDM's
    HiFi-GAN.

    Deterministic: the starting phase is drawn from a fixed seed and the number of iterations is
    fixed. Works in float32 on the CPU whatever it is given.
    """

    def __init__(self, mel_mean: float = 0.0, mel_scale: float = 1.0) -> None:
        """`mel * mel_scale + mel_mean` is the natural-log mel; the input is clipped to -1..1 first
        unless the scale is 1."""
        super().__init__()
        self.mel_mean = mel_mean
        self.mel_scale = mel_scale
        self.config = SimpleNamespace(
            sampling_rate=SAMPLING_RATE, upsample_rates=[4, 4, 4, 4], model_in_dim=N_MELS
        )
        self.dtype = torch.float32
        self.device = torch.device("cpu")

    @torch.no_grad()
    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        """[B, T, 64] normalised mel -> [B, T * 256] samples at 16 kHz, -1 to 1."""
        mel = mel.detach().to("cpu", torch.float32)
        if self.mel_scale != 1.0:
            mel = mel.clamp(-1.0, 1.0)
        log = (mel * self.mel_scale + self.mel_mean).clamp(math.log(LOG_FLOOR), 12.0)
        # The floor itself means silence, not a faint hiss.
        audible = torch.where(log > math.log(LOG_FLOOR) + 1e-3, log.exp(), torch.zeros(()))
        wave = _find_phase(magnitudes(audible))
        return wave[:, EDGE : wave.shape[1] - EDGE].clamp(-1.0, 1.0)


def _find_phase(magnitude: torch.Tensor) -> torch.Tensor:
    """Fast Griffin-Lim: [B, T, F] magnitudes -> [B, n + 2 EDGE] samples."""
    generator = torch.Generator().manual_seed(0)
    angle = torch.rand(magnitude.shape[1:], generator=generator) * (2 * math.pi)
    phase = torch.polar(torch.ones_like(angle), angle).expand(magnitude.shape)
    previous = torch.zeros_like(phase)
    for _ in range(PHASE_ITERATIONS):
        rebuilt = _spectrum(_samples(magnitude * phase))
        leap = rebuilt - previous * (MOMENTUM / (1 + MOMENTUM))
        phase = leap / leap.abs().clamp_min(1e-12)
        previous = rebuilt
    return _samples(magnitude * phase)
