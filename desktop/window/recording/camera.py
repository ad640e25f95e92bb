"""`CameraRecording`: shows what the camera sees, takes a picture or a clip of it, and trims that.

Qt Multimedia is loaded when the camera is first opened.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Property, QElapsedTimer, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from desktop.devices.errors import DeviceError
from desktop.window.recording.clip_player import ClipPlayer
from plugins.errors import KnownError

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrameInput

    from desktop.devices.camera import Camera

TICK_MS = 100
MS = 1000
SHORTEST_S = 0.2
"""Between the two ends of what is kept of a clip."""


class CameraRecording(QObject):
    """What the sheet for the camera shows.

    States: "off", "live", "recording", "saving", "picture" and "clip" (taken), "failed".
    """

    changed = Signal()
    imageChanged = Signal()  # noqa: N815  (Qt names signals so)
    moved = Signal()
    _cut = Signal(object, object)

    virtual: QVideoFrameInput | None = None
    """Stands in for a camera."""

    def __init__(self, folder: Callable[[], Path], parent: QObject | None = None) -> None:
        """Clips are written into `folder`."""
        super().__init__(parent)
        self._folder = folder
        self._file: Path | None = None
        self._camera: Camera | None = None
        self._state, self._problem = "off", ""
        self._image = QImage()
        self._clock = QElapsedTimer()
        self._seconds = 0.0
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._follow)
        self._begin, self._end = 0.0, 0.0
        self._player = ClipPlayer(self)
        self._player.seen.connect(self._show)
        self._player.changed.connect(self.changed)
        self._player.moved.connect(self._on_moved)
        self._cut.connect(self._on_cut, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def start(self) -> None:
        """Show what the camera sees."""
        self.close()
        from desktop.devices.camera import Camera
        from desktop.window.media.ffmpeg import quiet_ffmpeg

        quiet_ffmpeg()
        self._camera = Camera(self, self.virtual)
        try:
            self._camera.open(on_frame=self._show, on_lost=self._fail)
        except DeviceError as error:
            self._fail(error)
        else:
            self._set_state("live")

    @Slot()
    def takePicture(self) -> None:  # noqa: N802  (QML names slots so)
        """Keep what the camera sees now; it is let go of."""
        if self._state == "live" and not self._image.isNull():
            self._let_go()
            self._set_state("picture")

    @Slot()
    def record(self) -> None:
        """Record a clip, at most 10 seconds."""
        if self._state == "live" and self._camera is not None:
            self._camera.record(self._folder() / "clip.mp4", self._done)
            self._clock.start()
            self._tick.start()
            self._set_state("recording")

    @Slot()
    def stop(self) -> None:
        """End the clip."""
        if self._state == "recording" and self._camera is not None:
            self._set_state("saving")
            self._camera.stop()

    @Slot()
    def close(self) -> None:
        """Let go of the camera; what was taken is forgotten."""
        self._let_go()
        self._player.close()
        self._image = QImage()
        self._seconds, self._problem = 0.0, ""
        self._begin = self._end = 0.0
        self._set_state("off")
        self.imageChanged.emit()
        self.moved.emit()

    @Slot(float, float)
    def trim(self, begin: float, end: float) -> None:
        """Keep what lies between two moments of the clip, in seconds; shows the one that moved."""
        whole = self._player.duration_s
        before = self._begin
        self._begin = min(max(0.0, begin), max(0.0, whole - SHORTEST_S))
        self._end = max(min(end, whole), self._begin + SHORTEST_S)
        self._player.seek(self._begin if self._begin != before else self._end)
        self.moved.emit()

    @Slot()
    def play(self) -> None:
        """Play what is kept of the clip."""
        if self._state == "clip":
            self._player.play(self._begin, self._end)

    @Slot()
    def pause(self) -> None:
        """Stop playing."""
        self._player.pause()

    @property
    def has_clip(self) -> bool:
        """Whether a clip was taken."""
        return self._state == "clip"

    def save(self, file: Path, done: Callable[[Path], None]) -> None:
        """Write what is kept of the clip into a file; `done` is told once it is there."""
        assert self._file is not None
        self._player.pause()
        taken, begin, end = self._file, self._begin, self._end
        if begin <= 0 and end >= self._player.duration_s:
            done(taken.rename(file))
            return
        self._set_state("saving")

        def cut() -> None:
            from desktop.window.recording.clip_cut import cut_clip

            try:
                cut_clip(taken, file, begin, end)
            except KnownError:
                self._cut.emit(done, None)
            else:
                self._cut.emit(done, file)

        threading.Thread(target=cut, name="clip-cut").start()

    @property
    def picture(self) -> QImage:
        """What was taken, or is seen."""
        return self._image

    def _done(self, file: Path | None) -> None:
        self._let_go()
        self._file = file
        self._problem = "" if file is not None else "lost"
        self._set_state("clip" if file is not None else "failed")
        if file is not None:
            self._player.open(file)

    def _on_cut(self, done: Callable[[Path], None], file: Path | None) -> None:
        if file is not None:
            done(file)
        elif self._state == "saving":
            self._problem = "uncut"
            self._set_state("clip")

    def _on_moved(self) -> None:
        if self._state == "clip" and not self._end:
            self._end = self._player.duration_s
        self.moved.emit()

    def _show(self, image: QImage) -> None:
        self._image = image
        self.imageChanged.emit()

    def _fail(self, error: DeviceError) -> None:
        self._let_go()
        self._problem = error.kind
        self._set_state("failed")

    def _follow(self) -> None:
        self._seconds = self._clock.elapsed() / MS
        self.moved.emit()

    def _let_go(self) -> None:
        self._tick.stop()
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()
            camera.deleteLater()

    def _set_state(self, state: str) -> None:
        self._state = state
        if state != "recording":
            self._tick.stop()
        self.changed.emit()

    state = Property(str, lambda self: self._state, notify=changed)
    problem = Property(str, lambda self: self._problem, notify=changed)
    image = Property(QImage, lambda self: self._image, notify=imageChanged)
    seen = Property(bool, lambda self: not self._image.isNull(), notify=imageChanged)
    seconds = Property(float, lambda self: self._seconds, notify=moved)
    duration = Property(float, lambda self: self._player.duration_s, notify=moved)
    begin = Property(float, lambda self: self._begin, notify=moved)
    end = Property(float, lambda self: self._end, notify=moved)
    position = Property(float, lambda self: self._player.position_s, notify=moved)
    playing = Property(bool, lambda self: self._player.playing, notify=changed)
