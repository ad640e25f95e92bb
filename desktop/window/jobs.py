"""Runs what is slow away from the thread that draws, and brings results back to it.

Lanes of one thread each: the library, whose work stays in order; searches, which may take long and
are cancelled; what waits for the engine's encoder; files (reading, hashing); and pictures that are
to be shown. Knows Qt's event loop and nothing of what the work is.

Thread contract: `Jobs` belongs to the thread that made it; `done` and `failed` are called there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Literal, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

T = TypeVar("T")
Lane = Literal["library", "search", "meaning", "files", "pictures"]
LANES: tuple[Lane, ...] = ("library", "search", "meaning", "files", "pictures")
log = logging.getLogger(__name__)


class Jobs(QObject):
    """Lanes of work with results delivered by queued signals."""

    _finished = Signal(object)
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {
            lane: ThreadPoolExecutor(1, thread_name_prefix=f"medley-{lane}") for lane in LANES
        }
        self._closed = False
        self._pending = 0
        queued = Qt.ConnectionType.QueuedConnection
        self._finished.connect(self._deliver, queued)
        self._posted.connect(self._call, queued)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way or waits for delivery."""
        return self._pending == 0

    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Future[T] | None:
        """Do `work` in a lane; then `done` with its result, or `failed` with what it raised.

        Without `failed`, what it raised is logged. None once closed: nothing is done any more.
        """
        if self._closed:
            return None
        self._pending += 1
        future = self._lanes[lane].submit(work)
        finished: SignalInstance = self._finished
        future.add_done_callback(lambda f: finished.emit((f, done, failed)))
        return future

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` made on this object's thread, soon. From any thread."""
        self._posted.emit(call)

    def close(self) -> None:
        """Finish what is under way, deliver nothing more, and end the threads."""
        self._closed = True
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=False)

    @Slot(object)
    def _deliver(self, outcome: tuple[Future[Any], Any, Any]) -> None:
        future, done, failed = outcome
        self._pending -= 1
        if self._closed or future.cancelled():
            return
        error = future.exception()
        if error is None:
            if done is not None:
                done(future.result())
        elif failed is not None and isinstance(error, Exception):
            failed(error)
        else:
            log.error("a job failed", exc_info=error)

    @Slot(object)
    def _call(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()
