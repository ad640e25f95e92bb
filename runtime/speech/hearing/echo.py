"""Takes own speech out of what the microphone hears. Knows WebRTC's canceller.

The microphone's sound is held back by two frames, so that the reference may come that much too late
and is still there first. While nothing plays the canceller rests. Legend: n samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from runtime.speech.hearing.sounds import FRAME, RATE_HZ, Float32

if TYPE_CHECKING:
    from pywebrtc_audio import AudioProcessor

HELD = 2 * FRAME
"""Samples by which everything comes later out of here."""
LINGERS_S = 1.0
"""Seconds after own speech in which its echo may still come: a slow loudspeaker, and the room."""
_AUDIBLE = 1e-4


class EchoCanceller:
    """One microphone and one loudspeaker. One thread at a time."""

    def __init__(self) -> None:
        self._processor: AudioProcessor | None = None
        self.reset()

    def reset(self) -> None:
        """Forget what was heard; what was learned of the room stays."""
        self._held = np.zeros(HELD, np.float32)
        self._quiet_s = LINGERS_S

    @property
    def active(self) -> bool:
        """Whether there may be echo in what comes out now."""
        return self._quiet_s < LINGERS_S

    def clean(self, near: Float32, far: Float32 | None) -> tuple[Float32, Float32]:
        """Take the echo out.

        Args:
            near: [160] a frame of the microphone.
            far: [160] what was played meanwhile; None for silence.

        Returns:
            [160] without echo, and [160] the same as it was heard.
        """
        self._held = np.concatenate((self._held, near))
        heard, self._held = self._held[:FRAME], self._held[FRAME:]
        plays = far is not None and bool(np.abs(far).max() > _AUDIBLE)
        self._quiet_s = 0.0 if plays else self._quiet_s + FRAME / RATE_HZ
        if not self.active:
            return heard, heard
        played = far if far is not None else np.zeros(FRAME, np.float32)
        return self._cancel(heard, played), heard

    def _cancel(self, heard: Float32, played: Float32) -> Float32:
        if self._processor is None:
            from pywebrtc_audio import AudioProcessor

            self._processor = AudioProcessor(sample_rate=RATE_HZ, echo_cancellation=True)
        near: Float32 = np.ascontiguousarray(heard)
        far: Float32 = np.ascontiguousarray(played, np.float32)
        cleaned: Float32 = self._processor.process(near, far)
        return cleaned
