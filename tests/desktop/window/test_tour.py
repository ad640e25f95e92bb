"""The tour: on the first start alone, left at any time, never in anybody's way."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.window.start import Window
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver


@pytest.fixture
def toured(open_window: Open) -> Driver:
    """A window in which the tour is on."""
    driver = open_window()
    driver.medley.tour_view.begin()
    driver.item("tourBubble")
    return driver


def on(driver: Driver) -> bool:
    """Whether the tour is on."""
    return bool(driver.medley.tour_view.property("on"))


def test_it_speaks_of_four_parts_and_ends(toured: Driver) -> None:
    for _ in range(4):
        bubble = toured.item("tourBubble")
        ground = toured.window.window.contentItem().boundingRect()
        assert ground.contains(bubble.mapRectToScene(QRectF(bubble.boundingRect())))
        toured.click("tourNext")

    toured.until(lambda: not on(toured))
    assert toured.window.session.preferences.toured


def test_it_is_skipped_with_escape_while_the_keyboard_is_in_the_message(toured: Driver) -> None:
    assert toured.focused is not None and toured.focused.objectName() == "composerInput"
    toured.press(Qt.Key.Key_Escape)

    toured.until(lambda: not on(toured))


def test_it_begins_by_itself_once(
    application: QGuiApplication, qtbot: QtBot, library_path: Path
) -> None:
    for expected in (True, False):
        window = Window(library=library_path, start_engine=False, tour=True)
        try:
            driver = Driver(window, qtbot)
            driver.until(lambda: window.medley.property("libraryState") == "ready")  # noqa: B023  (called at once)
            driver.settle()
            assert on(driver) is expected
            if expected:
                driver.click("tourSkip")
                driver.until(lambda: not on(driver))  # noqa: B023  (called at once)
            driver.settle()
        finally:
            window.close()


def test_nobody_who_has_used_medley_is_shown_around(opened: Driver) -> None:
    assert not on(opened)
    opened.medley.tour_view.welcome()
    assert not on(opened)
