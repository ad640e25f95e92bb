"""The real window on a real library, without a screen; Qt's warnings fail the test."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.window.theme import quiet_known_noise

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
# Nobody's own desktop shows what happens in tests.
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"
quiet_known_noise()

from PySide6.QtGui import QGuiApplication  # noqa: E402  (after Qt's environment)
from pytestqt.qtbot import QtBot  # noqa: E402

from desktop.assistant.assistant import EngineChoice  # noqa: E402
from desktop.window.start import Window, prepare  # noqa: E402
from tests.desktop.window.driver import Driver  # noqa: E402

Open = Callable[..., Driver]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    """An application without widgets, as the real one."""
    return QGuiApplication


@pytest.fixture(scope="session")
def application(qapp: QGuiApplication) -> QGuiApplication:
    """The application, readied for windows once."""
    prepare(qapp)
    return qapp


@pytest.fixture
def library_path(tmp_path: Path) -> Path:
    """Where a new library will be."""
    return tmp_path / "library" / "library.db"


@pytest.fixture
def open_window(application: QGuiApplication, qtbot: QtBot, library_path: Path) -> Iterator[Open]:
    """Open windows, without an engine unless it is asked for. All are closed at the end, and
    nothing of them is left."""
    before = set(threading.enumerate())
    windows: list[Window] = []

    def open_(
        *files: Path,
        library: Path = library_path,
        choice: EngineChoice | None = None,
    ) -> Driver:
        window = Window(files, library, choice, start_engine=False)
        windows.append(window)
        driver = Driver(window, qtbot)
        driver.until(lambda: window.medley.property("libraryState") != "opening")
        return driver

    yield open_
    for window in windows:
        window.close()
    assert set(threading.enumerate()) <= before


@pytest.fixture
def opened(open_window: Open) -> Driver:
    """A window on an empty library, whose first start is over."""
    driver = open_window()
    driver.medley.dismissFirstStart()
    driver.settle()
    return driver
