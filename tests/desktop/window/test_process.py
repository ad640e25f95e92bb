"""The window as a process: what it loads, what it refuses, what survives its sudden end."""

from __future__ import annotations

import ast
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkReply, QNetworkRequest
from pytestqt.qtbot import QtBot

from desktop.window.network import OfflineManager
from storage.library import Library
from storage.records import Text
from tests.desktop.window.driver import ANSWER_LIMIT_MS

ROOT = Path(__file__).parents[3]
HEAVY = {"accelerate", "cv2", "diffusers", "llama_cpp", "matplotlib", "scipy", "torch",
         "transformers"}  # fmt: skip
_IDLE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from desktop.window.start import Window, prepare
app = QGuiApplication([])
prepare(app)
window = Window(library=Path(sys.argv[1]))
QTimer.singleShot(1500, app.quit)
app.exec()
window.close()
print(sorted({name.partition(".")[0] for name in sys.modules}))
"""
_TALK = """
import sys
from pathlib import Path
from PySide6.QtGui import QGuiApplication
from desktop.window.start import Window, prepare
app = QGuiApplication([])
prepare(app)
window = Window(library=Path(sys.argv[1]), start_engine=False)
model = window.medley.transcript_model
shown = set()
def tell(*_):
    for row in model.rows:
        for block in row.blocks():
            line = f"{block.kind} {block.modality} {block.plain}"
            if line not in shown:
                shown.add(line)
                print("SHOWN", line, flush=True)
model.dataChanged.connect(tell)
model.rowsInserted.connect(tell)
window.session.engineChanged.connect(
    lambda _: print("WORKER", window.session.now.assistant.engines.now.pid, flush=True))
window.session.progressed.connect(lambda _: print("STEP", flush=True))
def ask():
    window.session.prefer(steps_image=200)
    window.medley.composer_model.sendPrompt("draw a red boat on the sea at night")
window.session.opened.connect(ask)
app.exec()
"""
_ATTACH = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from desktop.cli.main import main
from desktop.window import start
class OwnWindow(start.Window):
    def __init__(self, files, _library, front, **_):
        super().__init__(files, Path(sys.argv[1]), None, False, front=front)
        self.look = QTimer(self)
        self.look.timeout.connect(self.tell)
        self.look.start(20)
    def tell(self):
        chips = self.medley.composer_model.attachments_model.rows
        if chips and all(chip.ready for chip in chips):
            print([(chip.name, chip.modality) for chip in chips])
            self.look.stop()
            QGuiApplication.quit()
start.Window = OwnWindow
sys.exit(main(sys.argv[2:]))
"""

_CLOSE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from desktop.window import start
from desktop.window.opening.run import open_window
class OwnWindow(start.Window):
    def __init__(self, _files, _library, front, **_):
        files = [Path(file) for file in sys.argv[3:]]
        super().__init__(files, Path(sys.argv[1]), front=front)
        print("MADE", flush=True)
        QTimer.singleShot(int(sys.argv[2]), self.window.close)
start.Window = OwnWindow
code = open_window()
print("CLOSED", flush=True)
sys.exit(code)
"""
_MARK = "MEDLEY_TEST_LIBRARY"
"""By which a window's process and all that it started are found."""
MOMENTS_MS = (0, 1, 5, 15, 30, 60, 100, 150, 220, 300, 400, 550, 700, 900,
              1200, 1500, 1900, 2300, 2700, 3000)  # fmt: skip
_HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("PRAGMA locking_mode = EXCLUSIVE")
held.execute("BEGIN EXCLUSIVE")
print("HELD", flush=True)
sys.stdin.readline()
"""
"""Another program at work on the library's file, as one that makes backups."""


def _start(script: str, library: Path, *words: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QUICK_BACKEND": "software",
        _MARK: str(library),
    }
    return subprocess.Popen(
        [sys.executable, "-c", script, str(library), *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _living(library: Path) -> list[str]:
    """Processes that belong to a window on this library, whoever their parent is by now."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            ours = process.environ().get(_MARK) == str(library)
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline())[:200])
    return found


def _ends(process: subprocess.Popen[str], library: Path) -> None:
    """The window's process ends by itself, and all that it started with it."""
    out, err = process.communicate(timeout=ANSWER_LIMIT_MS / 1000)

    assert process.returncode == 0, err
    assert err == ""
    assert out.split() == ["MADE", "CLOSED"]
    deadline = time.monotonic() + ANSWER_LIMIT_MS / 1000
    while _living(library) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _living(library) == []


@pytest.mark.parametrize("moment_ms", MOMENTS_MS)
def test_a_window_that_is_closed_at_any_moment_leaves_no_process(
    moment_ms: int, library_path: Path, media: dict[str, Path]
) -> None:
    _ends(_start(_CLOSE, library_path, str(moment_ms), *map(str, media.values())), library_path)

    with Library.open(library_path) as library:
        assert library.check().sound


@pytest.mark.parametrize("moment_ms", (0, 300))
def test_a_window_that_is_closed_before_its_library_has_opened_leaves_no_process(
    moment_ms: int, library_path: Path
) -> None:
    Library.open(library_path).close()
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(library_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "HELD\n"
        process = _start(_CLOSE, library_path, str(moment_ms))
        assert process.stdout is not None
        assert process.stdout.readline() == "MADE\n"
        time.sleep(1.5)
        assert process.poll() is None  # It waits for the library, with nothing to be seen.
        holder.communicate("let go\n")

    out, err = process.communicate(timeout=ANSWER_LIMIT_MS / 1000)

    assert process.returncode == 0, err
    assert out == "CLOSED\n"
    assert _living(library_path) == []
    Library.open(library_path).close()  # Nobody holds it.


def test_the_windows_process_never_loads_what_computes(library_path: Path) -> None:
    process = _start(_IDLE, library_path)

    out, err = process.communicate(timeout=ANSWER_LIMIT_MS / 1000)

    assert process.returncode == 0, err
    assert "Warning" not in err
    modules = set(eval(out.splitlines()[-1], {"__builtins__": {}}))
    assert "PySide6" in modules
    assert not modules & HEAVY


def test_files_after_the_command_are_attached_and_kept(
    library_path: Path, media: dict[str, Path]
) -> None:
    files = [media[kind] for kind in ("image", "audio", "video")]
    process = _start(_ATTACH, library_path, *map(str, files))

    out, err = process.communicate(timeout=ANSWER_LIMIT_MS / 1000)

    assert process.returncode == 0, err
    assert err == ""
    assert ast.literal_eval(out) == [
        (file.name, kind) for file, kind in zip(files, ("image", "audio", "video"), strict=True)
    ]
    with Library.open(library_path) as library:
        attached = library.drafts.get(None).attachments
        assert [library.media.read(part.sha256) for part in attached] == [
            file.read_bytes() for file in files
        ]


def test_what_was_shown_survives_the_sudden_end_of_the_window(library_path: Path) -> None:
    process = _start(_TALK, library_path)
    assert process.stdout is not None
    shown: list[str] = []
    workers: set[int] = set()
    for line in process.stdout:
        kind, _, rest = line.strip().partition(" ")
        if kind == "SHOWN":
            shown.append(rest)
        elif kind == "WORKER" and rest != "None":
            workers.add(int(rest))
        elif kind == "STEP":
            break

    process.send_signal(signal.SIGKILL)
    process.communicate()

    with Library.open(library_path) as library:
        conversation = library.conversations.list()[0]
        asked, answer = library.messages.path(conversation.id)
        assert answer.state == "interrupted"
        texts = [line.split(" ", 2)[2] for line in shown if line.startswith("text")]
        assert asked.text in texts
        assert all(text in (asked.text + answer.text) for text in texts)
        assert len(answer.parts) == 2
    deadline = time.monotonic() + 60
    while any(psutil.pid_exists(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert workers
    assert not any(psutil.pid_exists(pid) for pid in workers)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x.png", "https://example.org/", "ftp://a/b"]
)
def test_the_window_never_fetches_anything(address: str, qtbot: QtBot) -> None:
    manager = OfflineManager()

    reply = manager.get(QNetworkRequest(QUrl(address)))
    qtbot.waitUntil(reply.isFinished)

    assert reply.error() != QNetworkReply.NetworkError.NoError
    assert reply.url().scheme() == "qrc"
    assert bytes(reply.readAll().data()) == b""
    manager.deleteLater()


def test_the_command_opens_the_window_without_a_warning(library_path: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_DATA_HOME": str(tmp_path),
        "HOME": str(tmp_path),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "desktop.cli"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + ANSWER_LIMIT_MS / 1000
    library = tmp_path / "medley" / "library.db"
    while not library.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1.0)

    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=ANSWER_LIMIT_MS / 1000)

    assert process.returncode == 128 + signal.SIGTERM, err
    assert err == ""
    assert out == ""
    with Library.open(library) as opened:
        assert opened.messages.add(opened.conversations.new().id, [Text("still whole")])
