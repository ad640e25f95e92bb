"""Proofs as a list shows them: one at a time, how far it is, and what came of it."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.window.sentences import told
from desktop.window.session import Session
from desktop.window.settings.proving import Proof

LOOK_MS = 250
"""Between two looks at how far a proof is."""


class ProofRun(QObject):
    """At most one proof under way."""

    moved = Signal(str, float)
    """Name, and share of it that is proven, 0 to 1; -1 while nobody knows."""
    ended = Signal(str, bool, str)
    """Name, whether it is whole, and the last that was said of it."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lock = threading.Lock()
        self._proof: Proof | None = None
        self._name = ""
        self._closed = False
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._look_how_far)

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self._name != ""

    def start(self, name: str, folder: Path) -> None:
        """Begin a proof of what the command knows as `name`; nothing happens while another runs."""
        if self._name:
            return
        self._name = name
        self._look.start()
        self.moved.emit(name, 0.0)
        self._session.ask(
            lambda _: self._prove(name, folder),
            lambda outcome: self._end(*outcome),
            lambda error: self._end(False, told(error)),
            queue="proof",
        )

    def close(self) -> None:
        """End a proof that is under way; none begins any more."""
        with self._lock:
            self._closed = True
        self.cancel()

    def cancel(self) -> None:
        """End a proof that is under way."""
        with self._lock:
            if self._proof is not None:
                self._proof.kill()

    def _prove(self, name: str, folder: Path) -> tuple[bool, str]:
        with self._lock:
            if self._closed:
                return False, ""
            self._proof = proof = Proof(name, folder)
        outcome = proof.wait()
        with self._lock:
            self._proof = None
        return outcome

    def _end(self, whole: bool, text: str) -> None:
        name, self._name = self._name, ""
        self._look.stop()
        self.ended.emit(name, whole, text)

    def _look_how_far(self) -> None:
        proof = self._proof
        if proof is not None:
            self.moved.emit(self._name, proof.share())
