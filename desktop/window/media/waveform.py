"""`Waveform`: paints how loud a sound is from its beginning to its end. Knows peaks, no samples."""

from __future__ import annotations

from PySide6.QtCore import Property, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem
from shiboken6 import isValid

from desktop.assistant.media_probe import protocol
from desktop.window.media.playback import Playback

BAR_PX, GAP_PX = 3.0, 2.0
QUIETEST_PX = 2.0


class Waveform(QQuickPaintedItem):
    """A row of bars, those that were heard already in another colour."""

    mediaChanged = Signal()  # noqa: N815  (Qt names signals so)
    looksChanged = Signal()  # noqa: N815

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._media_id = ""
        self._peaks = b""
        self._progress = 0.0
        self._color, self._played = QColor("#888888"), QColor("#4466dd")

    @property
    def peaks(self) -> bytes:
        """What is painted, 0 to 255 each; empty until it is known."""
        return self._peaks

    def paint(self, painter: QPainter) -> None:
        """The bars."""
        bars = max(1, int((self.width() + GAP_PX) / (BAR_PX + GAP_PX)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for bar in range(bars):
            heard = (bar + 0.5) / bars <= self._progress
            painter.setBrush(self._played if heard else self._color)
            height = max(QUIETEST_PX, self._loudness(bar, bars) * self.height())
            left = bar * (BAR_PX + GAP_PX)
            box = QRectF(left, (self.height() - height) / 2, BAR_PX, height)
            painter.drawRoundedRect(box, BAR_PX / 2, BAR_PX / 2)

    def _loudness(self, bar: int, bars: int) -> float:
        """0 to 1: the loudest of the bar's share."""
        count = len(self._peaks)
        if not count:
            return 0.0
        begin = bar * count // bars
        return max(self._peaks[begin : max(begin + 1, (bar + 1) * count // bars)]) / 255

    def _set_media(self, media_id: str) -> None:
        if media_id == self._media_id:
            return
        self._media_id, self._peaks = media_id, b""
        self.mediaChanged.emit()
        self.update()
        session = Playback.session
        if media_id and session is not None:
            session.see(
                media_id,
                lambda now: now.previews.get(media_id, protocol.WAVEFORM),
                lambda preview: self._show(media_id, b"" if preview is None else preview.data),
                lambda _: None,  # A sound that is gone has no waveform; its player says why.
            )

    def _show(self, media_id: str, peaks: bytes) -> None:
        # The answer may come when the window has let go of this item.
        if isValid(self) and media_id == self._media_id:
            self._peaks = peaks
            self.update()

    def _set_color(self, color: QColor) -> None:
        self._color = color
        self._changed()

    def _set_played(self, color: QColor) -> None:
        self._played = color
        self._changed()

    def _set_progress(self, progress: float) -> None:
        self._progress = progress
        self._changed()

    def _changed(self) -> None:
        self.looksChanged.emit()
        self.update()

    mediaId = Property(  # noqa: N815
        str, lambda self: self._media_id, _set_media, notify=mediaChanged
    )
    color = Property(QColor, lambda self: self._color, _set_color, notify=looksChanged)
    playedColor = Property(  # noqa: N815
        QColor, lambda self: self._played, _set_played, notify=looksChanged
    )
    progress = Property(float, lambda self: self._progress, _set_progress, notify=looksChanged)
