"""The microphone hears what is said, through both backends, and says when it is gone."""

from __future__ import annotations

import pytest

from desktop.devices.audio import Float32
from desktop.devices.errors import DeviceError
from desktop.devices.frames import FRAME, RATE_HZ
from desktop.devices.microphone import Microphone
from tests.desktop.devices.listening import (
    Heard,
    likeness,
    murmur,
    opens_again,
    taken,
    until,
    whole,
)
from tests.sound_server import MICROPHONE, SoundServer

# What Qt says of a machine without PipeWire, and of a server or a device that is gone.
pytestmark = pytest.mark.qt_log_ignore("pipewire", "PulseAudio", "Stream failed")


def test_what_is_said_arrives(sound_server: SoundServer, backend_name: str) -> None:
    said = murmur(2.0, RATE_HZ)

    def take() -> Float32:
        with Heard(backend_name) as heard:
            sound_server.say_samples(said, RATE_HZ)
            heard.wait(0.5)
        assert all(len(frames) % FRAME == 0 for frames in heard.frames)
        return heard.samples

    heard = taken(take, void=lambda found: not whole(found, said))
    assert likeness(heard, said) > 0.98


def test_a_device_with_a_rate_of_its_own_is_heard_at_16_khz(
    sound_server: SoundServer, backend_name: str
) -> None:
    said = murmur(2.0, RATE_HZ)

    def take() -> Float32:
        with Heard(backend_name, rate_hz=44_100) as heard:
            sound_server.say_samples(said, RATE_HZ)
            heard.wait(0.5)
        return heard.samples

    heard = taken(take, void=lambda found: not whole(found, said))
    assert likeness(heard, said) > 0.98


def test_the_level_follows_what_is_said(sound_server: SoundServer, backend_name: str) -> None:
    with Heard(backend_name) as heard:
        sound_server.say_samples(murmur(1.0, RATE_HZ), RATE_HZ)
    assert max(heard.levels) == pytest.approx(-20, abs=3)
    assert heard.microphone.level_db == -120


def test_a_microphone_is_chosen_by_its_id(sound_server: SoundServer, backend_name: str) -> None:
    module = sound_server.add_microphone("second")
    with Heard(backend_name, device="second") as heard:
        heard.wait(0.2)
        assert heard.microphone.device == "second"
        sources = sound_server.pactl("list", "short", "sources").splitlines()
        number = next(line.split()[0] for line in sources if "\tsecond\t" in line)
        assert any(line.split()[1] == number for line in sound_server.streams())
    sound_server.remove(module)


def test_one_that_is_not_there_is_told_with_its_kind(
    sound_server: SoundServer, backend_name: str
) -> None:
    with pytest.raises(DeviceError, match="found none called nowhere") as caught:
        Microphone(backend_name).open("nowhere")
    assert caught.value.kind == "no_device"


def test_a_server_that_ends_is_told_and_the_microphone_comes_back(
    sound_server: SoundServer, backend_name: str
) -> None:
    with Heard(backend_name) as heard:
        heard.wait(0.2)
        sound_server.kill()
        until(lambda: heard.lost)
        assert str(heard.lost[0]).startswith("The microphone is gone: ")
        with pytest.raises(DeviceError) as caught:
            heard.microphone.open(heard.microphone.device)
        assert caught.value.kind == "no_device"
        sound_server.start()
        opens_again(heard.open)
        heard.wait(0.2)
    assert len(heard.lost) == 1


def test_one_that_is_unplugged_without_another_is_lost(
    sound_server: SoundServer, backend_name: str
) -> None:
    with Heard(backend_name) as heard:
        heard.wait(0.2)
        sound_server.unplug_microphones()
        until(lambda: heard.lost or not sound_server.streams())
        until(lambda: heard.lost)
        sound_server.plug_microphone()
        opens_again(lambda: heard.open(MICROPHONE))
        heard.wait(0.2)


def test_nothing_is_left_open(sound_server: SoundServer, backend_name: str) -> None:
    with Heard(backend_name) as heard:
        heard.wait(0.1)
        assert len(sound_server.streams()) == 1
    assert sound_server.streams() == []
    count = len(heard.frames)
    heard.microphone.close()
    assert len(heard.frames) == count


def test_closing_from_its_own_callback_does_not_hang(
    sound_server: SoundServer, backend_name: str
) -> None:
    microphone = Microphone(backend_name)
    calls: list[int] = []

    def close(frames: Float32, _captured_at: float) -> None:
        microphone.close()
        calls.append(len(frames))

    opens_again(lambda: microphone.open(on_frames=close))
    until(lambda: calls)
    microphone.close()
    assert len(calls) == 1
