"""What the window does for tools: the clipboard, a picture of the screen, opening things, notes.

Tools ask on threads of their own and wait; everything happens on the window's thread. Whether it
may happen was decided before. Implements `desktop.assistant.agent.host.Host`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage

from desktop.assistant.agent.halt import settle
from desktop.window.transcript.links import is_safe_link
from plugins.errors import Cancelled, KnownError, phrase

T = TypeVar("T")
PICTURE = "screen.png"
LONGEST_COPIED = 1_000_000
"""Characters that are read from the clipboard."""
_RUNNABLE = frozenset(
    {
        ".appimage", ".bat", ".cmd", ".com", ".command", ".desktop", ".exe", ".jar", ".lnk",
        ".msi", ".ps1", ".py", ".run", ".scr", ".sh", ".url", ".vbs",
    }
)  # fmt: skip
"""Files that other programs may run and not show."""
CLOSING = phrase("Medley is closing, so this was not done. Start it again.")
Notify = Callable[[str, str, str], None]
"""Shows a note: key, title, words."""


class WindowHost:
    """The window's side of tools. Methods from any thread but the window's own."""

    def __init__(self, post: Callable[[Callable[[], None]], None]) -> None:
        """`post` has something called on the window's thread, soon."""
        self._post = post
        self.notify_by: Notify = lambda key, title, text: None
        self._lock = threading.Lock()
        self._open: set[Future[object]] = set()
        self._closed = False
        self._numbers = count(1)

    @property
    def busy(self) -> bool:
        """Whether somebody waits."""
        return bool(self._open)

    def close(self) -> None:
        """Whoever waits is told that nothing is done any more."""
        with self._lock:
            self._closed = True
            waiting = list(self._open)
        for future in waiting:
            settle(future, Cancelled())

    def read_clipboard(self) -> str:
        """The text that was copied last; empty where there is none.

        Raises:
            KnownError: Medley is closing.
        """
        return self._on_window(lambda: QGuiApplication.clipboard().text()[:LONGEST_COPIED])

    def write_clipboard(self, text: str) -> None:
        """Put a text there. Raises as `read_clipboard`."""
        self._on_window(lambda: QGuiApplication.clipboard().setText(text))

    def take_screen(self, folder: Path) -> Path:
        """A picture of the first screen, in a file of this folder; on some desktops the person is
        asked by the desktop, too.

        Raises:
            KnownError: there is no screen, the system forbids it, or Medley is closing.
        """
        taken: Future[QImage] = Future()
        self._guarded(taken, lambda: _shoot(taken))
        path = folder / PICTURE
        if not taken.result().save(str(path)):
            raise KnownError(
                "expected a picture of the screen, found that it could not be written. Make room "
                "on the disk."
            )
        return path

    def open(self, target: str) -> None:
        """Have another program open a file or an address.

        Raises:
            KnownError: it is neither, it is a program, nothing opens it, or Medley is closing.
        """
        url = address_of(target)
        if not self._on_window(lambda: QDesktopServices.openUrl(url)):
            raise KnownError(
                "{target}: expected a program that opens it, found none. Open it by hand.",
                target=target[:200],
            )

    def notify(self, title: str, text: str) -> None:
        """Show a note on the desktop. Raises as `read_clipboard`."""
        key = f"tool/{next(self._numbers)}"
        self._on_window(lambda: self.notify_by(key, title, text))

    def _on_window(self, work: Callable[[], T]) -> T:
        future: Future[T] = Future()

        def call() -> None:
            try:
                settle(future, work())
            except Exception as error:  # noqa: BLE001  (whoever waits is told what it is)
                settle(future, error)

        self._guarded(future, call)
        return future.result()

    def _guarded(self, future: Future[T], call: Callable[[], None]) -> None:
        """Have `call` settle a future on the window's thread, and wait until it is settled."""
        with self._lock:
            if self._closed:
                raise KnownError(CLOSING)
            self._open.add(future)  # type: ignore[arg-type]
        try:
            self._post(call)
            error = future.exception()
        finally:
            with self._lock:
                self._open.discard(future)
        if isinstance(error, Cancelled):
            raise KnownError(CLOSING)


def address_of(target: str) -> QUrl:
    """The address of what is to be opened: a web or mail address, or a file that is there.

    Raises:
        KnownError: it is neither, or a program.
    """
    if is_safe_link(target):
        return QUrl(target)
    path = Path(QUrl(target).toLocalFile() if urlsplit(target).scheme == "file" else target)
    if not path.is_absolute() or not path.exists():
        raise KnownError(
            "{target}: expected a web address or a file that is there, found neither. Give the "
            "whole path.",
            target=target[:200],
        )
    runs = path.suffix.lower() in _RUNNABLE or (path.is_file() and os.access(path, os.X_OK))
    if runs:
        raise KnownError(
            "{target}: expected a file to be shown, found a program. Start it by hand.",
            target=target[:200],
        )
    return QUrl.fromLocalFile(str(path))


def _shoot(taken: Future[QImage]) -> None:
    from desktop.devices.errors import DeviceError
    from desktop.devices.screen import Shot, Source

    def take(image: QImage | None, error: DeviceError | None) -> None:
        if image is not None:
            settle(taken, image)
        else:
            settle(taken, error or KnownError("Expected a picture of the screen, found none."))

    app = QGuiApplication.instance()
    screen = QGuiApplication.primaryScreen()
    Shot(Source(screen.name(), screen=QGuiApplication.screens().index(screen)), take, app)
