"""Says how likely a turn is over from how it sounds. Knows the Smart Turn model."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from runtime.speech.hearing.models import open_session
from runtime.speech.hearing.sounds import RATE_HZ, Float32

FILE = "smart-turn-v3.2-cpu.onnx"
_SECONDS = 8
"""What the model hears: the last seconds of the turn."""


class TurnEnd:
    """The model. Any thread, one at a time."""

    def __init__(self, folder: Path) -> None:
        """Load the model of a folder.

        Raises:
            KnownError: it is missing or broken.
        """
        from faster_whisper.feature_extractor import FeatureExtractor

        self._session = open_session(folder / FILE)
        self._mel = FeatureExtractor(chunk_length=_SECONDS)

    def probability(self, samples: Float32) -> float:
        """0 to 1: how likely a turn of [n] samples, which ends in silence, is over."""
        found = self._session.run(None, {"input_features": self.features(samples)[None]})
        return float(np.ravel(found[0])[0])

    def features(self, samples: Float32) -> Float32:
        """[80, 800] the log-mel spectrum of the last eight seconds, silence before it where it is
        shorter, at a mean of 0 and a variance of 1."""
        last = samples[-_SECONDS * RATE_HZ :]
        whole = np.pad(last, (_SECONDS * RATE_HZ - len(last), 0))
        level = (whole - whole.mean()) / np.sqrt(whole.var() + 1e-7)
        features: Float32 = self._mel(level, padding=0)
        return features
