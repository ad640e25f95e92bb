"""Search by meaning in the window: asks when it may, and places new media while nobody waits.

Never starts the engine by itself: what is not running is not asked.
"""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.assistant.meaning import LEAST, Meaning
from desktop.engine_client import EngineState
from desktop.window import sidebar
from desktop.window.session import Session
from desktop.window.sidebar import MediaHit

QUIET_MS = 1500
"""The engine has nothing to do for so long before media are placed."""
SHORTEST = 2
"""Characters that can mean something."""


class MeaningSearch(QObject):
    """One search at a time; an older one is forgotten."""

    found = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._meaning: Meaning | None = None
        self._number = 0
        self._go_on = threading.Event()
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._learn)
        session.engineChanged.connect(self._on_engine)

    def look_for(self, words: str, modality: str) -> None:
        """Look for media that mean the same; `found` follows where there are any."""
        self._number += 1
        number, meaning = self._number, self._ready()
        if meaning is None or len(words) < SHORTEST:
            return
        self._pause()

        def show(found: list[MediaHit]) -> None:
            self._quiet.start()
            if number == self._number and found:
                self.found.emit(found)

        self._session.jobs.run(
            "search", lambda: sidebar.meant(meaning.like(words, modality), LEAST), show
        )

    def forget(self) -> None:
        """Nobody waits for what is being looked for."""
        self._number += 1

    def _ready(self) -> Meaning | None:
        now = self._session.now
        if now is None or not self._session.preferences.meaning_search:
            return None
        if now.assistant.state.phase not in ("ready", "busy"):
            return None
        if self._meaning is None:
            self._meaning = Meaning(now.assistant)
        return self._meaning

    def _on_engine(self, state: EngineState) -> None:
        if state.phase == "ready":
            if not self._go_on.is_set():
                self._quiet.start()
        else:
            self._pause()

    def _pause(self) -> None:
        self._quiet.stop()
        self._go_on.clear()

    def _learn(self) -> None:
        meaning = self._ready()
        if meaning is not None:
            self._go_on.set()
            self._session.jobs.run(
                "search", lambda: meaning.learn(self._go_on.is_set), lambda _: self._go_on.clear()
            )
