"""The window: first frame against a bare PySide6 QML window, memory, modules, 10,000 messages.

Every figure is measured in a process of its own, without a screen (software drawing). The engine is
not started: what it costs is its own process's matter.

    python -m benchmarks.window [--repeats N] [--messages N]
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

FRAMES = 300
STEP_PX = 80
HEAVY = ("torch", "transformers", "diffusers", "llama_cpp", "scipy", "cv2")
_BARE = """
import json, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
app = QGuiApplication([])
engine = QQmlApplicationEngine()
text = b"import QtQuick.Controls.Basic\\nApplicationWindow{visible:true;width:900;height:700}"
engine.loadData(text)
def framed():
    print(json.dumps({"first_s": time.time() - float(sys.argv[1])}), flush=True)
    app.quit()
engine.rootObjects()[0].frameSwapped.connect(framed)
app.exec()
del engine
"""
_OURS = """
import sys
from benchmarks.window import child
child(sys.argv[1:])
"""


def fill(path: Path, messages: int) -> int:
    """A library with one conversation, a picture with every tenth message; its id."""
    from PIL import Image

    from storage.library import Library
    from storage.records import Text

    with Library.open(path) as library:
        conversation = library.conversations.new("long").id
        for number in range(messages // 2):
            words = f"Question {number}: what is **this**?"
            asked = library.messages.add(conversation, [Text(words)]).id
            writer = library.messages.begin_answer(asked)
            writer.text(f"Answer {number}.\n\n- one\n- `two`\n\n" + "Words and more words. " * 12)
            if number % 5 == 0:
                file = io.BytesIO()
                colour = (number % 256, number // 7 % 256, 90)
                Image.new("RGB", (64, 64), colour).save(file, "PNG")
                writer.artifact(
                    0, file.getvalue(), mime="image/png", modality="image", width=64, height=64
                )
            writer.finish()
    return conversation


def child(words: list[str]) -> None:
    """Open the window, print a line of JSON at the first frame and at the end of scrolling."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtQuick import QQuickItem

    from desktop.window.start import Window, prepare
    from desktop.window.theme import quiet_known_noise

    began, library, conversation = float(words[0]), Path(words[1]), words[2]
    quiet_known_noise()
    app = QGuiApplication([])
    prepare(app)
    window = Window(library=library, start_engine=False)
    seen: dict[str, object] = {}
    times: list[float] = []

    def framed() -> None:
        now = time.perf_counter()
        if "first_s" not in seen:
            seen["first_s"] = time.time() - began
            if not conversation:
                QTimer.singleShot(500, app.quit)
            return
        if times:
            times.append(now)
            scroll()

    def view() -> QQuickItem | None:
        found: QQuickItem | None = window.window.findChild(QQuickItem, "transcriptList")
        return found

    def scroll() -> None:
        item = view()
        if item is None or len(times) > FRAMES:
            app.quit()
            return
        item.setProperty("contentY", float(item.property("contentY")) - STEP_PX)
        window.window.update()

    def begin() -> None:
        times.append(time.perf_counter())
        scroll()

    def opened() -> None:
        asked = time.perf_counter()
        model = window.medley.transcript_model

        def shown(_: int) -> None:
            seen["open_s"] = time.perf_counter() - asked
            QTimer.singleShot(300, begin)

        model.scrollTo.connect(shown)
        window.medley.conversations_model.open(conversation)

    window.window.frameSwapped.connect(framed)
    if conversation:
        window.session.opened.connect(opened)
    app.exec()
    import psutil

    seen["rss"] = psutil.Process().memory_info().rss
    seen["heavy"] = sorted(set(HEAVY) & set(sys.modules))
    seen["modules"] = len(sys.modules)
    seen["frames_ms"] = [1e3 * (b - a) for a, b in pairwise(times)]
    window.close()
    print(json.dumps(seen), flush=True)


def run(code: str, *words: str) -> dict[str, object]:
    """The last line that a fresh process prints."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    command = [sys.executable, "-c", code, str(time.time()), *words]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def percentile(values: list[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    """Print the figures; ratios and counts first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--messages", type=int, default=10_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        empty, long = Path(folder) / "empty" / "library.db", Path(folder) / "long" / "library.db"
        pairs = []
        for _ in range(args.repeats):  # both sides in turn, so that a busy machine hits both
            bare = float(str(run(_BARE)["first_s"]))
            pairs.append((float(str(run(_OURS, str(empty), "")["first_s"])), bare))
        ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
        print(
            f"first frame: window / bare window = {ours / theirs:.2f}; {ours:.2f} / {theirs:.2f} s"
        )
        idle = run(_OURS, str(empty), "")
        print(
            f"memory of the window's process: {int(str(idle['rss'])) / 2**20:.0f} MiB, "
            f"{idle['modules']} modules, of those that compute: {idle['heavy'] or 'none'}"
        )
        conversation = fill(long, args.messages)
        scrolled = run(_OURS, str(long), str(conversation))
        frames = scrolled["frames_ms"]
        if not isinstance(frames, list) or not frames:
            raise SystemExit("window: nothing was drawn while scrolling")
        print(
            f"{args.messages} messages: opened in {float(str(scrolled['open_s'])):.2f} s; "
            f"{len(frames)} frames of scrolling: median {statistics.median(frames):.1f} ms, "
            f"p95 {percentile(frames, 0.95):.1f} ms; {int(str(scrolled['rss'])) / 2**20:.0f} MiB"
        )


if __name__ == "__main__":
    main()
