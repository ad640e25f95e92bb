"""`Recording`: the three ways to make an attachment here, and the way of what was made into the
composer. Each is imported and made when its sheet first asks for it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Property, QBuffer, QByteArray, QIODevice, QObject, Signal, Slot
from PySide6.QtGui import QImage, QImageWriter

if TYPE_CHECKING:
    from desktop.window.recording.camera import CameraRecording
    from desktop.window.recording.screen import ScreenPicture
    from desktop.window.recording.sound import SoundRecording


class Recording(QObject):
    """What QML is given. Holds no device unless a sheet is open."""

    asked = Signal(str, arguments=["kind"])
    attached = Signal()

    def __init__(
        self,
        attach: Callable[[list[Path]], None],
        attach_picture: Callable[[bytes, str], None],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            attach: takes files, which stay until `close`.
            attach_picture: takes a PNG and its name.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._attach, self._attach_picture = attach, attach_picture
        self._made: Path | None = None
        self._sound: SoundRecording | None = None
        self._camera: CameraRecording | None = None
        self._screen: ScreenPicture | None = None

    @property
    def sound_recording(self) -> SoundRecording:
        """What the sheet for a sound shows."""
        if self._sound is None:
            from desktop.window.recording.sound import SoundRecording

            self._sound = SoundRecording(self)
        return self._sound

    @property
    def camera_recording(self) -> CameraRecording:
        """What the sheet for the camera shows."""
        if self._camera is None:
            from desktop.window.recording.camera import CameraRecording

            self._camera = CameraRecording(self._folder, self)
        return self._camera

    @property
    def screen_picture(self) -> ScreenPicture:
        """What the sheet for the screen shows."""
        if self._screen is None:
            from desktop.window.recording.screen import ScreenPicture

            self._screen = ScreenPicture(self)
        return self._screen

    @Slot(str)
    def ask(self, kind: str) -> None:
        """Open the sheet for a "sound", the "camera" or the "screen"."""
        self.asked.emit(kind)

    @Slot()
    def attachSound(self) -> None:  # noqa: N802  (QML names slots so)
        """Attach what is kept of the sound."""
        file = self._folder() / _stamped("sound", "wav")
        self.sound_recording.save(file)
        self._attach([file])
        self.attached.emit()

    @Slot()
    def attachCamera(self) -> None:  # noqa: N802
        """Attach the picture or the clip that the camera took."""
        if self.camera_recording.has_clip:
            self.camera_recording.save(self._folder() / _stamped("camera", "mp4"), self._attach_one)
            return
        self._attach_picture(_png(self.camera_recording.picture), _stamped("camera", "png"))
        self.attached.emit()

    @Slot()
    def attachScreen(self) -> None:  # noqa: N802
        """Attach what is kept of the screen."""
        self._attach_picture(_png(self.screen_picture.picture), _stamped("screen", "png"))
        self.attached.emit()

    def close(self) -> None:
        """Let go of every device, and of the files that were attached."""
        for made in (self._sound, self._camera, self._screen):
            if made is not None:
                made.close()
        if self._made is not None:
            shutil.rmtree(self._made, ignore_errors=True)

    def _attach_one(self, file: Path) -> None:
        self._attach([file])
        self.attached.emit()

    def _folder(self) -> Path:
        """Where files are until they are in the library."""
        if self._made is None:
            self._made = Path(tempfile.mkdtemp(prefix="medley-recording-"))
        return self._made

    sound = Property(QObject, lambda self: self.sound_recording, constant=True)
    camera = Property(QObject, lambda self: self.camera_recording, constant=True)
    screen = Property(QObject, lambda self: self.screen_picture, constant=True)


def _stamped(what: str, ending: str) -> str:
    return f"{what} {time.strftime('%Y-%m-%d %H.%M.%S')}.{ending}"


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())
