"""A second start of a library's window brings the first one to the front."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalSocket

from desktop.window.first_window import Call, FirstWindow, hand_over, socket_name
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver

pytestmark = pytest.mark.qt_log_ignore("does not support raise")
"""Where there is no screen there is no front."""
ROOT = Path(__file__).parents[3]
GBK = "测试报告.png".encode("gbk")
_LEFT = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop.window.first_window import FirstWindow
app = QCoreApplication([])
first = FirstWindow(Path(sys.argv[1]))
os._exit(9)
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The library that `medley` opens by itself, and a runtime folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    # The names of sockets are short.
    with tempfile.TemporaryDirectory(prefix="run") as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        yield tmp_path / "medley" / "library.db"


def _start(driver: Driver, *words: str | bytes | Path) -> tuple[int, bytes]:
    """Start Medley once more while the first window lives; its exit code and what it says."""
    command = [sys.executable, "-m", "desktop.cli", *words]
    with tempfile.TemporaryFile() as said:
        second = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        driver.until(lambda: second.poll() is not None)
        said.seek(0)
        return second.returncode, said.read()


def _first(driver: Driver, library: Path) -> FirstWindow:
    first = FirstWindow(library, driver.window)
    first.called.connect(driver.window.come)
    return first


def test_a_second_start_hands_its_files_over_and_ends(
    library: Path, open_window: Open, tmp_path: Path
) -> None:
    driver = open_window(library=library)
    first = _first(driver, library)
    driver.window.window.showMinimized()
    odd = os.fsencode(tmp_path) + b"/" + GBK
    Image.new("RGB", (64, 64)).save(tmp_path / "plain.png")
    Path(os.fsdecode(odd)).write_bytes((tmp_path / "plain.png").read_bytes())

    assert _start(driver, tmp_path / "plain.png", odd) == (0, b"")

    chips = driver.medley.composer_model.attachments_model
    driver.until(lambda: chips.rowCount() == 2 and not chips.reading)
    assert [(chip.name, chip.problem) for chip in chips.rows] == [
        ("plain.png", ""), ("测试报告.png", ""),
    ]  # fmt: skip
    assert not driver.window.window.windowStates() & Qt.WindowState.WindowMinimized
    first.close()


def test_a_library_has_its_window_and_others_have_theirs(library: Path, opened: Driver) -> None:
    first = _first(opened, library)

    assert not hand_over(library.with_name("other.db"), [])
    assert stat.S_IMODE(os.stat(socket_name(library)).st_mode) & 0o077 == 0

    first.close()
    assert not hand_over(library, [])


def test_what_a_sudden_end_left_is_in_nobodys_way(library: Path, opened: Driver) -> None:
    subprocess.run([sys.executable, "-c", _LEFT, library], cwd=ROOT, check=False)
    assert Path(socket_name(library)).exists()
    assert not hand_over(library, [])

    first = _first(opened, library)
    calls: list[Call] = []
    first.called.connect(calls.append)
    assert _start(opened) == (0, b"")

    assert calls == [Call()]
    first.close()


@pytest.mark.parametrize("words", [b"rubbish\n", b"[]\n", b'{"files": 3}\n', b"no end"])
def test_rubbish_is_not_heard(library: Path, opened: Driver, words: bytes) -> None:
    first = _first(opened, library)
    calls: list[Call] = []
    first.called.connect(calls.append)

    socket = QLocalSocket()
    socket.connectToServer(socket_name(library))
    assert socket.waitForConnected(5000)
    socket.write(words)
    socket.flush()
    opened.qtbot.wait(50)
    socket.close()
    opened.qtbot.wait(20)

    assert not calls
    first.close()


def test_without_a_runtime_folder_it_is_beside_the_library(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    library.parent.mkdir()

    assert Path(socket_name(library)).parent in (library.parent, Path())
    assert socket_name(library / ("long" * 40) / "library.db") == ""
