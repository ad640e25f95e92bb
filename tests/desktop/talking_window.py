"""A window in which a person talks without end, and which says on stdout what it shows.

    python -m tests.desktop.talking_window LIBRARY SEED

The real window on a real library with the real worker and Pocket, without a screen. Every line is
JSON: a message as a row of the transcript shows it, words that were written and are kept as a
draft, or the worker's process id. `kills` ends it at random moments.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from desktop.assistant.assistant import EngineChoice
from desktop.window.start import Window, prepare
from desktop.window.theme import quiet_known_noise
from storage.records import MediumPart, Message, TextPart

STEPS = 4
"""Of every rendering, so that a turn takes about a second."""
TICK_MS = 40
_ASKED = ("draw {}", "play the sound of {}", "show a clip of {}", "show me {} and let me hear it")
_COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "white", "black")
_THINGS = ("boat", "car", "train", "bird", "dog", "cat", "bell", "drum", "ball", "frog", "clock")
_PLACES = ("on the sea", "on the grass", "on the sand", "on the snow")
_TIMES = ("by day", "at night", "at sunset")


class Talk:
    """One life of a window."""

    def __init__(self, window: Window, numbers: random.Random, folder: Path) -> None:
        self._window, self._numbers, self._folder = window, numbers, folder
        self._told: dict[int, dict[str, Any]] = {}
        self._worker: int | None = None
        self._ready = False
        self._draft: str | None = None
        model = window.medley.transcript_model
        for signal in (model.dataChanged, model.rowsInserted, model.modelReset):
            signal.connect(self._tell)
        window.session.engineChanged.connect(self._tell_worker)
        window.session.opened.connect(self._begin)
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._go_on)

    def _begin(self) -> None:
        self._window.session.prefer(steps_image=STEPS, steps_audio=STEPS, steps_video=STEPS)
        now = self._window.session.now
        assert now is not None
        known = now.library.conversations.list(limit=3)
        if known and self._numbers.random() < 0.7:
            chosen = self._numbers.choice(known).id
            self._window.medley.conversations_model.open(str(chosen))
        self._timer.start(TICK_MS)

    def _go_on(self) -> None:
        """The next thing that a person does, once nothing is under way."""
        composer, session = self._window.medley.composer_model, self._window.session
        if composer.property("busy") or composer.property("reading") or not session.jobs.idle:
            return
        if self._draft is not None:
            if self._draft:
                _say(typed=self._draft)
            self._draft = None
            composer.send()
            return
        last = self._last()
        what = self._numbers.random()
        if last is not None and what < 0.12:
            self._window.medley.transcript_model.regenerate(str(last.id))
        elif last is not None and what < 0.24 and (index := _first_made(last)) is not None:
            self._window.medley.transcript_model.vary(str(last.id), index)
        elif self._numbers.random() < 0.1:
            self._window.medley.conversations_model.newConversation()
        else:
            self._write()

    def _write(self) -> None:
        """Write a message and keep it as a draft; it is sent at the next tick."""
        pick, composer = self._numbers.choice, self._window.medley.composer_model
        if self._numbers.random() < 0.25:
            path = self._folder / f"{self._numbers.randrange(2**31)}.png"
            Image.new("RGB", (64, 64), tuple(self._numbers.randbytes(3))).save(path)
            composer.attach([path])
            words = f"what is in this picture, {pick(_COLOURS)} {pick(_THINGS)} or not?"
        else:
            scene = f"a {pick(_COLOURS)} {pick(_THINGS)} {pick(_PLACES)} {pick(_TIMES)}"
            words = pick(_ASKED).format(scene)
        composer.setProperty("text", words)
        composer.flush()
        self._draft = words

    def _last(self) -> Message | None:
        """The answer at the end of the branch."""
        rows = self._window.medley.transcript_model.rows
        message = rows[-1].message if rows else None
        return message if message is not None and message.role == "assistant" else None

    def _tell(self, *_: object) -> None:
        for row in self._window.medley.transcript_model.rows:
            message = row.message
            if message is None or row.body is None:
                continue
            media = [part.medium.sha256 for part in message.parts if isinstance(part, MediumPart)]
            what = {"text": message.text, "media": media, "state": message.state}
            if self._told.get(message.id) != what:
                self._told[message.id] = what
                _say(message=message.id, **what)

    def _tell_worker(self, _: object) -> None:
        now = self._window.session.now
        client = None if now is None else now.assistant.engines.now
        pid = None if client is None else client.pid
        if pid is not None and pid != self._worker:
            self._worker = pid
            _say(worker=pid)


def _first_made(message: Message) -> int | None:
    """Number of an artifact that can be made again, among all that the answer holds."""
    others = [part for part in message.parts if not isinstance(part, TextPart)]
    return next((n for n, part in enumerate(others) if isinstance(part, MediumPart)), None)


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Talk until somebody kills this process."""
    library, seed = Path(sys.argv[1]), int(sys.argv[2])
    quiet_known_noise()
    app = QGuiApplication([])
    prepare(app)
    window = Window(library=library, choice=EngineChoice(device="cpu"))
    talk = Talk(window, random.Random(seed), library.parent)
    app.exec()
    del talk


if __name__ == "__main__":
    main()
