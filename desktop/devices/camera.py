"""A camera through Qt Multimedia: live pictures, a still, and a clip with sound.

Belongs to the window's thread and needs its event loop.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCameraPermission, QCoreApplication, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import (
    QAudioInput,
    QCamera,
    QMediaCaptureSession,
    QMediaDevices,
    QMediaFormat,
    QMediaRecorder,
    QVideoFrame,
    QVideoFrameInput,
    QVideoSink,
)

from desktop.devices.audio import Device
from desktop.devices.errors import DeviceError, Kind
from plugins.errors import Problem, phrase

CLIP_S = 10
"""The longest clip."""
LOST_MS = 3000
"""Without a picture before a camera counts as lost; many need a second to begin."""
MESSAGES: dict[Kind, Problem] = {
    "no_device": phrase("Expected a camera, found none; connect one."),
    "lost": phrase("Expected pictures from the camera, found that none come; connect it again."),
    "busy": phrase(
        "Expected a free camera, found one that another program uses; close that program."
    ),
    "permission": phrase(
        "Expected to be allowed to use the camera, found that this system forbids it; allow it in "
        "the system's settings."
    ),
    "no_library": phrase(
        "Expected Qt's way to record clips, found none; take a picture in its place."
    ),
}


def cameras() -> list[Device]:
    """What is there now."""
    default = QMediaDevices.defaultVideoInput().id()
    return [
        Device(bytes(c.id().data()).decode(errors="replace"), c.description(), c.id() == default)
        for c in QMediaDevices.videoInputs()
    ]


class Camera(QObject):
    """One camera. Its callbacks come on the window's thread."""

    def __init__(
        self, parent: QObject | None = None, frames: QVideoFrameInput | None = None
    ) -> None:
        """`frames` stands in for a camera."""
        super().__init__(parent)
        self._frames = frames
        self._session: QMediaCaptureSession | None = None
        self._camera: QCamera | None = None
        self._recorder: QMediaRecorder | None = None
        self._sink: QVideoSink | None = None
        self._image = QImage()
        self._on_frame: Callable[[QImage], None] = lambda _: None
        self._on_lost: Callable[[DeviceError], None] = lambda _: None
        self._watch = QTimer(self)
        self._watch.setSingleShot(True)
        self._watch.setInterval(LOST_MS)
        self._watch.timeout.connect(lambda: self._lose("lost"))

    def open(
        self,
        device: str = "",
        on_frame: Callable[[QImage], None] = lambda _: None,
        on_lost: Callable[[DeviceError], None] = lambda _: None,
    ) -> None:
        """Show what the camera sees until `close`, or until it is gone.

        Args:
            device: its id; empty is the machine's default.
            on_frame: takes every picture.
            on_lost: is told why, once; the camera is let go of by then.

        Raises:
            DeviceError: it cannot be used.
        """
        self.close()
        self._on_frame, self._on_lost = on_frame, on_lost
        session, sink = QMediaCaptureSession(self), QVideoSink(self)
        if self._frames is not None:
            session.setVideoFrameInput(self._frames)
        else:
            self._camera = self._real(device)
            session.setCamera(self._camera)
        session.setVideoSink(sink)
        sink.videoFrameChanged.connect(self._take)
        self._session, self._sink = session, sink
        self._watch.start()
        if self._camera is not None:
            self._camera.start()

    @property
    def frame(self) -> QImage:
        """What the camera sees now; null before the first picture."""
        return self._image

    def record(self, file: Path, done: Callable[[Path | None], None], sound: bool = True) -> None:
        """Record a clip into a file until `stop`, at most 10 seconds.

        Args:
            file: its name ends in .mp4.
            done: takes the file once it is whole; None where it could not be written.
            sound: with the machine's default microphone, where there is one.
        """
        assert self._session is not None
        recorder = QMediaRecorder(self)
        form = QMediaFormat(QMediaFormat.FileFormat.MPEG4)
        form.setVideoCodec(QMediaFormat.VideoCodec.MPEG4)
        form.setAudioCodec(QMediaFormat.AudioCodec.AAC)
        recorder.setMediaFormat(form)
        recorder.setQuality(QMediaRecorder.Quality.VeryHighQuality)
        recorder.setOutputLocation(QUrl.fromLocalFile(str(file)))
        if sound and not QMediaDevices.defaultAudioInput().isNull():
            self._session.setAudioInput(QAudioInput(self._session))
        self._session.setRecorder(recorder)
        recorder.recorderStateChanged.connect(lambda state: self._on_state(state, file, done))
        self._recorder = recorder
        recorder.record()
        QTimer.singleShot(CLIP_S * 1000, recorder, recorder.stop)

    def stop(self) -> None:
        """End the clip that is being recorded."""
        if self._recorder is not None:
            self._recorder.stop()

    def close(self) -> None:
        """Let go of the camera; a clip that is not done is dropped. Twice does no harm."""
        self._watch.stop()
        self._on_frame = lambda _: None
        if self._camera is not None:
            self._camera.stop()
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.disconnect(self)
            recorder.stop()
        for part in (self._camera, self._sink, recorder, self._session):
            if part is not None:
                part.deleteLater()
        self._camera = self._sink = self._session = None
        self._image = QImage()

    def _real(self, device: str) -> QCamera:
        permission = QCoreApplication.instance().checkPermission(QCameraPermission())  # type: ignore[union-attr]
        if permission == Qt.PermissionStatus.Denied:
            raise DeviceError("permission", MESSAGES["permission"])
        for found in QMediaDevices.videoInputs():
            if device in ("", bytes(found.id().data()).decode(errors="replace")):
                camera = QCamera(found, self)
                camera.errorOccurred.connect(
                    lambda *_: self._lose("busy" if self._image.isNull() else "lost")
                )
                return camera
        raise DeviceError("no_device", MESSAGES["no_device"])

    def _take(self, frame: QVideoFrame) -> None:
        image = frame.toImage()
        if not image.isNull():
            self._watch.start()
            self._image = image
            self._on_frame(image)

    def _lose(self, kind: Kind) -> None:
        on_lost = self._on_lost
        self.close()
        self._on_lost = lambda _: None
        on_lost(DeviceError(kind, MESSAGES[kind]))

    def _on_state(
        self, state: QMediaRecorder.RecorderState, file: Path, done: Callable[[Path | None], None]
    ) -> None:
        if state == QMediaRecorder.RecorderState.StoppedState and self._recorder is not None:
            self._recorder.deleteLater()
            self._recorder = None
            done(file if file.exists() and file.stat().st_size else None)
