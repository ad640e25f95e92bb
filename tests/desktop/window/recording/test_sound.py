"""A sound is recorded, trimmed, played and attached in the real window, from a real microphone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop.devices.frames import RATE_HZ
from desktop.window.recording.sound import SoundRecording
from runtime.media.audio import read_audio
from tests.desktop.devices.listening import likeness, murmur
from tests.desktop.window.driver import Driver
from tests.sound_server import SoundServer

pytestmark = pytest.mark.qt_log_ignore(
    "pipewire", "PulseAudio", "No audio device", "No RHI", "already started"
)


def recording(driver: Driver) -> SoundRecording:
    """What the sheet shows."""
    return driver.medley.recording_view.sound_recording


def state(driver: Driver) -> str:
    """Of the sheet."""
    return str(recording(driver).property("state"))


def opened_sheet(driver: Driver) -> None:
    """Open the sheet and wait until sound comes."""
    driver.click("recordSoundButton")
    driver.until(lambda: recording(driver).property("seconds") > 0.2)


def test_what_is_said_becomes_an_attachment(sound_server: SoundServer, opened: Driver) -> None:
    said = murmur(1.0, RATE_HZ)
    opened_sheet(opened)
    assert len(sound_server.streams()) == 1
    process = sound_server.say_samples(said, RATE_HZ, wait=False)
    opened.until(lambda: process.poll() is not None)
    opened.until(lambda: recording(opened).property("seconds") > 1.8)
    opened.click("stopRecording")
    assert sound_server.streams() == []
    opened.click("attachRecorded")
    chips = opened.medley.composer_model.attachments_model
    opened.until(lambda: chips.rows and chips.rows[0].ready)
    assert chips.rows[0].modality == "audio"
    medium = opened.library.media.get(chips.rows[0].sha256)
    kept = read_audio(opened.now.media.path(medium)).samples
    assert likeness(kept, said) > 0.98


def test_both_ends_are_trimmed_by_keys(sound_server: SoundServer, opened: Driver) -> None:
    opened_sheet(opened)
    opened.until(lambda: recording(opened).property("seconds") > 1.2)
    opened.click("stopRecording")
    whole = recording(opened).property("seconds")
    opened.item("trim").forceActiveFocus()
    for _ in range(3):
        opened.press(Qt.Key.Key_Right)
    assert recording(opened).property("begin") == pytest.approx(0.3, abs=0.01)
    recording(opened).trim(0.3, whole - 0.4)
    assert len(recording(opened).kept()) == pytest.approx((whole - 0.7) * RATE_HZ, abs=2)


def test_what_is_kept_is_played(sound_server: SoundServer, opened: Driver) -> None:
    opened_sheet(opened)
    opened.until(lambda: recording(opened).property("seconds") > 0.6)
    opened.click("stopRecording")
    positions: list[float] = []
    sound = recording(opened)
    sound.moved.connect(lambda: positions.append(sound.property("position")))
    opened.click("playRecorded")
    opened.until(lambda: positions and not sound.property("playing"))
    assert max(positions) > 0.3
    assert sound_server.streams() == []


def test_escape_and_closing_the_window_let_go_of_the_microphone(
    sound_server: SoundServer, opened: Driver
) -> None:
    opened_sheet(opened)
    opened.press(Qt.Key.Key_Escape)
    opened.until(lambda: not sound_server.streams())
    assert state(opened) == "off"
    opened_sheet(opened)
    opened.window.close()
    assert sound_server.streams() == []


def test_a_microphone_that_goes_leaves_what_was_recorded(
    sound_server: SoundServer, opened: Driver
) -> None:
    opened_sheet(opened)
    sound_server.kill()
    opened.until(lambda: state(opened) == "taken")
    opened.item("missing")
    assert len(recording(opened).property("peaks")) > 2
    assert recording(opened).property("problem") == "lost"


def test_without_a_microphone_the_sheet_says_what_to_do(
    sound_server: SoundServer, opened: Driver
) -> None:
    sound_server.kill()
    opened.click("recordSoundButton")
    opened.until(lambda: state(opened) == "failed")
    assert "no microphone" in opened.item("missing").property("words")
    sound_server.start()
    opened.click("recordAgain")
    opened.until(lambda: recording(opened).property("seconds") > 0.1)


def test_a_sound_is_recorded_and_attached_with_keys_alone(
    sound_server: SoundServer, opened: Driver
) -> None:
    opened.item("composerInput").forceActiveFocus()
    opened.tab_to(lambda item: item.objectName() == "recordSoundButton")
    opened.press(Qt.Key.Key_Return)
    opened.until(lambda: recording(opened).property("seconds") > 0.3)
    opened.press(Qt.Key.Key_Return)
    opened.until(lambda: state(opened) == "taken")
    opened.press(Qt.Key.Key_Return)
    chips = opened.medley.composer_model.attachments_model
    opened.until(lambda: chips.rows and chips.rows[0].ready)
