"""How loud a sound is from moment to moment, and where it is as good as silent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from runtime.speech.voice.spoken import Float32

FRAME_S = 0.01
"""Seconds of one frame."""
_FLOOR_DB = -60.0
_BELOW_PEAK_DB = 36.0
"""Quieter than the loudest frame by this much is no speech."""
_MARGIN_S = 0.04
"""Kept of the silence around what is cut out."""
_FADE_S = 0.005


def frames(samples: Float32, rate_hz: int) -> NDArray[np.bool_]:
    """[n] whether something sounds, for every frame that has begun."""
    size = round(FRAME_S * rate_hz)
    count = -(-len(samples) // size)
    padded = np.zeros(count * size, np.float32)
    padded[: len(samples)] = samples
    power = np.square(padded.reshape(count, size)).mean(axis=1)
    level = 10 * np.log10(power + 1e-12)
    loud: NDArray[np.bool_] = level > max(_FLOOR_DB, level.max(initial=_FLOOR_DB) - _BELOW_PEAK_DB)
    return loud


def sounding(samples: Float32, rate_hz: int) -> tuple[int, int]:
    """The first and the last but one sample of what sounds, with a little silence around; all
    where nothing does."""
    places = np.flatnonzero(frames(samples, rate_hz))
    if not len(places):
        return 0, len(samples)
    size, margin = round(FRAME_S * rate_hz), round(_MARGIN_S * rate_hz)
    begin, end = int(places[0]) * size - margin, (int(places[-1]) + 1) * size + margin
    return max(0, begin), min(len(samples), end)


def faded(samples: Float32, rate_hz: int, *, begins: bool = True, ends: bool = True) -> Float32:
    """The sound, from silence and into silence within a few milliseconds, so that nothing clicks
    where sounds are joined; where it does not begin or end there, that goes on."""
    count = min(round(_FADE_S * rate_hz), len(samples) // 2)
    result, slope = samples.copy(), np.linspace(0, 1, count, dtype=np.float32)
    if count and begins:
        result[:count] *= slope
    if count and ends:
        result[-count:] *= slope[::-1]
    return result
