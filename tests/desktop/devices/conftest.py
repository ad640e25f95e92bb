"""A sound server for the tests of devices, and both backends on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.devices import audio
from tests.sound_server import SoundServer, sound_server_or_skip


@pytest.fixture(scope="session")
def _sound_server() -> Iterator[SoundServer]:
    with sound_server_or_skip() as server:
        yield server


@pytest.fixture
def sound_server(_sound_server: SoundServer) -> Iterator[SoundServer]:
    """The session's server, running again where the test before ended it."""
    if not _sound_server.alive:
        _sound_server.start()
    yield _sound_server
    if _sound_server.alive:
        assert _sound_server.streams() == []


@pytest.fixture(params=audio.BACKENDS)
def backend_name(request: pytest.FixtureRequest) -> str:
    """Each backend, the library of which is here."""
    name = str(request.param)
    if name == "portaudio" and audio.default_backend() != "portaudio":
        pytest.skip("PortAudio is not installed (apt: libportaudio2)")
    return name
