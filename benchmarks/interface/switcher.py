"""The switcher over many conversations: key to first frame, and letter to frame.

Measured by the clock, and in time of the thread that draws, which another program that keeps the
machine busy does not lengthen; in a process of its own, without a screen (software drawing), with
the real window on a library that is made for it. The engine is not started.

    python -m benchmarks.interface.switcher [--conversations N] [--repeats N]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from benchmarks.window import percentile

GOAL_MS = 100
QUERIES = ("bo", "boat rain", "setti", "lentl soup", "wdhthsfh", "预算", "why is it so")
_WORDS = (
    "red boat sea night rain bell bird dog car ball snow grass sand beach sunset translate explain "
    "code review letter to the landlord holiday plans python error recipe soup lentil budget "
    "summary meeting 预算 计划 翻译 邮件"
).split()
_DAY_MS = 86_400_000
_OURS = "import sys; from benchmarks.interface.switcher import child; child(sys.argv[1:])"


def fill(path: Path, conversations: int) -> None:
    """A library with so many conversations of one question, every third without a title."""
    from storage.clock import now_ms
    from storage.conversations import insert
    from storage.library import Library
    from storage.records import Text

    numbers, begin = random.Random(0), now_ms() - 1000 * _DAY_MS
    with Library.open(path) as library:
        for first in range(0, conversations, 1000):
            with library._database.write() as write:
                ids = [
                    insert(
                        write,
                        uuid.uuid4().hex,
                        " ".join(numbers.sample(_WORDS, 4)).capitalize() if at % 3 else "",
                        begin + at * 1000,
                    )
                    for at in range(first, min(first + 1000, conversations))
                ]
            for id_ in ids[::50]:
                library.messages.add(id_, [Text(" ".join(numbers.choices(_WORDS, k=12)))])


def child(words: list[str]) -> None:
    """Open the window, then the switcher some times, and type; print a line of JSON."""
    from PySide6.QtCore import QCoreApplication, Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtTest import QTest

    from desktop.window.start import Window, prepare
    from desktop.window.theme import quiet_known_noise

    quiet_known_noise()
    app = QGuiApplication([])
    prepare(app)
    window = Window(library=Path(words[0]), start_engine=False)
    frames = [0]
    window.window.frameSwapped.connect(lambda: frames.__setitem__(0, frames[0] + 1))

    def live(until: Callable[[], object]) -> None:
        while not until():
            QCoreApplication.processEvents()

    def timed(act: Callable[[], None]) -> tuple[float, float]:
        before, began, busy = frames[0], time.perf_counter(), time.thread_time()
        act()
        live(lambda: frames[0] > before)
        return 1e3 * (time.perf_counter() - began), 1e3 * (time.thread_time() - busy)

    def summon() -> None:
        QTest.keyClick(window.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)

    def rest() -> None:
        live(lambda: window.session.jobs.idle)
        QTest.qWait(300)
        live(lambda: window.session.jobs.idle)

    live(lambda: window.medley.property("libraryState") == "ready")
    window.medley.dismissFirstStart()
    rest()
    opened, typed = [], []
    for _ in range(int(words[1])):
        opened.append(timed(summon))
        rest()
        for query in QUERIES:
            field = window.window.activeFocusItem()
            field.setProperty("text", "")
            for letter in query:
                typed.append(timed(lambda letter=letter: _type(window, letter)))  # type: ignore[misc]
            rest()
        QTest.keyClick(window.window, Qt.Key.Key_Escape)
        rest()
    titles = len(window.medley.switcher_model._titles.known)
    window.close()
    print(json.dumps({"opened_ms": opened, "typed_ms": typed, "titles": titles}), flush=True)


def _type(window: object, letter: str) -> None:
    """Put a letter into the field, of any script."""
    from PySide6.QtCore import QCoreApplication, QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    target = getattr(window, "window")  # noqa: B009  (its type is known to the child alone)
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
        QCoreApplication.sendEvent(target, event)


def main() -> None:
    """Print milliseconds, each beside the goal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=5)
    args = parser.parse_args()
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library" / "library.db"
        fill(library, args.conversations)
        command = [sys.executable, "-c", _OURS, str(library), str(args.repeats)]
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"switcher over {found['titles']:,} conversations; goal {GOAL_MS} ms")
    for at, what in enumerate(("by the clock", "of the thread that draws, without waiting")):
        first, *later = (times[at] for times in found["opened_ms"])
        typed = [times[at] for times in found["typed_ms"]]
        print(
            f"{what}: first opened in {first:.0f} ms, later {statistics.median(later):.0f} ms "
            f"(median of {len(later)}); a letter {statistics.median(typed):.1f} ms (median), "
            f"{percentile(typed, 0.95):.1f} ms (p95), {max(typed):.1f} ms (most of {len(typed)})"
        )


if __name__ == "__main__":
    main()
