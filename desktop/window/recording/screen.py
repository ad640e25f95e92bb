"""`ScreenPicture`: takes a picture of a screen or of a window, and cuts a part out.

Qt Multimedia is loaded when this is first opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Property, QObject, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QWindow

from desktop.devices.errors import DeviceError

if TYPE_CHECKING:
    from desktop.devices.screen import Source

HIDE_MS = 350
"""Until a window that hides is gone from the screen."""
LEAST = 8
"""Pixels of a part, on each side."""


class ScreenPicture(QObject):
    """What the sheet for the screen shows. States: "off", "choosing", "waiting", "taken",
    "failed"."""

    changed = Signal()
    imageChanged = Signal()  # noqa: N815  (Qt names signals so)
    partChanged = Signal()  # noqa: N815

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sources: list[Source] = []
        self._state, self._problem = "off", ""
        self._image = QImage()
        self._part = QRectF()
        self._hidden: list[QWindow] = []

    @Slot()
    def start(self) -> None:
        """Look at what there is to take a picture of."""
        self.close()
        from desktop.devices.screen import sources

        self._sources = sources()
        self._state = "choosing"
        self.changed.emit()

    @Slot(int, bool)
    def take(self, number: int, hide: bool) -> None:
        """Take a picture of one of `names`, without this window where `hide` is given."""
        if self._state not in ("choosing", "failed") or not 0 <= number < len(self._sources):
            return
        self._state, self._problem = "waiting", ""
        self.changed.emit()
        if hide:
            # Hidden windows are closed ones to Qt, which would end the program.
            QGuiApplication.setQuitOnLastWindowClosed(False)
            self._hidden = [w for w in QGuiApplication.topLevelWindows() if w.isVisible()]
            for window in self._hidden:
                window.hide()
        QTimer.singleShot(HIDE_MS if hide else 0, self, lambda: self._shoot(number))

    @Slot()
    def close(self) -> None:
        """Forget what was taken."""
        self._come_back()
        self._image, self._part = QImage(), QRectF()
        self._state, self._problem = "off", ""
        for signal in (self.changed, self.imageChanged, self.partChanged):
            signal.emit()

    @Slot(float, float, float, float)
    def cut(self, x: float, y: float, width: float, height: float) -> None:
        """Keep a part, in shares of the picture (0 to 1); all of it where the part is too small."""
        part = QRectF(x, y, width, height).normalized() & QRectF(0, 0, 1, 1)
        size = self._image.size()
        large = part.width() * size.width() >= LEAST and part.height() * size.height() >= LEAST
        self._part = part if large else QRectF()
        self.partChanged.emit()

    @property
    def picture(self) -> QImage:
        """What is kept."""
        if self._part.isNull():
            return self._image
        size, part = self._image.size(), self._part
        return self._image.copy(
            round(part.x() * size.width()), round(part.y() * size.height()),
            round(part.width() * size.width()), round(part.height() * size.height()),
        )  # fmt: skip

    def _shoot(self, number: int) -> None:
        if self._state == "waiting":
            from desktop.devices.screen import Shot

            Shot(self._sources[number], self._taken, self)

    def _taken(self, image: QImage | None, error: DeviceError | None) -> None:
        self._come_back()
        if self._state != "waiting":
            return
        self._image = image or QImage()
        self._problem = error.kind if error is not None else ""
        self._state = "taken" if image is not None else "failed"
        self.changed.emit()
        self.imageChanged.emit()

    def _come_back(self) -> None:
        hidden, self._hidden = self._hidden, []
        for window in hidden:
            window.show()
        if hidden:
            QGuiApplication.setQuitOnLastWindowClosed(True)

    state = Property(str, lambda self: self._state, notify=changed)
    problem = Property(str, lambda self: self._problem, notify=changed)
    names = Property(list, lambda self: [source.name for source in self._sources], notify=changed)
    image = Property(QImage, lambda self: self._image, notify=imageChanged)
    part = Property(QRectF, lambda self: self._part, notify=partChanged)
