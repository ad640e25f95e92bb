"""Pictures of a screen or of another program's window.

Belongs to the window's thread and needs its event loop. On X11, Windows and macOS a screen is
grabbed at once; Wayland lets only its portal do that, which asks the person first. The way through
the portal is Qt's (`QScreenCapture`); it cannot be tested without a Wayland desktop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QScreen
from PySide6.QtMultimedia import (
    QCapturableWindow,
    QMediaCaptureSession,
    QScreenCapture,
    QVideoFrame,
    QVideoSink,
    QWindowCapture,
)

from desktop.devices.errors import DeviceError, Kind

WAIT_MS = 30_000
"""For a picture; the portal asks the person meanwhile."""
MESSAGES: dict[Kind, str] = {
    "no_device": "Expected a screen to take a picture of, found none.",
    "lost": "Expected a picture of the screen, found that none came; try again.",
    "permission": "Expected to be allowed to see the screen, found that this system forbids it; "
    "allow it in the system's settings.",
}
Take = Callable[[QImage | None, DeviceError | None], None]


@dataclass(frozen=True)
class Source:
    """A screen, or a window of another program."""

    name: str
    window: QCapturableWindow | None = None
    screen: int = 0
    """Its number among the screens."""


def sources() -> list[Source]:
    """Every screen, then every window that can be seen."""
    screens = [Source(s.name(), screen=n) for n, s in enumerate(QGuiApplication.screens())]
    windows = QWindowCapture.capturableWindows()
    named = [Source(w.description(), w) for w in windows if w.isValid() and w.description()]
    return screens + named


class Shot(QObject):
    """One picture that is being taken."""

    def __init__(self, source: Source, take: Take, parent: QObject | None = None) -> None:
        """Takes it.

        Args:
            source: one of `sources`.
            take: is given the picture, or why there is none; once, on the window's thread.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._take: Take | None = take
        self._session: QMediaCaptureSession | None = None
        self._capture: QScreenCapture | QWindowCapture | None = None
        screens = QGuiApplication.screens()
        if source.window is None and source.screen >= len(screens):
            self._end(None, "no_device")
        elif source.window is None and QGuiApplication.platformName() != "wayland":
            self._grab(screens[source.screen])
        else:
            self._wait(source, screens)

    def _grab(self, screen: QScreen) -> None:
        image = screen.grabWindow(0).toImage()
        self._end(None if image.isNull() else image, "permission")

    def _wait(self, source: Source, screens: list[QScreen]) -> None:
        """Take the first frame of a stream of the screen or of the window."""
        session, sink = QMediaCaptureSession(self), QVideoSink(self)
        if source.window is not None:
            window_capture = QWindowCapture(self)
            window_capture.setWindow(source.window)
            session.setWindowCapture(window_capture)
            self._capture = window_capture
        else:
            screen_capture = QScreenCapture(self)
            screen_capture.setScreen(screens[source.screen])
            session.setScreenCapture(screen_capture)
            self._capture = screen_capture
        session.setVideoSink(sink)
        sink.videoFrameChanged.connect(self._on_frame)
        self._capture.errorOccurred.connect(lambda *_: self._end(None, "permission"))
        self._session = session
        QTimer.singleShot(WAIT_MS, self, lambda: self._end(None, "lost"))
        self._capture.setActive(True)

    def _on_frame(self, frame: QVideoFrame) -> None:
        image = frame.toImage()
        if not image.isNull():
            self._end(image.copy(), "lost")

    def _end(self, image: QImage | None, kind: Kind) -> None:
        take, self._take = self._take, None
        if take is None:
            return
        if self._capture is not None:
            self._capture.setActive(False)
        take(image, None if image is not None else DeviceError(kind, MESSAGES[kind]))
        self.deleteLater()
