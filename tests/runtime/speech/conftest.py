"""Real models and voices where they are; what was said once is kept for the whole session."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import platformdirs
import pytest
import soxr
from numpy.typing import NDArray

from benchmarks.voice.recordings import recordings
from tests.conftest import MODELS_VARIABLE

Float32 = NDArray[np.float32]
Says = Callable[..., Float32]


def _model(name: str) -> Path:
    home = Path(os.environ.get(MODELS_VARIABLE, platformdirs.user_data_dir()))
    folder = home / "medley" / "models" / name
    if not (folder / "model.toml").is_file():
        pytest.skip(f"{name} is not here: `medley models get {name}` fetches it")
    return folder


@pytest.fixture(scope="session")
def whisper_base() -> Path:
    """The folder of Whisper base."""
    return _model("whisper-base")


@pytest.fixture(scope="session")
def whisper_tiny() -> Path:
    """The folder of Whisper tiny.en."""
    return _model("whisper-tiny.en")


@pytest.fixture(scope="session")
def turn_taking() -> Path:
    """The folder of the models of turn taking."""
    return _model("turn-taking")


@pytest.fixture(scope="session")
def people() -> dict[str, tuple[Float32, str]]:
    """[n] samples at 16 kHz and words of people, by the name of the recording."""
    found = {name: (samples, said) for name, samples, said in recordings()}
    if not found:
        pytest.skip("no recordings of people are here: Debian's pocketsphinx-testdata brings some")
    return found


@pytest.fixture(scope="session")
def says() -> Says:
    """[n] samples at 16 kHz of a text, by a voice of the starter."""
    from runtime.speech.voice import Voice

    voices = Voice.open(_model("kokoro-82m"), threads=2)

    @cache
    def say(text: str, voice: str = "af_heart") -> Float32:
        spoken = voices.speak(text, voice)
        return np.asarray(soxr.resample(spoken.samples, spoken.rate_hz, 16_000), np.float32)

    return say
