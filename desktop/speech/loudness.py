"""How loud a sound is from moment to moment, for whoever draws a mouth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Float32 = npt.NDArray[np.float32]


def loudness(samples: Float32, rate_hz: int) -> tuple[float, ...]:
    """How loud a sound is, 0 to 1, for every 20 ms; 1 is as loud as its loud places."""
    step = rate_hz // 50
    whole = samples[: len(samples) // step * step].reshape(-1, step)
    sizes = np.sqrt(np.mean(np.square(whole, dtype=np.float64), axis=1))
    usual = max(float(np.quantile(sizes, 0.95)), 1e-4) if len(sizes) else 1.0
    return tuple(round(min(float(size) / usual, 1.0), 3) for size in sizes)
