"""Plays one medium at a time: what clips and sounds share. Loads Qt Multimedia at first use.

A player knows its medium by name; the file comes from the library when it is first played.
"""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from shiboken6 import isValid

from desktop.window.media.ffmpeg import quiet_ffmpeg
from desktop.window.sentences import told
from desktop.window.session import OpenLibrary, Session
from plugins.errors import phrase

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoSink

MS = 1000
LAST_MS = 400
"""How long the end of a medium may take to be reported."""


class Playback(QObject):
    """One medium that can be played, paused and searched through."""

    mediaChanged = Signal()  # noqa: N815  (Qt names signals so)
    stateChanged = Signal()  # noqa: N815
    moved = Signal()
    problemChanged = Signal()  # noqa: N815

    session: Session | None = None
    """Set once for the whole window; without one nothing can be played."""
    _audible: weakref.ref[Playback] | None = None
    """Who plays now: the others pause."""

    def __init__(self, parent: QObject | None = None, with_pictures: bool = False) -> None:
        super().__init__(parent)
        self.media_id = ""
        self.loop = self.muted = self.ended = self.playing = False
        self.has_audio = True
        self.position_s = self.duration_s = 0.0
        self.problem = ""
        self._with_pictures = with_pictures
        self._wanted = False
        self._start_s = 0.0
        self._last = QTimer(self)
        self._last.setSingleShot(True)
        self._last.setInterval(LAST_MS)
        self._last.timeout.connect(self._on_last)
        self._player: QMediaPlayer | None = None
        self._output: QAudioOutput | None = None
        self.sink: QVideoSink | None = None

    def set_media(self, media_id: str) -> None:
        """Be about another medium."""
        if media_id == self.media_id:
            return
        self.unload()
        self.media_id = media_id
        self.position_s = self.duration_s = 0.0
        self.ended = False
        self._set_problem("")
        self.mediaChanged.emit()
        self.moved.emit()

    def set_loop(self, loop: bool) -> None:
        """Begin again at the end."""
        self.loop = loop
        if self._player is not None:
            self._player.setLoops(-1 if loop else 1)
        self.stateChanged.emit()

    def set_muted(self, muted: bool) -> None:
        """Without its sound."""
        self.muted = muted
        if self._output is not None:
            self._output.setMuted(muted)
        self.stateChanged.emit()

    def play(self) -> None:
        """Play from where it stands, from the beginning when it has ended. Others pause."""
        if not self.media_id or self.session is None:
            return
        other = Playback._audible() if Playback._audible is not None else None
        # The other may have gone with the message it stood in.
        if other is not None and other is not self and isValid(other):
            other.pause()
        Playback._audible = weakref.ref(self)
        if self._player is not None:
            if self.ended:
                self._player.setPosition(0)
            self._player.play()
            return
        if not self._wanted:
            self._wanted = True
            wanted = self.media_id
            self.session.see(
                wanted,
                lambda now: _file(now, wanted),
                lambda path: self._load(wanted, path),
                self._failed,
                "files",
            )

    def pause(self) -> None:
        """Stay where it is."""
        self._wanted = False
        if self._player is not None:
            self._player.pause()

    def seek(self, seconds: float) -> None:
        """Go to a moment; where nothing was played yet, playing will begin there."""
        self.ended = False
        self.position_s = max(0.0, min(seconds, self.duration_s or seconds))
        if self._player is None:
            self._start_s = self.position_s
        else:
            self._player.setPosition(int(self.position_s * MS))
        self.moved.emit()

    def unload(self) -> None:
        """Let go of the file and everything that plays it."""
        self._wanted = False
        self._start_s = 0.0
        player, self._player = self._player, None
        if player is not None:
            player.stop()
            player.setSource(QUrl())
            player.deleteLater()
        for owned in (self._output, self.sink):
            if owned is not None:
                owned.deleteLater()
        self._output = self.sink = None
        if self.playing:
            self.playing = False
            self.stateChanged.emit()

    def _load(self, media_id: str, path: Path) -> None:
        # The file may come when the window has let go of this.
        if not isValid(self) or media_id != self.media_id:
            return
        if not self._wanted or self._player is not None:
            return
        from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer, QVideoSink

        player = QMediaPlayer(self)
        quiet_ffmpeg()
        self._player = player
        if QMediaDevices.audioOutputs():
            self._output = QAudioOutput(self)
            self._output.setMuted(self.muted)
            player.setAudioOutput(self._output)
        if self._with_pictures:
            self.sink = QVideoSink(self)
            player.setVideoSink(self.sink)
        player.setLoops(-1 if self.loop else 1)
        player.positionChanged.connect(self._on_position)
        player.durationChanged.connect(self._on_duration)
        player.playbackStateChanged.connect(self._on_state)
        player.errorOccurred.connect(self._on_error)
        player.mediaStatusChanged.connect(self._on_status)
        self.mediaChanged.emit()
        player.setSource(QUrl.fromLocalFile(str(path)))
        player.play()

    def _on_position(self, milliseconds: int) -> None:
        self.position_s = milliseconds / MS
        self.moved.emit()
        if self.playing and self._at_end:
            self._last.start()

    @property
    def _at_end(self) -> bool:
        return not self.loop and 0 < self.duration_s <= self.position_s

    def _on_last(self) -> None:
        """Without a sound card the player stays at the end and never says that it is over."""
        if self._player is not None and self.playing and self._at_end:
            self._player.pause()
            self.ended = True
            self.stateChanged.emit()

    def _on_duration(self, milliseconds: int) -> None:
        self.duration_s = milliseconds / MS
        self.moved.emit()

    def _on_state(self, *_: object) -> None:
        player = self._player
        if player is not None:
            self.playing = player.isPlaying()
            self.stateChanged.emit()

    def _on_status(self, *_: object) -> None:
        player = self._player
        if player is None:
            return
        from PySide6.QtMultimedia import QMediaPlayer

        status = player.mediaStatus()
        self.ended = status == QMediaPlayer.MediaStatus.EndOfMedia
        if status == QMediaPlayer.MediaStatus.LoadedMedia:
            self.has_audio = player.hasAudio()
            # Asked earlier, the player would begin at the beginning all the same.
            start, self._start_s = self._start_s, 0.0
            if start:
                player.setPosition(int(start * MS))
        self.stateChanged.emit()

    def _on_error(self, *_: object) -> None:
        player = self._player
        if player is not None:
            why = phrase("This cannot be played ({error}).", error=player.errorString())
            self._set_problem(told(why))

    def _failed(self, error: Exception) -> None:
        if isValid(self):
            self._wanted = False
            self._set_problem(told(error))

    def _set_problem(self, text: str) -> None:
        if text != self.problem:
            self.problem = text
            self.problemChanged.emit()


def _file(now: OpenLibrary, media_id: str) -> Path:
    """The file to be played, which somebody has looked at."""
    return now.media.path(now.previews.checked(media_id))
