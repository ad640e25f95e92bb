"""The text cursor blinks while somebody writes, and rests after that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.window.opening.cursor import CursorRest

FLASH_MS = 800


@pytest.fixture
def flash_ms(qapp: QGuiApplication) -> Iterator[int]:
    """The desktop has the cursor blink."""
    before = qapp.styleHints().cursorFlashTime()
    qapp.styleHints().setCursorFlashTime(FLASH_MS)
    yield FLASH_MS
    qapp.styleHints().setCursorFlashTime(before)


def _now() -> int:
    return QGuiApplication.styleHints().cursorFlashTime()


def test_it_rests_and_a_key_wakes_it(flash_ms: int, qtbot: QtBot) -> None:
    rest, watched = CursorRest(rest_ms=20), QObject()
    watched.installEventFilter(rest)
    assert _now() == flash_ms
    qtbot.waitUntil(lambda: _now() == 0)

    QGuiApplication.sendEvent(watched, QEvent(QEvent.Type.HoverMove))
    assert _now() == 0
    QGuiApplication.sendEvent(watched, QEvent(QEvent.Type.FocusIn))
    assert _now() == flash_ms
    qtbot.waitUntil(lambda: _now() == 0)

    rest.close()
    assert _now() == flash_ms


def test_where_the_desktop_wants_no_blinking_nothing_is_changed(
    flash_ms: int, qapp: QGuiApplication
) -> None:
    qapp.styleHints().setCursorFlashTime(0)
    rest, watched = CursorRest(rest_ms=20), QObject()
    watched.installEventFilter(rest)

    QGuiApplication.sendEvent(watched, QEvent(QEvent.Type.FocusIn))
    rest.close()

    assert _now() == 0
