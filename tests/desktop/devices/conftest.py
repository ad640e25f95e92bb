"""A sound server for the tests of devices, and both backends on it."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication

from desktop.devices import audio
from tests.sound_server import session_sound_server, sound_server

__all__ = ["backend_name", "session_sound_server", "sound_server"]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    """The application that the tests of the window need, should they come after these."""
    return QGuiApplication


@pytest.fixture(params=audio.BACKENDS)
def backend_name(request: pytest.FixtureRequest, qapp: QGuiApplication) -> str:
    """Each backend, the library of which is here."""
    name = str(request.param)
    if name == "portaudio" and audio.default_backend() != "portaudio":
        pytest.skip("PortAudio is not installed (apt: libportaudio2)")
    return name


@pytest.fixture(autouse=True)
def nothing_is_left(collected: None) -> None:
    """Cameras and sound streams go on the thread that made them."""
