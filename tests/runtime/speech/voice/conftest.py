"""The starter's voice, opened once, and ears to hear it with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.speech.voice import Spoken, Voice
from runtime.speech.voice.english.lexicon import Lexicon
from tests.installed import model_folder

Hear = Callable[[Spoken, str], str]


@pytest.fixture(scope="session")
def voice_folder() -> Path:
    """Where the starter's voice is."""
    return model_folder("kokoro-82m")


@pytest.fixture(scope="session")
def voice(voice_folder: Path) -> Voice:
    """All voices of the starter."""
    return Voice.open(voice_folder)


@pytest.fixture(scope="session")
def lexicon(voice_folder: Path) -> Lexicon:
    """The dictionaries of the starter's voice."""
    return Lexicon.open(voice_folder)


@pytest.fixture(scope="session")
def hear() -> Hear:
    """What Whisper hears in a sound, in a language."""
    import soxr
    from faster_whisper import WhisperModel

    folder = model_folder("whisper-base")
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)

    def heard(spoken: Spoken, language: str) -> str:
        samples = soxr.resample(spoken.samples, spoken.rate_hz, 16_000)
        segments, _ = model.transcribe(samples, language=language, beam_size=1)
        return "".join(segment.text for segment in segments).strip()

    return heard
