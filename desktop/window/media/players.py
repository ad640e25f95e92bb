"""What QML plays with: `ClipView`, which paints a clip, and `SoundPlayer`, which does not.

A clip is painted from Qt's video sink by the item itself, because Qt's own video item stays blank
with the software renderer. Until it is played its poster is shown.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, QRectF, QSize, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem
from shiboken6 import isValid

from desktop.window.media import addresses
from desktop.window.media.pictures import Picture, decoded, picture_of
from desktop.window.media.playback import Playback


def _read(name: str) -> Any:
    return lambda self: getattr(self.playback, name)


def _write(name: str) -> Any:
    return lambda self, value: getattr(self.playback, name)(value)


class Playable:
    """What both have in common. Mixed into a QObject; `playback` is set by its `__init__`."""

    mediaChanged = Signal()  # noqa: N815  (Qt names signals so)
    stateChanged = Signal()  # noqa: N815
    moved = Signal()
    problemChanged = Signal()  # noqa: N815
    playback: Playback

    def follow(self, playback: Playback) -> None:
        """Show what this playback does."""
        self.playback = playback
        for name in ("mediaChanged", "stateChanged", "moved", "problemChanged"):
            own: SignalInstance = getattr(self, name)
            theirs: SignalInstance = getattr(playback, name)
            theirs.connect(own)

    @Slot()
    def play(self) -> None:
        """Play, from the beginning when it has ended."""
        self.playback.play()

    @Slot()
    def pause(self) -> None:
        """Stay where it is."""
        self.playback.pause()

    @Slot()
    def toggle(self) -> None:
        """Play, or pause while playing."""
        if self.playback.playing:
            self.playback.pause()
        else:
            self.playback.play()

    @Slot(float)
    def seek(self, seconds: float) -> None:
        """Go to a moment."""
        self.playback.seek(seconds)

    mediaId = Property(  # noqa: N815
        str, _read("media_id"), _write("set_media"), notify=mediaChanged
    )
    loop = Property(bool, _read("loop"), _write("set_loop"), notify=stateChanged)
    muted = Property(bool, _read("muted"), _write("set_muted"), notify=stateChanged)
    playing = Property(bool, _read("playing"), notify=stateChanged)
    ended = Property(bool, _read("ended"), notify=stateChanged)
    hasAudio = Property(bool, _read("has_audio"), notify=stateChanged)  # noqa: N815
    position = Property(float, _read("position_s"), notify=moved)
    duration = Property(float, _read("duration_s"), notify=moved)
    problem = Property(str, _read("problem"), notify=problemChanged)


class SoundPlayer(Playable, QObject):
    """Plays a sound."""

    def __init__(self, parent: QObject | None = None) -> None:
        QObject.__init__(self, parent)
        self.follow(Playback(self))


class ClipView(Playable, QQuickPaintedItem):  # type: ignore[misc]
    """Plays a clip and paints it, as large as fits without distortion."""

    def __init__(self, parent: QQuickItem | None = None) -> None:
        QQuickPaintedItem.__init__(self, parent)
        self._image = QImage()
        self._poster_of = ""
        self.follow(Playback(self, with_pictures=True))
        self.playback.mediaChanged.connect(self._on_media)

    @property
    def image(self) -> QImage:
        """What is painted."""
        return self._image

    def paint(self, painter: QPainter) -> None:
        """The frame that is shown now."""
        if self._image.isNull():
            return
        room = QSize(int(self.width()), int(self.height()))
        size = self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)

    @Slot()
    def _on_media(self) -> None:
        if self.playback.sink is not None:
            self.playback.sink.videoFrameChanged.connect(self._on_frame)
        elif self.playback.media_id != self._poster_of:
            self._show(QImage())
            self._fetch_poster(self.playback.media_id)

    def _on_frame(self, frame: Any) -> None:
        image = frame.toImage()
        if not image.isNull():
            self._show(image)

    def _fetch_poster(self, media_id: str) -> None:
        session = self.playback.session
        self._poster_of = media_id
        if session is None or not media_id:
            return

        def show(poster: Picture) -> None:
            # The answer may come when the window has let go of this item.
            if isValid(self) and self._poster_of == media_id and self.playback.sink is None:
                self._show(decoded(poster, QSize()))

        session.see(
            media_id, lambda now: picture_of(now, media_id, addresses.SHOWN), show, _no_poster
        )

    def _show(self, image: QImage) -> None:
        self._image = image
        self.update()


def _no_poster(_: Exception) -> None:
    """A clip without a poster is an empty frame until it is played, which then says why."""
