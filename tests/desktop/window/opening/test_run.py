"""The way from the first frame to the whole window, and what an idle window does: nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.window import start
from desktop.window.first_window import Call
from desktop.window.opening.cursor import CursorRest
from desktop.window.opening.run import Opening
from plugins.errors import BugError

IDLE_MS = 1500
REST_MS = 50


class _Timers(QObject):
    """Keeps which timers of the window's and of QML's ran."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Timer:
            owner = watched
            while (above := owner.parent()) is not None:
                owner = above
            if isinstance(owner, start.Window | Opening) or watched.inherits("QUnifiedTimer"):
                self.seen.append(watched.objectName() or type(watched).__name__)
        return False


@pytest.fixture
def opening(
    application: QGuiApplication,
    library_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Opening]:
    """A window that shows its first frame and is filled after it; it starts no engine."""
    monkeypatch.setattr(start.Session, "start_engine", lambda self, bundle="": None)
    made = Opening(library_path)
    yield made
    made.close()


def test_the_window_is_filled_after_its_first_frame(opening: Opening, qtbot: QtBot) -> None:
    assert opening.window is None
    assert opening.front.window.isVisible()

    qtbot.waitUntil(lambda: opening.window is not None, timeout=60_000)

    assert opening.window is not None
    assert opening.window.window is opening.front.window
    assert opening.front.window.property("filled")


def test_files_of_a_second_start_wait_for_the_window(
    opening: Opening, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[Call] = []
    monkeypatch.setattr(start.Window, "come", lambda self, call: came.append(call))

    opening.come(Call((b"/a.png",)))
    assert came == []
    qtbot.waitUntil(lambda: opening.window is not None, timeout=60_000)
    opening.come(Call())

    assert [call.paths for call in came] == [[Path("/a.png")], []]


def test_a_broken_window_ends_the_program_and_says_why(
    opening: Opening, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise BugError("broken")

    monkeypatch.setattr(start, "Window", broken)
    ended: list[int] = []
    monkeypatch.setattr(QGuiApplication, "exit", lambda code: ended.append(code))

    qtbot.waitUntil(lambda: ended == [1], timeout=60_000)

    assert str(opening.error) == "broken"


@pytest.mark.sound  # Where few tests run in one process: timers of others would be counted.
def test_an_idle_window_draws_no_frame_and_no_timer_runs(
    opening: Opening, qtbot: QtBot, application: QGuiApplication
) -> None:
    qtbot.waitUntil(lambda: opening.window is not None, timeout=60_000)
    window = opening.window
    assert window is not None
    qtbot.waitUntil(lambda: window.session.now is not None, timeout=60_000)
    window.medley.dismissFirstStart()
    rest = CursorRest(window, REST_MS)
    frames: list[float] = []
    window.window.frameSwapped.connect(lambda: frames.append(time.monotonic()))
    # Until what has just been opened has come to rest.
    qtbot.waitUntil(
        lambda: window.session.jobs.idle and bool(frames) and time.monotonic() - frames[-1] > 1.0,
        timeout=60_000,
    )
    frames.clear()
    timers = _Timers()
    application.installEventFilter(timers)
    once = QTimer(window)
    once.setSingleShot(True)
    once.start(1)
    qtbot.waitUntil(lambda: bool(timers.seen))  # One of the window's is seen.
    once.stop()
    timers.seen.clear()

    qtbot.wait(IDLE_MS)

    application.removeEventFilter(timers)
    assert window.window.activeFocusItem().objectName() == "composerInput"
    assert frames == []
    assert timers.seen == []
    rest.close()
