"""`Bars` paints how loud a recording is; `Live` paints what a camera sees or a screen shows."""

from __future__ import annotations

from PySide6.QtCore import Property, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

BAR_PX, GAP_PX = 3.0, 2.0
QUIETEST_PX = 2.0


class Bars(QQuickPaintedItem):
    """A row of bars. Those of what is kept have another colour than the rest."""

    looksChanged = Signal()  # noqa: N815  (Qt names signals so)

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._peaks: list[float] = []
        self._live = False
        self._begin, self._end = 0.0, 1.0
        self._color, self._kept = QColor("#888888"), QColor("#4466dd")

    def paint(self, painter: QPainter) -> None:
        """The bars: the newest at the right end while it is live, else all of the sound."""
        bars = max(1, int((self.width() + GAP_PX) / (BAR_PX + GAP_PX)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for bar in range(bars):
            kept = self._live or self._begin <= (bar + 0.5) / bars <= self._end
            painter.setBrush(self._kept if kept else self._color)
            height = max(QUIETEST_PX, self._loudness(bar, bars) * self.height())
            box = QRectF(bar * (BAR_PX + GAP_PX), (self.height() - height) / 2, BAR_PX, height)
            painter.drawRoundedRect(box, BAR_PX / 2, BAR_PX / 2)

    def _loudness(self, bar: int, bars: int) -> float:
        count = len(self._peaks)
        if self._live:
            at = count - bars + bar
            return self._peaks[at] if at >= 0 else 0.0
        if not count:
            return 0.0
        begin = bar * count // bars
        return max(self._peaks[begin : max(begin + 1, (bar + 1) * count // bars)])

    def _set(self, name: str, value: object) -> None:
        setattr(self, name, value)
        self.looksChanged.emit()
        self.update()

    peaks = Property(
        list, lambda self: self._peaks, lambda self, v: self._set("_peaks", v), notify=looksChanged
    )
    live = Property(
        bool, lambda self: self._live, lambda self, v: self._set("_live", v), notify=looksChanged
    )
    begin = Property(
        float, lambda self: self._begin, lambda self, v: self._set("_begin", v), notify=looksChanged
    )
    end = Property(
        float, lambda self: self._end, lambda self, v: self._set("_end", v), notify=looksChanged
    )
    color = Property(
        QColor, lambda self: self._color, lambda self, v: self._set("_color", v),
        notify=looksChanged,
    )  # fmt: skip
    keptColor = Property(  # noqa: N815
        QColor, lambda self: self._kept, lambda self, v: self._set("_kept", v), notify=looksChanged
    )


class Live(QQuickPaintedItem):
    """A picture that changes, as large as fits without distortion."""

    imageChanged = Signal()  # noqa: N815

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()

    def paint(self, painter: QPainter) -> None:
        """The picture as it is now."""
        if not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._place(), self._image)

    def _place(self) -> QRectF:
        """Where the picture lies in the item."""
        room = QSize(int(self.width()), int(self.height()))
        size = self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())

    def geometryChange(self, new: QRectF | QRect, old: QRectF | QRect) -> None:  # noqa: N802
        """Qt's own: the picture lies elsewhere in an item of another size."""
        super().geometryChange(new, old)
        self.imageChanged.emit()

    def _set_image(self, image: QImage) -> None:
        self._image = image
        self.imageChanged.emit()
        self.update()

    image = Property(QImage, lambda self: self._image, _set_image, notify=imageChanged)
    place = Property(QRectF, _place, notify=imageChanged)
