"""Log mel filter banks as Kaldi computes them, with the options ImageBind trained on.

Knows waveforms, not files and not the encoder. The options are those of
`torchaudio.compliance.kaldi.fbank(htk_compat=True, use_energy=False, window_type="hanning",
dither=0)`: frames lie wholly inside the waveform, their mean is removed, pre-emphasis 0.97, a
symmetric Hann window, padding to a power of two, power spectrum, triangles on the mel scale from
20 Hz to half the sample rate, natural logarithm.
"""

from __future__ import annotations

import functools

import torch  # noqa: TID253
from torch import Tensor  # noqa: TID253
from torch.nn import functional  # noqa: TID253

_PREEMPHASIS = 0.97
_LOWEST_HZ = 20.0


def fbank(
    waveform: Tensor,
    *,
    sample_rate: int,
    mel_bins: int,
    frame_length_ms: float = 25.0,
    frame_shift_ms: float = 10.0,
) -> Tensor:
    """float32 [n samples] in -1..1 -> float32 [frames, mel bins], natural logarithm of power.

    A waveform shorter than one frame is filled up with silence to one frame.
    """
    length = int(sample_rate * frame_length_ms * 0.001)
    shift = int(sample_rate * frame_shift_ms * 0.001)
    if waveform.shape[0] < length:
        waveform = functional.pad(waveform, (0, length - waveform.shape[0]))
    size = 1 << (length - 1).bit_length()
    frames = waveform.unfold(0, length, shift)  # [F, length]
    frames = frames - frames.mean(dim=1, keepdim=True)
    before = torch.cat([frames[:, :1], frames[:, :-1]], dim=1)
    frames = (frames - _PREEMPHASIS * before) * torch.hann_window(length, periodic=False)
    power = torch.fft.rfft(functional.pad(frames, (0, size - length))).abs().square()
    mel: Tensor = power @ mel_triangles(mel_bins, size, sample_rate).T
    return mel.clamp_min(torch.finfo(torch.float32).eps).log()


@functools.lru_cache(maxsize=4)
def mel_triangles(mel_bins: int, fft_size: int, sample_rate: int) -> Tensor:
    """float32 [mel bins, fft_size / 2 + 1]: weight of each frequency in each bin."""
    low, high = _mel(torch.tensor([_LOWEST_HZ, sample_rate / 2], dtype=torch.float64))
    corners = torch.linspace(0, mel_bins + 1, mel_bins + 2, dtype=torch.float64)
    corners = low + corners * (high - low) / (mel_bins + 1)
    # The highest frequency belongs to no bin.
    frequencies = torch.arange(fft_size // 2, dtype=torch.float64) * (sample_rate / fft_size)
    mel = _mel(frequencies)[None]
    left, centre, right = (part[:, None] for part in (corners[:-2], corners[1:-1], corners[2:]))
    rising, falling = (mel - left) / (centre - left), (right - mel) / (right - centre)
    weights = torch.minimum(rising, falling).clamp_min(0.0)
    return functional.pad(weights, (0, 1)).float()


def _mel(hertz: Tensor) -> Tensor:
    return 1127.0 * torch.log1p(hertz / 700.0)
