"""Medley's window and a bare QML window, each in a fresh process that tells what it cost.

Both are watched in the same way, by turns, so that a busy machine hits both. Time is that of the
processor, of all threads of the process.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLATFORMS = ("offscreen", "xvfb")
_WATCH = """
import json, sys, time
seen = {}
def cpu():
    return time.process_time()
def resident():
    with open("/proc/self/smaps_rollup") as file:
        sizes = dict(line.split()[:2] for line in file.readlines()[1:])
    return [int(sizes[name + ":"]) * 1024 for name in ("Rss", "Private_Dirty", "Private_Clean")]
def watch(window, app, settle_s, idle_s):
    from PySide6.QtCore import QTimer
    def begin():
        seen["memory"], seen["modules"] = resident(), len(sys.modules)
        before, frames = cpu(), seen["frames"]
        def end():
            seen["idle_s"], seen["idle_frames"] = cpu() - before, seen["frames"] - frames
            app.quit()
        QTimer.singleShot(int(1000 * idle_s), end)
    QTimer.singleShot(int(1000 * settle_s), begin)
def framed():
    seen["frames"] = seen.get("frames", 0) + 1
    seen.setdefault("first_s", cpu())
settle_s, idle_s = float(sys.argv[1]), float(sys.argv[2])
"""
_BARE = """
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
app = QGuiApplication([])
engine = QQmlApplicationEngine()
engine.loadData(sys.argv[3].encode())
window = engine.rootObjects()[0]
window.frameSwapped.connect(framed)
watch(window, app, settle_s, idle_s)
app.exec()
del engine
print(json.dumps(seen), flush=True)
"""
_OURS = """
from pathlib import Path
from desktop.cli.main import main
from desktop.window.opening import run
run.quiet_known_noise()
run.draw_plainly()
app = run.application()
run.ready(app)
opening = run.Opening(Path(sys.argv[3]))
window = opening.front.window
window.frameSwapped.connect(framed)
def whole():
    if opening.window is not None and "whole_s" not in seen:
        seen["whole_s"] = cpu()
def filled():
    made = opening.window
    made._start_engine = False
    made.session.opened.connect(made.medley.dismissFirstStart)
    if sys.argv[4]:
        made.session.opened.connect(lambda: made.medley.conversations_model.open(int(sys.argv[4])))
    window.frameSwapped.connect(whole)
    window.requestActivate()
    watch(window, app, settle_s, idle_s)
opening.filled.connect(filled)
app.exec()
opening.close()
if opening.error is not None:
    raise opening.error
print(json.dumps(seen), flush=True)
"""
EMPTY = "import QtQuick.Controls.Basic\nApplicationWindow{visible:true;width:1120;height:760}"
WRITING = EMPTY[:-1] + ";TextArea{anchors.fill:parent;focus:true}}"
"""A bare window in which a person writes."""


@dataclass(frozen=True)
class Watched:
    """What one window cost."""

    first_s: float
    """Of the processor, from the start of the program to its first frame."""
    whole_s: float
    """To the first frame that shows all that is in the window."""
    resident: int
    """Bytes, once it has settled."""
    private: int
    idle_share: float
    """Of one processor, while nothing happens."""
    idle_frames: int
    modules: int


class Watcher:
    """Starts windows on one platform of `PLATFORMS`; Python's and QML's compiled files are kept
    between them, as they are on a person's machine. Used through `watching`."""

    def __init__(self, folder: Path, platform: str) -> None:
        self._platform = platform
        kept = ("PYTHONDONTWRITEBYTECODE", "QT_QPA_PLATFORM", "QT_QUICK_BACKEND", "QSG_RHI_BACKEND")
        self._environment = {name: v for name, v in os.environ.items() if name not in kept}
        self._environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        if platform == "offscreen":
            self._environment.update(QT_QPA_PLATFORM=platform, QT_QUICK_BACKEND="software")

    def bare(self, text: str = EMPTY, settle_s: float = 0.3, idle_s: float = 0.0) -> Watched:
        """A bare window of this QML."""
        return self._watch(_BARE, settle_s, idle_s, text)

    def ours(
        self, library: Path, conversation: str = "", settle_s: float = 0.3, idle_s: float = 0.0
    ) -> Watched:
        """Medley's window on a library, with a conversation open; no engine is started."""
        return self._watch(_OURS, settle_s, idle_s, str(library), conversation)

    def _watch(self, code: str, settle_s: float, idle_s: float, *words: str) -> Watched:
        screen = ["xvfb-run", "-a"] if self._platform == "xvfb" else []
        command = [*screen, sys.executable, "-c", _WATCH + code, str(settle_s), str(idle_s), *words]
        done = subprocess.run(
            command, env=self._environment, stdout=subprocess.PIPE, text=True, check=True
        )
        seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        rss, *private = seen["memory"]
        return Watched(
            first_s=seen["first_s"],
            whole_s=seen.get("whole_s", seen["first_s"]),
            resident=rss,
            private=sum(private),
            idle_share=seen["idle_s"] / idle_s if idle_s else 0.0,
            idle_frames=seen["idle_frames"],
            modules=seen["modules"],
        )


def platforms() -> list[str]:
    """Those that this machine has."""
    return [one for one in PLATFORMS if one != "xvfb" or shutil.which("xvfb-run")]


@contextmanager
def watching(platform: str) -> Iterator[tuple[Watcher, Path]]:
    """A watcher whose windows were opened once, so that everything is compiled, and a folder."""
    with tempfile.TemporaryDirectory() as folder:
        watcher = Watcher(Path(folder), platform)
        watcher.bare()
        watcher.ours(Path(folder) / "first" / "library.db")
        yield watcher, Path(folder)
