"""Changes the rate of a sound with a windowed sinc, in the way that ImageBind's own loader does.

The kernel is that of `torchaudio.functional.resample` with its defaults: six zero crossings, a Hann
window, the cut at 0.99 of the lower half rate, computed in float32. It lets images through above
half the lower rate, which other resamplers leave silent: a spectrogram's logarithm shows them, and
the encoder was trained on what it shows. Knows arrays; knows no files.

Legend: O, T rates of the source and of the target without their common divisor, K taps of a phase.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
_CROSSINGS = 6
_ROLLOFF = 0.99
_MOST_WINDOWS = 1 << 12
"""Windows of K samples that are multiplied at once."""


def kernel(rate: int, target: int) -> tuple[Float32, int]:
    """float32 [T, K] the taps of each phase, and how many of them lie before the phase's sample."""
    divisor = math.gcd(rate, target)
    before, after = rate // divisor, target // divisor
    base = min(before, after) * _ROLLOFF
    width = math.ceil(_CROSSINGS * before / base)
    places = np.arange(-width, width + before, dtype=np.float32) / np.float32(before)
    phases = np.arange(0, -after, -1, dtype=np.float32)[:, None] / np.float32(after)
    t = ((phases + places) * np.float32(base)).clip(-_CROSSINGS, _CROSSINGS)
    window = np.cos(t * np.float32(math.pi) / _CROSSINGS / 2) ** 2
    angles = t * np.float32(math.pi)
    nonzero = np.where(angles == 0, np.float32(1), angles)
    sinc = np.where(angles == 0, np.float32(1), np.sin(angles) / nonzero)
    return (sinc * (window * np.float32(base / before))).astype(np.float32), width


def resampled(blocks: Iterable[Float32], rate: int, target: int) -> Iterator[Float32]:
    """A sound in blocks of [n] samples as blocks at `target`, `ceil(n * T / O)` in all."""
    taps, width = kernel(rate, target)
    step = rate // math.gcd(rate, target)
    held = np.zeros(width, np.float32)
    heard = made = 0
    for block in blocks:
        heard += len(block)
        held = np.concatenate([held, block])
        part, held = _convolved(held, taps, step)
        made += len(part)
        yield part
    part, _ = _convolved(np.concatenate([held, np.zeros(width + step, np.float32)]), taps, step)
    yield part[: -(-heard * len(taps) // step) - made]


def _convolved(samples: Float32, taps: Float32, step: int) -> tuple[Float32, Float32]:
    """[n * T] what can be made of the samples by now, and the samples that are still needed."""
    count = max(0, (len(samples) - taps.shape[1]) // step + 1)
    if not count:
        return np.zeros(0, np.float32), samples
    windows = np.lib.stride_tricks.sliding_window_view(samples, taps.shape[1])[
        : count * step : step
    ]
    made = [
        np.ascontiguousarray(windows[first : first + _MOST_WINDOWS]) @ taps.T
        for first in range(0, count, _MOST_WINDOWS)
    ]
    return np.concatenate(made).reshape(-1), samples[count * step :].copy()
