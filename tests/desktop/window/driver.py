"""Drives a window as a person does: by name of what is seen, with clicks and keys, and waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.window.medley import Medley
from desktop.window.session import OpenLibrary
from desktop.window.start import Window
from desktop.window.transcript.blocks import Block
from storage.library import Library

STILL = 4
"""Looks in a row that find a thing in one place before it is said to stand still."""
LIMIT_MS, ANSWER_LIMIT_MS = 60_000, 400_000
"""Limits for machines that are busy with something else; no test measures time."""


class Driver:
    """One window."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot

    @property
    def medley(self) -> Medley:
        """What QML is given."""
        return self.window.medley

    @property
    def now(self) -> OpenLibrary:
        """What is open."""
        assert self.window.session.now is not None
        return self.window.session.now

    @property
    def library(self) -> Library:
        """The window's own library."""
        return self.now.library

    # Waiting.

    def until(self, condition: Callable[[], Any], limit_ms: int = LIMIT_MS) -> None:
        """Let the window live until something is so."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=limit_ms)

    def settle(self) -> None:
        """Let everything that was begun end."""
        self.until(lambda: self.window.session.jobs.idle)
        self.qtbot.wait(1)
        self.until(lambda: self.window.session.jobs.idle)

    # What is seen.

    def everything(self) -> list[QQuickItem]:
        """All that can be seen."""
        top = self.window.window.contentItem()
        return [item for item in _below(top) if item.isVisible()]

    def items(self, name: str) -> list[QQuickItem]:
        """Everything of that name that can be seen."""
        return [
            item
            for item in _below(self.window.window.contentItem())
            if item.objectName() == name and item.isVisible() and item.width() > 0
        ]

    def item(self, name: str) -> QQuickItem:
        """The last thing of that name, waited for."""
        self.until(lambda: self.items(name))
        return self.items(name)[-1]

    def labelled(self, words: str) -> QQuickItem:
        """The last button in sight with these words, waited for."""
        ground = self.window.window.contentItem().boundingRect()

        def found() -> list[QQuickItem]:
            return [
                item
                for item in _below(self.window.window.contentItem())
                if item.property("text") == words
                and item.property("pressed") is not None
                and item.isVisible()
                and ground.contains(QPointF(_middle(item)))
            ]

        self.until(found)
        return found()[-1]

    @property
    def focused(self) -> QQuickItem | None:
        """Where the keyboard is."""
        return self.window.window.activeFocusItem()

    def picture(self) -> QImage:
        """The window as it looks now."""
        return self.window.window.grabWindow()

    def blocks(self, row: int = -1) -> list[Block]:
        """The blocks of a message of the transcript, by default the last."""
        rows = self.medley.transcript_model.rows
        return rows[row].blocks() if rows else []

    def kinds(self, row: int = -1) -> list[str]:
        """What kinds of blocks a message has."""
        return [block.modality or block.kind for block in self.blocks(row)]

    def status(self, row: int = -1) -> str:
        """Of a message of the transcript."""
        rows = self.medley.transcript_model.rows
        return rows[row].status if rows else ""

    def titles(self) -> list[str]:
        """What the sidebar lists."""
        return [row.title for row in self.medley.conversations_model.rows]

    def message_id(self, row: int = -1) -> str:
        """The id of a message of the transcript."""
        message = self.medley.transcript_model.rows[row].message
        assert message is not None
        return str(message.id)

    # What is done.

    def click(self, what: str | QQuickItem) -> None:
        """Click in the middle of something, given itself or by name, once it stands still."""
        QTest.mouseClick(
            self.window.window,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            self._still(what),
        )

    def _still(self, what: str | QQuickItem) -> QPoint:
        """Where the middle of something is, once that is in sight and moves no more."""
        ground = self.window.window.contentItem().boundingRect()
        places: list[QPoint] = []

        def stands() -> bool:
            found = self.items(what) if isinstance(what, str) else [what]
            places.append(_middle(found[-1]) if found else QPoint(-1, -1))
            lately = places[-STILL:]
            return len(lately) == STILL and len(set(map(QPoint.toTuple, lately))) == 1

        self.until(lambda: stands() and ground.contains(QPointF(places[-1])))
        return places[-1]

    def type(self, name: str, text: str) -> None:
        """Write into something."""
        self.item(name).forceActiveFocus()
        for character in text:
            QTest.keyClick(self.window.window, character)  # type: ignore[arg-type]

    def press(
        self,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self.window.window, key, modifiers)

    def tab_to(self, wanted: Callable[[QQuickItem], Any], most: int = 60) -> None:
        """Press Tab until the keyboard is where it is wanted."""
        for _ in range(most):
            item = self.focused
            if item is not None and wanted(item):
                return
            self.press(Qt.Key.Key_Tab)
            self.qtbot.wait(1)
        raise AssertionError("Tab does not come there")

    def ask(self, text: str) -> None:
        """Write a message and send it with Enter."""
        self.type("composerInput", text)
        self.until(lambda: self.medley.composer_model.property("canSend"))
        before = self.medley.transcript_model.rowCount()
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.medley.transcript_model.rowCount() == before + 2)

    def answered(self) -> None:
        """Wait until the last answer is over."""
        over = ("complete", "stopped", "failed")
        self.until(lambda: self.status() in over, ANSWER_LIMIT_MS)
        self.until(lambda: not self.medley.composer_model.property("busy"))


def _below(item: QQuickItem) -> Iterator[QQuickItem]:
    for child in item.childItems():
        yield child
        yield from _below(child)


def _middle(item: QQuickItem) -> QPoint:
    return item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
