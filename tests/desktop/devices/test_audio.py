"""The backend is chosen, and the audio devices bring no Qt with them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop.devices import audio
from desktop.devices.errors import DeviceError
from tests.sound_server import MICROPHONE, SPEAKER, SoundServer


def test_importing_the_audio_devices_brings_no_qt_and_no_portaudio() -> None:
    code = (
        "import sys, desktop.devices.microphone, desktop.devices.loudspeaker;"
        "sys.exit(any(name in sys.modules for name in ('PySide6', 'sounddevice')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_backend_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(audio.ENVIRONMENT, "qt")
    assert audio.default_backend() == "qt"
    with pytest.raises(ValueError, match="expected a backend of portaudio, qt, found 'oss'"):
        audio.backend("oss")


@pytest.mark.qt_log_ignore("pipewire", "PulseAudio")
def test_what_there_is_is_listed_with_the_default(
    sound_server: SoundServer, backend_name: str
) -> None:
    inputs = audio.devices("input", backend_name)
    outputs = audio.devices("output", backend_name)
    assert [d.default for d in inputs].count(True) == 1
    assert [d.default for d in outputs].count(True) == 1
    if backend_name == "qt":
        assert MICROPHONE in [d.id for d in inputs]
        assert SPEAKER in [d.id for d in outputs]


def test_a_missing_library_is_told_with_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    # A library that is there cannot be taken away from a process that has loaded it.
    from desktop.devices import portaudio

    def missing(_name: str) -> None:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(portaudio.importlib, "import_module", missing)
    with pytest.raises(DeviceError, match="install libportaudio2") as caught:
        audio.devices("input", "portaudio")
    assert caught.value.kind == "no_library"
