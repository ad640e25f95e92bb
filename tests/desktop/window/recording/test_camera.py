"""The camera's pictures and clips become attachments in the real window, from a virtual camera."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from desktop.devices.frames import RATE_HZ
from desktop.window.composer.attachments import Chip
from desktop.window.recording.camera import CameraRecording
from tests.desktop.devices.listening import murmur
from tests.desktop.window.driver import Driver
from tests.desktop.window.recording.conftest import COLOUR, VirtualCamera
from tests.sound_server import SoundServer

pytestmark = pytest.mark.qt_log_ignore(
    "pipewire", "PulseAudio", "No audio device", "No RHI", "already started"
)


def recording(driver: Driver) -> CameraRecording:
    """What the sheet shows."""
    return driver.medley.recording_view.camera_recording


def attached(driver: Driver) -> Chip:
    """The attachment, once it is ready."""
    chips = driver.medley.composer_model.attachments_model
    driver.until(lambda: chips.rows and chips.rows[0].ready)
    return chips.rows[0]


def test_a_picture_is_attached(camera: VirtualCamera, opened: Driver) -> None:
    opened.click("cameraButton")
    opened.until(lambda: recording(opened).property("seen"))
    opened.click("takePicture")
    opened.click("attachTaken")
    chip = attached(opened)
    picture = Image.open(io.BytesIO(opened.library.media.read(chip.sha256)))
    assert picture.size == (320, 240)
    pixel = picture.convert("RGB").getpixel((10, 10))
    assert pixel == (COLOUR.red(), COLOUR.green(), COLOUR.blue())


def test_a_clip_with_sound_is_attached(
    sound_server: SoundServer, camera: VirtualCamera, opened: Driver
) -> None:
    opened.click("cameraButton")
    opened.until(lambda: recording(opened).property("seen"))
    opened.click("recordClip")
    said = sound_server.say_samples(murmur(1.0, RATE_HZ), RATE_HZ, wait=False)
    opened.until(lambda: said.poll() is not None and recording(opened).property("seconds") > 1)
    opened.click("stopClip")
    opened.until(lambda: recording(opened).property("state") == "clip")
    assert sound_server.streams() == []
    opened.click("attachTaken")
    chip = attached(opened)
    assert chip.modality == "video"
    with av.open(io.BytesIO(opened.library.media.read(chip.sha256))) as clip:
        frames = list(clip.decode(video=0))
        clip.seek(0)
        heard = [np.abs(block.to_ndarray()).max() for block in clip.decode(audio=0)]
    assert len(frames) > 15
    assert max(heard) > 0.1
    pixel = frames[-1].to_ndarray(format="rgb24")[100, 100]
    assert pixel == pytest.approx((COLOUR.red(), COLOUR.green(), COLOUR.blue()), abs=8)


def test_a_clip_is_trimmed_and_played(camera: VirtualCamera, opened: Driver) -> None:
    opened.click("cameraButton")
    opened.until(lambda: recording(opened).property("seen"))
    opened.click("recordClip")
    opened.until(lambda: recording(opened).property("seconds") > 2)
    opened.click("stopClip")
    opened.until(lambda: recording(opened).property("end") > 1.5)
    whole_s = recording(opened).property("duration")
    recording(opened).trim(0.5, 1.2)
    opened.click("playClip")
    opened.until(lambda: recording(opened).property("position") >= 1.2)
    opened.until(lambda: not recording(opened).property("playing"))
    opened.click("attachTaken")
    chip = attached(opened)
    with av.open(io.BytesIO(opened.library.media.read(chip.sha256)), "r") as clip:
        kept_s = float(clip.duration or 0) / av.time_base
    assert kept_s == pytest.approx(0.7, abs=0.15) and kept_s < whole_s - 0.5
    opened.until(lambda: recording(opened).property("state") == "off")


def test_without_a_camera_the_sheet_says_what_to_do(opened: Driver) -> None:
    opened.click("cameraButton")
    assert "There is no camera" in opened.item("missing").property("words")


def test_a_camera_that_gives_no_more_pictures_is_told(
    camera: VirtualCamera, opened: Driver
) -> None:
    opened.click("cameraButton")
    opened.until(lambda: recording(opened).property("seen"))
    camera.unplug()
    opened.until(lambda: recording(opened).property("state") == "failed")
    assert "gives no pictures" in opened.item("missing").property("words")


def test_escape_lets_go_of_the_camera(camera: VirtualCamera, opened: Driver) -> None:
    opened.click("cameraButton")
    opened.until(lambda: recording(opened).property("seen"))
    opened.press(Qt.Key.Key_Escape)
    opened.until(lambda: recording(opened).property("state") == "off")
    assert recording(opened).picture.isNull()
