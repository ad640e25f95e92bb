"""Search by meaning in the window: asks when it may, and places new media while nobody waits.

What is looked for is looked for again when the engine becomes ready and whenever media were
placed, so that hits appear as they become possible. Never starts the engine by itself: what is not
running is not asked.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.assistant.semantic_search import Meaning
from desktop.window.session import Session
from desktop.window.sidebar import sidebar
from desktop.window.sidebar.sidebar import MediaHit
from runtime.worker.client import EngineState
from storage.records import Match

QUIET_MS = 1500
"""The engine has nothing to do for so long before media are placed."""
SHORTEST = 2
"""Characters that can mean something."""
AT_ONCE = 8
"""Media that are placed, about, before what is looked for is looked for again."""


@dataclass(frozen=True)
class Sought:
    """What is looked for: words, or a medium to which others are similar."""

    words: str = ""
    media_id: str = ""
    modality: str = ""
    """Only media of this kind; empty for all."""

    def find(self, meaning: Meaning) -> list[Match]:
        """Media that resemble it, best first."""
        if self.media_id:
            return meaning.like_medium(self.media_id, self.modality)
        return meaning.like(self.words, self.modality)


class MeaningSearch(QObject):
    """One search at a time; an older one is forgotten."""

    found = Signal(object)
    """All media that mean the same, best first; again when there are others."""
    over = Signal()
    """What was looked for was compared with everything that is placed by now."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._meaning: Meaning | None = None
        self._sought: Sought | None = None
        self._looking: Sought | None = None
        self._answered = False
        self._go_on = threading.Event()
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._learn)
        session.engineChanged.connect(self._on_engine)

    def look_for(self, words: str, modality: str) -> None:
        """Look for media that mean the same; `found` follows where there are any."""
        self._begin(Sought(words=words, modality=modality) if len(words) >= SHORTEST else None)

    def look_like(self, media_id: str, modality: str) -> None:
        """Look for media that are similar to one; `found` follows where there are any."""
        self._begin(Sought(media_id=media_id, modality=modality))

    def forget(self) -> None:
        """Nobody waits for what is being looked for."""
        self._sought = None

    def _begin(self, sought: Sought | None) -> None:
        self._sought, self._answered = sought, False
        self._look()

    def _look(self) -> None:
        sought, meaning = self._sought, self._ready()
        if sought is None or sought is self._looking:
            return
        if meaning is None:
            self.over.emit()  # For now: it is looked for when the engine is ready.
            return
        self._pause()
        self._looking = sought

        def show(found: list[MediaHit]) -> None:
            self._looking = None
            self._quiet.start()
            if sought is self._sought:
                self._answered = True
                self.found.emit(found)
                self.over.emit()

        def failed(error: Exception) -> None:
            show([])
            self._session.announce(error)

        self._session.jobs.run("meaning", lambda: sidebar.meant(sought.find(meaning)), show, failed)

    def _ready(self) -> Meaning | None:
        now = self._session.now
        if now is None or not self._session.preferences.meaning_search:
            return None
        if now.assistant.state.phase != "ready":
            return None
        if self._meaning is None:
            self._meaning = Meaning(now.assistant)
        return self._meaning

    def _on_engine(self, state: EngineState) -> None:
        if state.phase != "ready":
            self._pause()
        elif self._sought is not None and not self._answered:
            self._look()
        elif not self._go_on.is_set():
            self._quiet.start()

    def _pause(self) -> None:
        self._quiet.stop()
        self._go_on.clear()

    def _learn(self) -> None:
        meaning = self._ready()
        if meaning is None:
            return
        self._go_on.set()
        steps = itertools.count()

        def going_on() -> bool:
            return self._go_on.is_set() and next(steps) < AT_ONCE

        def learnt(count: int) -> None:
            interrupted = not self._go_on.is_set()
            self._go_on.clear()
            if count and self._sought is not None:
                self._look()
            elif count and not interrupted:
                self._learn()

        self._session.jobs.run("meaning", lambda: meaning.learn(going_on), learnt)
