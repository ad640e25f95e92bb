"""`PictureView`, which paints a picture of the library in QML.

Stands in place of Qt's own picture item. That one asks its provider on a thread of Qt's which holds
a lock meanwhile; a provider in Python waits there for the interpreter, and where the interpreter is
in a call that makes picture items (rows that are added to a model), both wait for ever. This item
asks a lane of the window's own and gets its picture on the window's thread.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Property, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem
from shiboken6 import isValid

from desktop.window.pictures import Pictures, Request


class Status(StrEnum):
    """How far a picture is."""

    NONE = ""
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class PictureView(QQuickPaintedItem):
    """One picture, as large as fits, or as large as covers the item."""

    sourceChanged = Signal()  # noqa: N815  (Qt names signals so)
    cropChanged = Signal()  # noqa: N815
    naturalChanged = Signal()  # noqa: N815
    statusChanged = Signal()  # noqa: N815

    pictures: Pictures | None = None
    """Set once for the whole window; without it no picture can be had."""

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._source = ""
        self._crop = self._natural = False
        self._status = Status.NONE
        self._image = QImage()
        self._request: Request | None = None
        self._fetched = QSize()
        # A source and a size that are given together ask once.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._fetch)
        self.widthChanged.connect(self._on_size)
        self.heightChanged.connect(self._on_size)

    @property
    def image(self) -> QImage:
        """What is painted."""
        return self._image

    def paint(self, painter: QPainter) -> None:
        """The picture."""
        if self._image.isNull():
            return
        room = QSize(int(self.width()), int(self.height()))
        if self._natural:
            room = self._image.size()
        mode = Qt.AspectRatioMode.KeepAspectRatio
        if self._crop:
            mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        size = self._image.size().scaled(room, mode)
        left, top = (room.width() - size.width()) / 2, (room.height() - size.height()) / 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(QRectF(0, 0, room.width(), room.height()))
        painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)

    def _set_source(self, source: str) -> None:
        if source == self._source:
            return
        self._source = source
        self._let_go()
        self._fetched = QSize()
        if not source:
            self._show(QImage(), Status.NONE)
        else:
            # What was there stays until the next comes: steps of one rendering do not flicker.
            self._set_status(Status.LOADING)
            self._soon.start(0)
        self.sourceChanged.emit()

    def _on_size(self) -> None:
        grown = self.width() > self._fetched.width() or self.height() > self._fetched.height()
        if self._source and grown and not self._natural:
            self._soon.start(0)

    def _fetch(self) -> None:
        pictures, wanted = self.pictures, self._wanted()
        if pictures is None or not self._source:
            return
        if not self._natural and wanted.isEmpty():
            return  # It has no size yet.
        self._let_go()
        self._fetched = QSize(int(self.width()), int(self.height()))

        def show(image: QImage) -> None:
            # The answer may come when the window has let go of this item.
            if isValid(self) and self._request is request:
                self._request = None
                self._show(image, Status.FAILED if image.isNull() else Status.READY)

        self._request = request = Request(self._source, wanted, show)
        pictures.fetch(request)

    def _wanted(self) -> QSize:
        """The size to be decoded to, in pixels of the screen; empty for the picture's own."""
        if self._natural:
            return QSize()
        # Of the finest screen. An item's own `window()` makes its wrapper die with the item.
        ratio = QGuiApplication.instance().devicePixelRatio()  # type: ignore[union-attr]
        side = (int(self.width() * ratio), int(self.height() * ratio))
        return QSize(max(side), max(side)) if self._crop and min(side) > 0 else QSize(*side)

    def _let_go(self) -> None:
        if self._request is not None:
            self._request.live = False
            self._request = None

    def _show(self, image: QImage, status: Status) -> None:
        self._image = image
        if self._natural and not image.isNull():
            self.setTextureSize(image.size())
        self._set_status(status)
        self.update()

    def _set_status(self, status: Status) -> None:
        if status != self._status:
            self._status = status
            self.statusChanged.emit()

    def _set_crop(self, crop: bool) -> None:
        if crop != self._crop:
            self._crop = crop
            self.cropChanged.emit()
            self.update()

    def _set_natural(self, natural: bool) -> None:
        if natural != self._natural:
            self._natural = natural
            self.naturalChanged.emit()

    source = Property(str, lambda self: self._source, _set_source, notify=sourceChanged)
    crop = Property(bool, lambda self: self._crop, _set_crop, notify=cropChanged)
    natural = Property(  # decoded in its own size, and enlarged by the scene
        bool, lambda self: self._natural, _set_natural, notify=naturalChanged
    )
    status = Property(str, lambda self: str(self._status), notify=statusChanged)
