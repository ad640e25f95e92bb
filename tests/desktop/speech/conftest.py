"""A sound server, and a voice that speaks into its microphone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.installed import model_folder
from tests.sound_server import SoundServer, sound_server_or_skip

if TYPE_CHECKING:
    from runtime.speech.voice import Voice

SayInto = Callable[..., Path]


@pytest.fixture(scope="session")
def _sound_server() -> Iterator[SoundServer]:
    with sound_server_or_skip() as server:
        yield server


@pytest.fixture
def sound_server(_sound_server: SoundServer) -> Iterator[SoundServer]:
    """The session's server, running again where the test before ended it. When the test is over
    nobody records or plays any more."""
    if not _sound_server.alive:
        _sound_server.start()
    yield _sound_server
    if _sound_server.alive:
        assert _sound_server.streams() == []


@pytest.fixture
def speech_models(starter_models: None) -> None:
    """The starter's models that hear, notice and speak."""
    for name in ("whisper-base", "turn-taking", "kokoro-82m"):
        model_folder(name)


@pytest.fixture(scope="session")
def _voice() -> Voice:
    from runtime.speech.voice import Voice

    return Voice.open(model_folder("kokoro-82m"))


@pytest.fixture
def said(tmp_path: Path, _voice: Voice) -> SayInto:
    """Words as a sound file, spoken by somebody else than Medley's own voice."""
    import soundfile

    def write(words: str, voice: str = "am_michael") -> Path:
        sound = _voice.speak(words, voice)
        path = tmp_path / f"{abs(hash((words, voice)))}.wav"
        soundfile.write(path, sound.samples, sound.rate_hz)
        return path

    return write
