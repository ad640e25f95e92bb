"""Plays a part of a recorded clip, picture by picture, and shows the picture of any moment.

Qt Multimedia is loaded when the first clip is opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame, QVideoSink

MS = 1000


class ClipPlayer(QObject):
    """One clip at a time."""

    moved = Signal()
    """`position_s` or `duration_s` is another."""
    changed = Signal()
    """It plays, or does not any more."""
    seen = Signal(QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player: QMediaPlayer | None = None
        self._sink: QVideoSink | None = None
        self._end_s = 0.0
        self.position_s = self.duration_s = 0.0
        self.playing = False

    def open(self, file: Path) -> None:
        """Show the first picture of a clip."""
        self.close()
        from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer, QVideoSink

        player, sink = QMediaPlayer(self), QVideoSink(self)
        if QMediaDevices.audioOutputs():
            player.setAudioOutput(QAudioOutput(player))
        player.setVideoSink(sink)
        sink.videoFrameChanged.connect(self._show)
        player.positionChanged.connect(self._on_position)
        player.durationChanged.connect(self._on_duration)
        player.playbackStateChanged.connect(self._on_state)
        self._player, self._sink = player, sink
        player.setSource(QUrl.fromLocalFile(str(file)))
        player.pause()

    def play(self, begin_s: float, end_s: float) -> None:
        """Play from one moment to another."""
        if self._player is not None:
            self._end_s = end_s
            self._player.setPosition(round(begin_s * MS))
            self._player.play()

    def pause(self) -> None:
        """Stay where it is."""
        if self._player is not None:
            self._player.pause()

    def seek(self, at_s: float) -> None:
        """Show the picture of a moment."""
        if self._player is not None:
            self._player.pause()
            self._player.setPosition(round(at_s * MS))

    def close(self) -> None:
        """Let go of the clip."""
        player, self._player = self._player, None
        sink, self._sink = self._sink, None
        if player is not None:
            player.disconnect(self)
            player.stop()
            player.deleteLater()
        if sink is not None:
            sink.disconnect(self)
            sink.deleteLater()
        self.position_s = self.duration_s = 0.0
        self.playing = False

    def _show(self, frame: QVideoFrame) -> None:
        image = frame.toImage()
        if not image.isNull():
            self.seen.emit(image)

    def _on_position(self, milliseconds: int) -> None:
        self.position_s = milliseconds / MS
        if self.playing and self.position_s >= self._end_s:
            self.pause()
        self.moved.emit()

    def _on_duration(self, milliseconds: int) -> None:
        self.duration_s = milliseconds / MS
        self.moved.emit()

    def _on_state(self, *_: object) -> None:
        if self._player is not None:
            self.playing = self._player.isPlaying()
            self.changed.emit()
