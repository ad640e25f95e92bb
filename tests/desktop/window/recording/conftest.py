"""A sound server and a camera that shows one colour."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameInput

from desktop.window.recording.camera import CameraRecording
from tests.sound_server import session_sound_server, sound_server

__all__ = ["camera", "session_sound_server", "sound_server"]
FRAME_MS = 40
COLOUR = QColor(20, 120, 200)


class VirtualCamera:
    """Frames of 320 x 240 until it is unplugged."""

    def __init__(self) -> None:
        self.input = QVideoFrameInput()
        self._sent = 0
        self._tick = QTimer(self.input)
        self._tick.timeout.connect(self._send)
        self._tick.start(FRAME_MS)

    def unplug(self) -> None:
        """No more frames."""
        self._tick.stop()

    def _send(self) -> None:
        image = QImage(320, 240, QImage.Format.Format_RGB32)
        image.fill(COLOUR)
        frame = QVideoFrame(image)
        frame.setStreamFrameRate(1000 / FRAME_MS)
        frame.setStartTime(self._sent * FRAME_MS * 1000)
        frame.setEndTime((self._sent + 1) * FRAME_MS * 1000)
        self._sent += 1
        self.input.sendVideoFrame(frame)


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch, qapp: object) -> Iterator[VirtualCamera]:
    """The machine's camera."""
    made = VirtualCamera()
    monkeypatch.setattr(CameraRecording, "virtual", made.input)
    yield made
    made.unplug()


@pytest.fixture(autouse=True)
def nothing_is_left(collected: None) -> None:
    """Cameras and sound streams go on the thread that made them."""
