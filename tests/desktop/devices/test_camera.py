"""A camera that is not there is told; what one sees is tested in the window's recording tests."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from desktop.devices.camera import Camera, cameras
from desktop.devices.errors import DeviceError

pytestmark = pytest.mark.qt_log_ignore("pipewire", "PulseAudio")


def test_no_camera_is_told_with_its_kind(qapp: QGuiApplication) -> None:
    if cameras():
        pytest.skip("this machine has a camera")
    camera = Camera()
    with pytest.raises(DeviceError, match="Expected a camera, found none") as caught:
        camera.open()
    assert caught.value.kind == "no_device"
    camera.close()
