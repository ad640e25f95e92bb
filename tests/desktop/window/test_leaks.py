"""Nothing is left behind: not of a conversation that is left, not of a window that is closed."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer

from desktop.window.media.picture_view import PictureView
from desktop.window.media.playback import Playback
from desktop.window.transcript.blocks import BlocksModel
from storage.library import Library
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.desktop.window.seeds import exchange, picture

KINDS = (BlocksModel, PictureView, Playback, QThread, QTimer)


def alive() -> Iterator[QObject]:
    """Every object of these kinds that Qt has."""
    QCoreApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))
    gc.collect()
    for found in gc.get_objects():
        # `type`, as `isinstance` asks objects of strangers for more than their class.
        if issubclass(type(found), KINDS) and shiboken6.isValid(found):
            yield found


def count(kind: type[QObject]) -> int:
    """How many of a kind there are."""
    return sum(issubclass(type(found), kind) for found in alive())


def pictures(path: Path) -> list[int]:
    """A library of two conversations with pictures."""
    with Library.open(path) as library:
        conversations = []
        for number in range(2):
            conversations.append(library.conversations.new(f"pictures {number}").id)
            for shade in range(12):
                data = picture(20 * shade + number)
                exchange(library, conversations[-1], "draw", "Here.", [data])
        return conversations


def show(driver: Driver, conversation: int) -> None:
    """Open a conversation and wait for its last picture."""
    driver.medley.conversations_model.open(str(conversation))
    driver.until(lambda: driver.medley.transcript_model.conversation == conversation)
    driver.item("pictureCard")
    driver.settle()


def test_conversations_that_are_left_leave_nothing_behind(
    library_path: Path, open_window: Open
) -> None:
    first, second = pictures(library_path)
    driver = open_window()
    driver.medley.dismissFirstStart()
    show(driver, first)
    show(driver, second)
    before = {kind: count(kind) for kind in KINDS}

    for _ in range(4):
        show(driver, first)
        show(driver, second)

    driver.until(lambda: all(count(kind) <= before[kind] for kind in KINDS))
    assert before[PictureView] > 0


def test_a_window_that_is_closed_leaves_nothing_behind(
    library_path: Path, open_window: Open
) -> None:
    first, _ = pictures(library_path)
    threads, before = threading.active_count(), {kind: count(kind) for kind in KINDS}
    driver = open_window()
    driver.medley.dismissFirstStart()
    show(driver, first)
    assert count(PictureView) > before[PictureView]

    driver.window.close()
    shiboken6.delete(driver.window)

    assert threading.active_count() == threads
    assert {kind: count(kind) for kind in KINDS} == before
