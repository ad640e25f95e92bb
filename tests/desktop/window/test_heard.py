"""What a screen reader is told while an answer comes: what Qt hands to the desktop, in words."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QLibraryInfo
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent

from storage.records import Text
from tests.desktop.window.driver import Driver

INSTALL = "_ZN11QAccessible20installUpdateHandlerEPFvP16QAccessibleEventE"
"""Qt's way to hear what a screen reader hears; PySide does not have it."""
Heard = list[tuple[str, QAccessible.AnnouncementPoliteness]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What is announced from now on."""
    if sys.platform != "linux":
        pytest.skip("Qt's libraries have other names here")
    libraries = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.LibrariesPath))
    gui = ctypes.CDLL(str(libraries / "libQt6Gui.so.6"), mode=os.RTLD_NOLOAD | os.RTLD_NOW)
    install = gui[INSTALL]
    install.argtypes, install.restype = [ctypes.c_void_p], ctypes.c_void_p
    said: Heard = []

    def hear(address: int) -> None:
        # Qt reuses the address at once, so no wrapper may outlive the call.
        event = shiboken6.wrapInstance(address, QAccessibleEvent)
        kind = event.type()
        del event
        if kind == QAccessible.Event.Announcement:
            told = shiboken6.wrapInstance(address, QAccessibleAnnouncementEvent)
            said.append((told.message(), told.politeness()))
            del told

    handler = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(hear)
    before = install(ctypes.cast(handler, ctypes.c_void_p))
    QAccessible.setActive(True)
    yield said
    install(before)


def test_an_answer_is_announced_sentence_by_sentence_while_it_comes(
    opened: Driver, heard: Heard
) -> None:
    conversation = opened.library.conversations.new().id
    opened.medley.conversations_model.open(str(conversation))
    asked = opened.library.messages.add(conversation, [Text("hello")]).id
    opened.until(lambda: opened.medley.transcript_model.rowCount() == 1)
    opened.item("transcriptList")
    writer = opened.library.messages.begin_answer(asked)

    writer.text("A boat. It")
    writer.flush()
    opened.until(lambda: [words for words, _ in heard] == ["A boat."])
    assert opened.status() == "streaming"
    writer.text(" sails")
    writer.finish()
    opened.until(lambda: opened.status() == "complete")

    opened.until(lambda: [words for words, _ in heard] == ["A boat.", "It sails"])
    # In turn, without breaking off what is being read.
    assert {how for _, how in heard} == {QAccessible.AnnouncementPoliteness.Polite}
