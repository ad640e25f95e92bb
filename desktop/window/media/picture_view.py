"""`PictureView`, which paints a picture of the library in QML.

Stands in place of Qt's own picture item. That one asks its provider on a thread of Qt's which holds
a lock meanwhile; a provider in Python waits there for the interpreter, and where the interpreter is
in a call that makes picture items (rows that are added to a model), both wait for ever. This item
asks a queue of the window's own and gets its picture on the window's thread.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Property, QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem
from shiboken6 import isValid

from desktop.window.media.pictures import Pictures, Request

SHARP = 4
"""How many times its own size a picture is painted at before its pixels are seen one by one."""


class Status(StrEnum):
    """How far a picture is."""

    NONE = ""
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class PictureView(QQuickPaintedItem):
    """One picture, as large as fits, or as large as covers the item.

    With a `frame` it lies there, larger or smaller than the item, which is then a window onto it:
    what is painted is never more than what is seen.
    """

    sourceChanged = Signal()  # noqa: N815  (Qt names signals so)
    cropChanged = Signal()  # noqa: N815
    frameChanged = Signal()  # noqa: N815
    statusChanged = Signal()  # noqa: N815

    pictures: Pictures | None = None
    """Set once for the whole window; without it no picture can be had."""

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._source = ""
        self._crop = False
        self._frame = QRectF()
        self._reduced = QImage()
        """The picture at the size at which it was painted last, where that is a smaller one."""
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
        item = QRectF(0, 0, self.width(), self.height())
        room = item if self._frame.isEmpty() else self._frame
        mode = Qt.AspectRatioMode.KeepAspectRatio
        if self._crop:
            mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        size = QSizeF(self._image.size()).scaled(room.size(), mode)
        corner = room.center() - QPointF(size.width() / 2, size.height() / 2)
        painter.setClipRect(item)
        # Single pixels are to be seen as such.
        smooth = size.width() < SHARP * self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(QRectF(corner, size), self._of_size(size, painter))

    def _of_size(self, size: QSizeF, painter: QPainter) -> QImage:
        """The picture, reduced with all of its pixels where it is painted at less than half."""
        ratio = painter.transform().m11()
        wanted = QSize(round(size.width() * ratio), round(size.height() * ratio))
        if wanted.isEmpty() or 2 * wanted.width() > self._image.width():
            return self._image
        if self._reduced.size() != wanted:
            self._reduced = self._image.scaled(
                wanted,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        return self._reduced

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
        if self._source and grown and self._frame.isEmpty():
            self._soon.start(0)

    def _fetch(self) -> None:
        pictures, wanted = self.pictures, self._wanted()
        if pictures is None or not self._source:
            return
        if self._frame.isEmpty() and wanted.isEmpty():
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
        if not self._frame.isEmpty():
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
        self._image, self._reduced = image, QImage()
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

    def _set_frame(self, frame: QRectF) -> None:
        if frame != self._frame:
            if self._source and self._frame.isEmpty():
                self._soon.start(0)  # Now it is wanted in its own size.
            self._frame = frame
            self.frameChanged.emit()
            self.update()

    source = Property(str, lambda self: self._source, _set_source, notify=sourceChanged)
    crop = Property(bool, lambda self: self._crop, _set_crop, notify=cropChanged)
    frame = Property(  # where the whole picture lies; it is decoded in its own size then
        QRectF, lambda self: self._frame, _set_frame, notify=frameChanged
    )
    status = Property(str, lambda self: str(self._status), notify=statusChanged)
