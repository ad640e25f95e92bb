"""A picture of the screen, or a part of it, becomes an attachment in the real window."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from desktop.window.recording.screen import ScreenPicture
from tests.desktop.window.driver import Driver

pytestmark = pytest.mark.qt_log_ignore("pipewire", "PulseAudio", "No RHI", "apturable")


def shot(driver: Driver) -> ScreenPicture:
    """What the sheet shows."""
    return driver.medley.recording_view.screen_picture


def attached(driver: Driver) -> Image.Image:
    """The attachment, once it is ready."""
    chips = driver.medley.composer_model.attachments_model
    driver.until(lambda: chips.rows and chips.rows[0].ready)
    return Image.open(io.BytesIO(driver.library.media.read(chips.rows[0].sha256)))


def taken(driver: Driver) -> None:
    """Open the sheet and take a picture of the first screen."""
    driver.click("screenButton")
    driver.click("takeShot")
    driver.until(lambda: shot(driver).property("state") == "taken")


def test_the_screen_is_attached(opened: Driver) -> None:
    taken(opened)
    assert opened.window.window.isVisible()
    size = shot(opened).picture.size()
    opened.click("attachShot")
    assert attached(opened).size == (size.width(), size.height())


def test_a_part_that_is_dragged_is_attached(opened: Driver) -> None:
    taken(opened)
    view, window = opened.item("screenView"), opened.window.window
    place = view.property("place")

    def at(x: float, y: float) -> QPoint:
        inside = QPointF(place.x() + x * place.width(), place.y() + y * place.height())
        return view.mapToScene(inside).toPoint()

    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(window, left, none, at(0.25, 0.25))
    QTest.mouseMove(window, at(0.5, 0.5))
    QTest.mouseMove(window, at(0.75, 0.75))
    QTest.mouseRelease(window, left, none, at(0.75, 0.75))
    opened.until(lambda: shot(opened).property("part").width() > 0.4)
    whole = shot(opened).property("image").size()
    opened.click("attachShot")
    picture = attached(opened)
    assert picture.width == pytest.approx(whole.width() / 2, rel=0.05)
    assert picture.height == pytest.approx(whole.height() / 2, rel=0.05)


def test_the_buttons_are_reached_by_tab_and_named(opened: Driver) -> None:
    names = ("recordSoundButton", "cameraButton", "screenButton")
    opened.item("composerInput").forceActiveFocus()
    for name in names:
        opened.tab_to(lambda item, name=name: item.objectName() == name)
        assert opened.focused is not None
        assert opened.focused.property("text") in ("Record sound", "Camera", "Screen")
