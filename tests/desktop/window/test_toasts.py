"""Short messages stand where nothing is covered, and what they undo comes back whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt, QUrl
from PySide6.QtQuick import QQuickItem

from storage.library import Library
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.desktop.window.seeds import exchange, picture
from tests.desktop.window.type_names import type_name

CONTROL = Qt.KeyboardModifier.ControlModifier


def _place(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(item.boundingRect())


def _toasts(driver: Driver) -> list[QRectF]:
    found = [i for i in driver.everything() if "Toast_QML" in type_name(i)]
    return [_place(item) for item in found if item.height() > 0]


def _tools(driver: Driver) -> list[QRectF]:
    """Everything in the transcript that can be pressed, as far as it is in sight."""
    view = driver.item("transcriptList")
    ground = _place(view)
    found: list[QRectF] = []
    waiting = [view]
    while waiting:
        item = waiting.pop()
        waiting += [child for child in item.childItems() if child.isVisible()]
        if item.property("pressed") is not None and item.width() > 0 and item.opacity() > 0:
            found.append(_place(item).intersected(ground))
    return [place for place in found if not place.isEmpty()]


@pytest.fixture
def talked(library_path: Path, open_window: Open) -> Driver:
    """A conversation that is longer than the window, at its end."""
    with Library.open(library_path) as library:
        conversation = library.conversations.new("talk").id
        for number in range(12):
            exchange(library, conversation, f"question {number}", "answer", [picture(number)])
    driver = open_window()
    driver.medley.dismissFirstStart()
    driver.medley.conversations_model.open(str(conversation))
    driver.until(lambda: driver.items("regenerateButton"))
    driver.settle()
    return driver


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("at_end", [True, False], ids=["at the end", "within"])
def test_messages_cover_nothing_that_can_be_pressed(
    talked: Driver, count: int, at_end: bool
) -> None:
    if not at_end:
        talked.medley.transcript_model.scrollTo.emit(8)
        talked.settle()
    for number in range(count):
        talked.medley.notices_model.error(f"something {number} went wrong")
    talked.until(lambda: len(_toasts(talked)) == count)
    talked.qtbot.wait(50)

    tools = _tools(talked)
    assert tools
    for toast in _toasts(talked):
        assert not any(toast.intersects(place) for place in tools)


def test_one_message_at_the_end_moves_nothing(talked: Driver) -> None:
    before = _place(talked.item("regenerateButton"))

    talked.medley.notices_model.inform("copied")
    talked.until(lambda: len(_toasts(talked)) == 1)
    talked.qtbot.wait(50)

    assert _place(talked.item("regenerateButton")) == before


@pytest.fixture
def attached(opened: Driver, media: dict[str, Path]) -> Driver:
    """Three attachments."""
    composer = opened.medley.composer_model
    composer.addFiles([QUrl.fromLocalFile(str(path)) for path in media.values()])
    opened.until(lambda: len(_names(opened)) == 3 and not composer.property("reading"))
    return opened


def _names(driver: Driver) -> list[str]:
    return [chip.name for chip in driver.medley.composer_model.attachments_model.rows]


def _take_away(driver: Driver, count: int = 1) -> None:
    """By the keyboard, perhaps faster than the strip draws its chips."""
    strip = next(i for i in driver.everything() if "AttachmentStrip" in type_name(i))
    strip.forceActiveFocus()
    for _ in range(count):
        driver.press(Qt.Key.Key_Delete)


def test_undo_brings_back_every_attachment_that_was_taken_away(attached: Driver) -> None:
    before = _names(attached)
    _take_away(attached, 2)
    attached.until(lambda: len(_names(attached)) == 1)

    attached.item("undoButton").forceActiveFocus()
    attached.press(Qt.Key.Key_Space)

    attached.until(lambda: _names(attached) == before)
    attached.until(lambda: not attached.items("undoButton"))


def test_undo_from_the_keyboard_brings_them_back_too(attached: Driver) -> None:
    before = _names(attached)
    _take_away(attached)
    attached.item("composerInput").forceActiveFocus()

    attached.press(Qt.Key.Key_Z, CONTROL)

    attached.until(lambda: _names(attached) == before)


def test_what_was_taken_from_a_message_that_was_sent_does_not_come_back(attached: Driver) -> None:
    _take_away(attached)
    attached.item("undoButton")

    attached.ask("what is this?")

    attached.until(lambda: not attached.items("undoButton"))
    assert _names(attached) == []
