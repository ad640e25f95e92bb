"""A screen is grabbed, and one that is not there is told."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from desktop.devices.errors import DeviceError
from desktop.devices.screen import Shot, Source, sources

pytestmark = pytest.mark.qt_log_ignore("pipewire", "PulseAudio", "apturable")
Taken = list[tuple[QImage | None, DeviceError | None]]


def test_a_screen_is_as_large_as_its_picture(qapp: QGuiApplication, qtbot: QtBot) -> None:
    taken: Taken = []
    Shot(sources()[0], lambda *found: taken.append(found))
    qtbot.waitUntil(lambda: bool(taken))
    image, error = taken[0]
    assert error is None
    assert image is not None
    assert image.size() == qapp.primaryScreen().size()


def test_a_screen_that_is_not_there_is_told(qapp: QGuiApplication) -> None:
    taken: Taken = []
    Shot(Source("gone", screen=99), lambda *found: taken.append(found))
    image, error = taken[0]
    assert image is None
    assert error is not None
    assert error.kind == "no_device"
