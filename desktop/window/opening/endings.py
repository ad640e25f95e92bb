"""Signals of the operating system that end the program, heard without a clock. Knows no window.

Python acts on a signal between two of its own steps, and Qt's event loop takes none while nothing
happens. The signal's number therefore comes through a socket that the event loop watches.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QSocketNotifier

NUMBERS = (signal.SIGINT, signal.SIGTERM)


class Endings:
    """Calls back once a signal has come, in the event loop; one that came before it runs, too.

    Used as a context, on the main thread.
    """

    def __init__(self, ended: Callable[[], None]) -> None:
        self.asked: list[int] = []
        """The signals that have come."""
        self._ended = ended

    def __enter__(self) -> Endings:
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        for number in NUMBERS:
            signal.signal(number, lambda received, _frame: self.asked.append(received))
        self._before = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        self._read.close()
        self._write.close()

    def _on_signal(self) -> None:
        self._read.recv(64)
        if self.asked:
            self._ended()
