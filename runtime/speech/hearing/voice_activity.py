"""Says how likely somebody speaks, window by window. Knows the Silero model."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from runtime.speech.hearing.models import open_session
from runtime.speech.hearing.sounds import RATE_HZ, WINDOW_S, Float32

FILE = "silero_vad.onnx"
_CONTEXT = 64
"""Samples of the window before that the model sees again."""
_STATE = (2, 1, 128)
_RENEWED_S = 2.0
"""Seconds without a voice after which the model's state is renewed: music dulls it."""
_SILENT = 0.1


class VoiceActivity:
    """The model with its state. One thread at a time."""

    def __init__(self, folder: Path) -> None:
        """Load the model of a folder.

        Raises:
            KnownError: it is missing or broken.
        """
        self._session = open_session(folder / FILE)
        self._rate = np.array(RATE_HZ, np.int64)
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self._state = np.zeros(_STATE, np.float32)
        self._context = np.zeros((1, _CONTEXT), np.float32)
        self._silent_s = 0.0

    def probability(self, window: Float32) -> float:
        """0 to 1: how likely a voice is in the next [512] samples."""
        heard = np.concatenate((self._context, window[None]), axis=1)
        found, self._state = self._session.run(
            None, {"input": heard, "state": self._state, "sr": self._rate}
        )
        self._context = heard[:, -_CONTEXT:]
        voice = float(found.item())
        self._silent_s = self._silent_s + WINDOW_S if voice < _SILENT else 0.0
        if self._silent_s >= _RENEWED_S:
            self.reset()
        return voice
