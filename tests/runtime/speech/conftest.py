"""Real models and voices where they are; what was said once is kept for the whole session."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from tests import installed
from tests.installed import model_folder

Float32 = NDArray[np.float32]
Says = Callable[..., Float32]


@pytest.fixture(scope="session")
def whisper_base() -> Path:
    """The folder of Whisper base."""
    return model_folder("whisper-base")


@pytest.fixture(scope="session")
def whisper_tiny() -> Path:
    """The folder of Whisper tiny.en."""
    return model_folder("whisper-tiny.en")


@pytest.fixture(scope="session")
def turn_taking() -> Path:
    """The folder of the models of turn taking."""
    return model_folder("turn-taking")


@pytest.fixture(scope="session")
def people() -> dict[str, tuple[Float32, str]]:
    """[n] samples at 16 kHz and words of people, by the name of the recording."""
    return installed.people()


@pytest.fixture(scope="session")
def says() -> Says:
    """[n] samples at 16 kHz of a text, by a voice of the starter."""
    from runtime.speech.voice import Voice

    voices = Voice.open(model_folder("kokoro-82m"), threads=2)

    @cache
    def say(text: str, voice: str = "af_heart") -> Float32:
        spoken = voices.speak(text, voice)
        return np.asarray(soxr.resample(spoken.samples, spoken.rate_hz, 16_000), np.float32)

    return say
