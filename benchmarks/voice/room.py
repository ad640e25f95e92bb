"""A room with a loudspeaker and a microphone, frame by frame: what is played comes back later."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
RATE_HZ = 16_000
FRAME = 160


class Room:
    """Its echo arrives `delay_ms` after the sound, with a tail of `tail_ms`."""

    def __init__(
        self,
        delay_ms: int,
        gain: float = 0.5,
        tail_ms: int = 150,
        noise: float = 5e-4,
        seed: int = 0,
    ) -> None:
        self._random = np.random.default_rng(seed)
        count = tail_ms * RATE_HZ // 1000
        fading = np.exp(-np.arange(count) * 6.9 / count)
        tail = self._random.normal(size=count) * fading * 0.08
        tail[0] = 1.0
        self._response = (tail * gain).astype(np.float32)
        self._delay, self._noise = delay_ms * RATE_HZ // 1000, noise
        self._coming = np.zeros(self._delay + count + 2 * FRAME, np.float32)

    def hears(self, played: Float32, said: Float32) -> Float32:
        """[160] at the microphone while [160] samples are played and [160] are said."""
        echo = np.convolve(played, self._response)
        self._coming[self._delay : self._delay + len(echo)] += echo
        heard = self._coming[:FRAME] + said + self._random.normal(size=FRAME) * self._noise
        self._coming = np.concatenate((self._coming[FRAME:], np.zeros(FRAME, np.float32)))
        return heard.astype(np.float32)
