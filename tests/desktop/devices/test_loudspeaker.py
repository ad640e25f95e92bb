"""The loudspeaker plays what is written, through both backends, and knows what was heard of it."""

from __future__ import annotations

import time

import numpy as np
import pytest

from desktop.devices.audio import Float32
from desktop.devices.errors import DeviceError
from desktop.devices.frames import RATE_HZ as REFERENCE_HZ
from desktop.devices.loudspeaker import RATE_HZ, Loudspeaker
from plugins.errors import Problem
from tests.desktop.devices.listening import (
    Heard,
    likeness,
    murmur,
    opened_loudspeaker,
    opens_again,
    place,
    taken,
    until,
    whole,
)
from tests.sound_server import SPEAKER, SoundServer

# What Qt says of a machine without PipeWire, and of a server or a device that is gone.
pytestmark = pytest.mark.qt_log_ignore("pipewire", "PulseAudio", "Stream failed")
MOMENT = int(0.01 * RATE_HZ)


def loudness(recorded: Float32) -> Float32:
    """[n] root mean squares of 10 ms each."""
    end = len(recorded) // MOMENT * MOMENT
    levels: Float32 = np.sqrt(np.mean(np.square(recorded[:end].reshape(-1, MOMENT)), axis=1))
    return levels


def heard_s(recorded: Float32) -> float:
    """How much of a recording is not silent."""
    return float(np.sum(np.abs(recorded) > 1e-4)) / RATE_HZ


def test_what_is_written_is_heard(sound_server: SoundServer, backend_name: str) -> None:
    spoken = murmur(1.0, RATE_HZ)

    def take() -> Float32:
        with sound_server.recorded(RATE_HZ) as recorded:
            loudspeaker = opened_loudspeaker(backend_name)
            for begin in range(0, len(spoken), 1000):
                loudspeaker.write(spoken[begin : begin + 1000])
            until(lambda: loudspeaker.buffered_s == 0)
            loudspeaker.close()
        assert loudspeaker.played_s == pytest.approx(1.0)
        return recorded[0]

    recorded = taken(take, void=lambda found: not whole(found, spoken))
    assert likeness(recorded, spoken) > 0.98


def test_another_rate_is_heard_as_it_was_written(
    sound_server: SoundServer, backend_name: str
) -> None:
    spoken = murmur(1.0, 16_000)

    def take() -> Float32:
        with sound_server.recorded(16_000) as recorded:
            loudspeaker = opened_loudspeaker(backend_name, 16_000)
            loudspeaker.write(spoken)
            until(lambda: loudspeaker.buffered_s == 0)
            loudspeaker.close()
        return recorded[0]

    recorded = taken(take, void=lambda found: not whole(found, spoken))
    assert likeness(recorded, spoken) > 0.98


def test_the_clock_says_what_was_heard_before_it_was_cleared(
    sound_server: SoundServer, backend_name: str
) -> None:
    spoken = murmur(60.0, RATE_HZ)

    def take() -> tuple[Float32, float]:
        with sound_server.recorded(RATE_HZ) as recorded:
            loudspeaker = opened_loudspeaker(backend_name)
            loudspeaker.write(spoken)
            until(lambda: loudspeaker.played_s > 0.7)
            cleared_s, began = loudspeaker.played_s, time.monotonic()
            loudspeaker.clear()
            took_s = time.monotonic() - began
            until(lambda: loudspeaker.buffered_s == 0)
            final_s = loudspeaker.played_s
            loudspeaker.close()
        assert 0 <= final_s - cleared_s < 0.03 + took_s
        return recorded[0], final_s

    recorded, final_s = taken(take, void=lambda found: not whole(found[0], spoken[:14_000]))
    assert final_s == pytest.approx(heard_s(recorded), abs=0.04)


def test_what_is_written_after_clearing_is_heard_at_once_and_loud(
    sound_server: SoundServer, backend_name: str
) -> None:
    second = murmur(0.5, RATE_HZ, seed=2)

    def take() -> Float32:
        with sound_server.recorded(RATE_HZ) as recorded:
            loudspeaker = opened_loudspeaker(backend_name)
            loudspeaker.write(murmur(60.0, RATE_HZ))
            until(lambda: loudspeaker.played_s > 0.2)
            loudspeaker.duck(12)
            loudspeaker.clear()
            loudspeaker.write(second)
            until(lambda: loudspeaker.buffered_s == 0)
            loudspeaker.close()
        return recorded[0]

    recorded = taken(take, void=lambda found: not whole(found, second))
    at = place(recorded, second[:2000])
    assert likeness(recorded, second) > 0.98
    assert np.max(loudness(recorded[at:])) == pytest.approx(np.max(loudness(second)), rel=0.1)


def test_it_ducks_by_decibels_and_comes_back(sound_server: SoundServer, backend_name: str) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 500 * np.arange(RATE_HZ * 2) / RATE_HZ).astype(np.float32)
    with sound_server.recorded(RATE_HZ) as recorded:
        loudspeaker = opened_loudspeaker(backend_name)
        loudspeaker.write(tone)
        until(lambda: loudspeaker.played_s > 0.6)
        loudspeaker.duck(12)
        until(lambda: loudspeaker.played_s > 1.3)
        loudspeaker.duck(0)
        until(lambda: loudspeaker.buffered_s == 0)
        loudspeaker.close()
    begin = int(np.nonzero(np.abs(recorded[0]) > 1e-3)[0][0])
    levels = loudness(recorded[0][begin:])
    assert np.median(levels[20:50]) == pytest.approx(0.5 / 2**0.5, rel=0.02)
    assert np.median(levels[80:120]) == pytest.approx(0.5 / 2**0.5 * 10 ** (-12 / 20), rel=0.02)
    assert np.median(levels[160:190]) == pytest.approx(0.5 / 2**0.5, rel=0.02)


def test_the_reference_is_in_step_with_the_microphone(
    sound_server: SoundServer, backend_name: str
) -> None:
    """The loudspeaker's sink is the microphone here: the reference must be just ahead of it."""
    spoken = murmur(2.0, REFERENCE_HZ)
    echo = sound_server.pactl(
        "load-module", "module-remap-source", "source_name=echo", f"master={SPEAKER}.monitor"
    )

    def take() -> tuple[Float32, Float32]:
        references: list[Float32] = []
        loudspeaker = opened_loudspeaker(backend_name, REFERENCE_HZ)
        with Heard(
            backend_name,
            device="echo",
            watch=lambda frames, at: references.append(loudspeaker.reference(len(frames), at)),
        ) as heard:
            heard.wait(0.5)
            loudspeaker.write(spoken)
            until(lambda: loudspeaker.buffered_s == 0)
            heard.wait(0.3)
        loudspeaker.close()
        return np.concatenate(references), np.concatenate(heard.frames)

    reference, samples = taken(take, void=lambda found: not whole(found[1], spoken))
    sound_server.remove(echo)
    assert len(reference) == len(samples)
    middle = slice(8000, 24_000)
    behind = place(samples, spoken[middle]) - place(reference, spoken[middle])
    assert likeness(reference, spoken[middle]) > 0.98
    assert 0 < behind < 0.12 * REFERENCE_HZ


def test_a_server_that_ends_is_told_and_the_loudspeaker_comes_back(
    sound_server: SoundServer, backend_name: str
) -> None:
    lost: list[Problem] = []
    loudspeaker = Loudspeaker(backend_name)
    opens_again(lambda: loudspeaker.open(on_lost=lost.append))
    loudspeaker.write(murmur(10.0, RATE_HZ))
    until(lambda: loudspeaker.played_s > 0.2)
    sound_server.kill()
    until(lambda: lost)
    assert str(lost[0]).startswith("The loudspeaker is gone: ")
    with pytest.raises(DeviceError) as caught:
        loudspeaker.open(loudspeaker.device)
    assert caught.value.kind == "no_device"
    sound_server.start()
    opens_again(lambda: loudspeaker.open(loudspeaker.device))
    loudspeaker.write(murmur(0.2, RATE_HZ))
    until(lambda: loudspeaker.played_s > 0.19)
    loudspeaker.close()


def test_a_loudspeaker_that_is_unplugged_goes_on_elsewhere_or_is_lost(
    sound_server: SoundServer, backend_name: str
) -> None:
    module = sound_server.add_sink("headphones")
    lost: list[Problem] = []
    loudspeaker = Loudspeaker(backend_name)
    opens_again(lambda: loudspeaker.open("headphones", on_lost=lost.append))
    loudspeaker.write(murmur(60.0, RATE_HZ))
    until(lambda: loudspeaker.played_s > 0.2)
    sound_server.remove(module)
    at = loudspeaker.played_s
    until(lambda: lost or loudspeaker.played_s > at + 0.5)
    loudspeaker.close()
    assert sound_server.streams() == []
    with pytest.raises(DeviceError) as caught:
        loudspeaker.open("headphones")
    assert caught.value.kind in ("no_device", "lost", "busy")


def test_nothing_is_left_open(sound_server: SoundServer, backend_name: str) -> None:
    loudspeaker = opened_loudspeaker(backend_name)
    until(sound_server.streams)
    loudspeaker.write(murmur(60.0, RATE_HZ))
    loudspeaker.close()
    loudspeaker.close()
    assert sound_server.streams() == []
