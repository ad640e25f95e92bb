"""Opens the window and runs it until it is closed.

The first frame waits for Qt alone (`front`); what is in the window is imported and made after it,
the library opens beside that, and the engine starts last.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from desktop.window.first_window import Call, FirstWindow, hand_over
from desktop.window.opening.endings import Endings
from desktop.window.opening.front import Front, ready
from desktop.window.opening.sources import leave_sources_unread
from desktop.window.screen import application, draw_plainly
from desktop.window.theme import quiet_known_noise
from storage.file.private import default_path

if TYPE_CHECKING:
    from desktop.window.start import Window

LATEST_MS = 1_000
"""After which the window is filled even where nobody sees a frame of it: it is minimized."""


class Opening(QObject):
    """The window on its way from its first frame to all that is in it."""

    filled = Signal()

    def __init__(
        self, library: Path, files: Sequence[Path] = (), parent: QObject | None = None
    ) -> None:
        """Shows the window, empty.

        Raises:
            BugError: the window's own description is broken.
        """
        super().__init__(parent)
        self._library, self._files = library, files
        self._calls: list[Call] = []
        self._framed = False
        self.window: Window | None = None
        self.error: BaseException | None = None
        """Why the window could not be filled; the event loop has been asked to end."""
        self.front = Front(library)
        self.front.window.frameSwapped.connect(self._on_frame)
        self._latest = QTimer(self)
        self._latest.setSingleShot(True)
        self._latest.timeout.connect(self._fill)
        self._latest.start(LATEST_MS)

    def come(self, call: Call) -> None:
        """Come to the front, with the files of a second start."""
        if self.window is None:
            self._calls.append(call)
        else:
            self.window.come(call)

    def close(self) -> None:
        """Close the window, whatever of it there is."""
        if self.window is not None:
            self.window.close()
        self.front.close()

    def _on_frame(self) -> None:
        if not self._framed:
            self._framed = True
            self.front.window.frameSwapped.disconnect(self._on_frame)
            self._latest.start(0)

    def _fill(self) -> None:
        if self.window is not None:
            return  # Nobody saw a frame in time, and now there is one.
        leave_sources_unread()
        try:
            from desktop.window import start

            self.window = start.Window(self._files, self._library, tour=True, front=self.front)
            for call in self._calls:
                self.window.come(call)
            self.filled.emit()
        except BaseException as error:  # noqa: BLE001  (Qt's loop would only print it)
            self.error = error
            QGuiApplication.exit(1)


def open_window(files: Sequence[Path] = ()) -> int:
    """Show the window until it is closed; the exit code. Where there is one already it comes to the
    front and takes the files.

    Raises:
        KnownError: there is no screen to show it on.
    """
    quiet_known_noise()
    library = default_path()
    if hand_over(library, files):
        return 0
    draw_plainly()
    app = application()
    ready(app)
    opening = Opening(library, files)
    first = FirstWindow(library, opening)
    first.called.connect(opening.come)
    try:
        with Endings(QGuiApplication.quit) as endings:
            code = app.exec()
    finally:
        first.close()
        opening.close()
    if opening.error is not None:
        raise opening.error
    return 128 + endings.asked[0] if endings.asked else code
