"""Takes what a device reports over to a thread of its own, and says when nothing is reported more.

A device's own thread must never wait: whatever it is given to do ends in a queue here.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from desktop.devices.audio import Stream
from plugins.errors import Problem, phrase

T = TypeVar("T")
LOOK_S = 0.1
LOOKS = 10
"""In a row without any report before a device counts as lost. Looks are counted, not time: of a
machine that slept or was busy elsewhere the device knows as little as this thread."""
SILENT = phrase("nothing has come from it for a second")
CLOSED = Problem("")


class Relay(Generic[T]):
    """One thread, from `start` to `close` or to the loss of the device."""

    def __init__(self, handle: Callable[[T], None], on_lost: Callable[[Problem], None]) -> None:
        """Nothing runs yet.

        Args:
            handle: is given every report, in order.
            on_lost: is told once, as the last thing, why no more reports will come.
        """
        self._handle, self._on_lost = handle, on_lost
        self._reports: queue.SimpleQueue[tuple[T] | Problem] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="device", daemon=True)

    def start(self) -> None:
        """From now on silence counts as a loss."""
        self._thread.start()

    def put(self, report: T) -> None:
        """Report something. From any thread; never waits."""
        self._reports.put((report,))

    def fail(self, reason: Problem) -> None:
        """Report that the device has ended. From any thread; never waits."""
        self._reports.put(reason)

    def close(self) -> None:
        """No callback comes after this, unless it is called from one."""
        self._closed.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._reports.put(CLOSED)
            self._thread.join()

    def _run(self) -> None:
        silent = 0
        reason: Problem | None = None
        while reason is None and not self._closed.is_set():
            try:
                report = self._reports.get(timeout=LOOK_S)
            except queue.Empty:
                silent += 1
                reason = SILENT if silent >= LOOKS else None
                continue
            silent = 0
            if isinstance(report, Problem):
                reason = report
            else:
                self._handle(*report)
        if reason is not None and not self._closed.is_set():
            self._on_lost(reason)


@dataclass(frozen=True)
class Opened:
    """A device that is open: its stream, and the relay of what it reports."""

    stream: Stream
    relay: Relay[Any]

    def close(self) -> None:
        """Let go of the device; no callback comes after this. Never hangs."""
        self.stream.close()
        self.relay.close()
