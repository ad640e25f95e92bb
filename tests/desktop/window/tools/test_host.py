"""What the window does for tools, asked from another thread as the agent asks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage

from desktop.assistant.agent.host import Host
from desktop.window.tools.host import address_of
from plugins.errors import KnownError
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver

T = TypeVar("T")


class OtherProgram(QObject):
    """Opens what the desktop gives it."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        """Take an address."""
        self.opened.append(url)


def _asked(driver: Driver, work: Callable[[Host], T]) -> Future[T]:
    """The end of something that is asked of the window on another thread."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work, driver.window.session.host)
        driver.until(future.done)
    return future


def test_the_clipboard_is_written_and_read(opened: Driver) -> None:
    _asked(opened, lambda host: host.write_clipboard("from a tool")).result()

    assert QGuiApplication.clipboard().text() == "from a tool"
    assert _asked(opened, lambda host: host.read_clipboard()).result() == "from a tool"


def test_the_screen_is_taken_into_a_file(opened: Driver, tmp_path: Path) -> None:
    path = _asked(opened, lambda host: host.take_screen(tmp_path)).result()

    assert path.parent == tmp_path
    assert not QImage(str(path)).isNull()


def test_a_file_and_an_address_are_opened_by_other_programs(opened: Driver, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("words")
    program = OtherProgram()
    for scheme in ("file", "https"):
        QDesktopServices.setUrlHandler(scheme, program, "open")
    try:
        _asked(opened, lambda host: host.open(str(page))).result()
        _asked(opened, lambda host: host.open("https://example.org/a")).result()
    finally:
        for scheme in ("file", "https"):
            QDesktopServices.unsetUrlHandler(scheme)

    assert program.opened == [QUrl.fromLocalFile(str(page)), QUrl("https://example.org/a")]


def test_programs_and_what_is_not_there_are_not_opened(tmp_path: Path) -> None:
    script = tmp_path / "run"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    shortcut = tmp_path / "evil.desktop"
    shortcut.write_text("[Desktop Entry]\n")

    for target in (
        str(script), str(shortcut), QUrl.fromLocalFile(str(script)).toString(),
        str(tmp_path / "gone"), "relative.txt", "javascript:alert(1)", "ftp://example.org/", "",
    ):  # fmt: skip
        with pytest.raises(KnownError):
            address_of(target)


def test_a_note_of_a_tool_is_shown(opened: Driver) -> None:
    _asked(opened, lambda host: host.notify("Done", "All files are renamed")).result()

    # No desktop shows notes here, so a toast does.
    notices = opened.medley.notices_model
    opened.until(lambda: [row.text for row in notices.rows] == ["Done: All files are renamed"])


def test_nobody_waits_for_a_window_that_closes(open_window: Open) -> None:
    driver = open_window()
    host = driver.window.session.host
    with ThreadPoolExecutor(1) as pool:
        # The window's thread does nothing meanwhile, so the call is still open when it closes.
        waiting = pool.submit(host.read_clipboard)
        while not host.busy:
            pass
        driver.window.close()
        assert isinstance(waiting.exception(), KnownError)
    with pytest.raises(KnownError):
        host.read_clipboard()
