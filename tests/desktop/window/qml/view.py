"""The window's QML shown over a made-up `medley`: find, click, press, and hear its warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QPoint, QPointF, QSize, Qt, QTranslator, QUrl
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

from desktop.window.media.picture_view import PictureView
from desktop.window.media.pictures import Pictures, Request
from desktop.window.start import QML
from tests.desktop.window.qml.made import put

NO_KEYS = Qt.KeyboardModifier.NoModifier


class View:
    """One window."""

    def __init__(self, medley: Any, width: int = 1120, height: int = 760) -> None:
        self.medley = medley
        self.warnings: list[str] = []
        self._translator: QTranslator | None = None
        self.engine = QQmlApplicationEngine()
        self.engine.warnings.connect(
            lambda found: self.warnings.extend(warning.toString() for warning in found)
        )
        PictureView.pictures = _Plain()
        self.engine.rootContext().setContextProperty("medley", medley)
        self.engine.load(QUrl.fromLocalFile(str(QML / "Main.qml")))
        assert self.engine.rootObjects(), self.warnings
        window = self.engine.rootObjects()[0]
        assert isinstance(window, QQuickWindow)
        self.window = window
        self.resize(width, height)

    def close(self) -> None:
        """Take the window away."""
        self.speak("en")
        shiboken6.delete(self.engine)
        PictureView.pictures = None

    # What is so.

    def part(self, name: str) -> Any:
        """A part of `medley`."""
        return self.medley.values[name]

    def calls(self, name: str) -> list[tuple[Any, ...]]:
        """What was called on a part so far."""
        return list(self.part(name).calls)

    def items(self, below: QQuickItem | None = None) -> Iterator[QQuickItem]:
        """Everything that can be seen, popups too, in the order in which it is painted."""
        top = self.window.contentItem() if below is None else below
        for child in top.childItems():
            if child.isVisible():
                yield child
                yield from self.items(child)

    def find(self, name: str) -> QQuickItem:
        """The last item of that name, of those in sight if there are some."""
        found = [item for item in self.items() if item.objectName() == name]
        assert found, f"nothing visible is called {name}"
        return self._in_sight(found)

    def named(self, words: str) -> QQuickItem:
        """The last item that a screen reader calls so, of those in sight if there are some."""
        found = [item for item in self.items() if spoken(item) == words]
        assert found, f"nothing is spoken as {words!r}"
        return self._in_sight(found)

    def _in_sight(self, found: list[QQuickItem]) -> QQuickItem:
        ground = self.window.contentItem().boundingRect()
        return ([item for item in found if ground.contains(QPointF(middle(item)))] or found)[-1]

    @property
    def focused(self) -> QQuickItem:
        """Where the keyboard is."""
        item = self.window.activeFocusItem()
        assert item is not None
        return item

    def picture(self) -> QImage:
        """How the window looks."""
        return self.window.grabWindow()

    # What is done.

    def settle(self, milliseconds: int = 30) -> None:
        """Let events pass and the layout come to rest."""
        QTest.qWait(milliseconds)

    def until(self, condition: Callable[[], Any]) -> None:
        """Wait for something."""
        for _ in range(2000):
            if condition():
                return
            QTest.qWait(30)
        raise AssertionError("it did not come about")

    def resize(self, width: int, height: int) -> None:
        """Give the window a size."""
        self.window.resize(QSize(width, height))
        self.settle()

    def look(self, **values: Any) -> None:
        """Change theme, contrast, scale or language."""
        if "language" in values:
            self.speak(values["language"])
        put(self.medley, **values)
        self.settle()

    def speak(self, language: str) -> None:
        """Change the language of the words."""
        if self._translator is not None:
            QGuiApplication.removeTranslator(self._translator)
            self._translator = None
        if language != "en":
            self._translator = QTranslator()
            assert self._translator.load(str(QML / "i18n" / f"medley_{language}.qm"))
            QGuiApplication.installTranslator(self._translator)
        self.engine.retranslate()

    def click(self, item: QQuickItem | str) -> None:
        """Click in the middle of something."""
        at = self.find(item) if isinstance(item, str) else item
        QTest.mouseClick(self.window, Qt.MouseButton.LeftButton, NO_KEYS, middle(at))
        self.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self.window, key, modifiers)
        self.settle(5)

    def type(self, text: str) -> None:
        """Type letters where the focus is."""
        for letter in text:
            QTest.keyClick(self.window, letter)  # type: ignore[arg-type]

    def wheel(self, item: QQuickItem, up: int) -> None:
        """Turn the wheel over something; 120 is one notch."""
        QTest.wheelEvent(self.window, QPointF(middle(item)), QPoint(0, up))
        self.settle(250)


def middle(item: QQuickItem) -> QPoint:
    """Of an item, in the window."""
    return item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()


def spoken(item: QObject) -> str:
    """What a screen reader says for an item."""
    interface = QAccessible.queryAccessibleInterface(item)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def description(item: QObject) -> str:
    """What a screen reader says for an item when it is asked for more."""
    interface = QAccessible.queryAccessibleInterface(item)
    return interface.text(QAccessible.Text.Description) if interface is not None else ""


def role(item: QObject) -> QAccessible.Role | None:
    """What a screen reader takes an item for."""
    interface = QAccessible.queryAccessibleInterface(item)
    return interface.role() if interface is not None else None


class _Plain(Pictures):
    """A grey picture for every address."""

    def __init__(self) -> None:
        """Needs nothing."""

    def fetch(self, request: Request) -> None:
        """One picture of the wanted size."""
        size = request.wanted if request.wanted.width() > 0 else QSize(64, 48)
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.lightGray)
        request.show(image)
