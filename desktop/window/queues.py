"""Runs what is slow away from the thread that draws, and brings results back to it.

Queues of one thread each, one for every thing that can keep work waiting: the library, whose work
stays in order; searches, which are cancelled; the engine's encoder; questions, whose media are
copied out for the engine; files that come in, some beside each other; files that go out;
conversations that are exported and imported; pictures that the library holds; looks at media that
nobody has looked at, some beside each other; long texts; colours of code; proofs of bundles;
which models are installed; and the tools process. Knows Qt's event loop and nothing of what the
work is.

Thread contract: `Jobs` belongs to the thread that made it; `done` and `failed` are called there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, Literal, TypeVar, get_args

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

from desktop.assistant.media_probe.client import AT_ONCE

T = TypeVar("T")
Queue = Literal[
    "library", "search", "meaning", "asking", "intake", "files", "exchange", "pictures", "looks",
    "text", "colours", "proof", "models", "tools",
]  # fmt: skip
QUEUES: tuple[Queue, ...] = get_args(Queue)
PROMISED: frozenset[Queue] = frozenset({"library", "files", "exchange"})
"""Queues whose work is done even when the window closes before its turn: a person asked for it."""
BESIDE = {"intake": AT_ONCE, "looks": AT_ONCE}
"""Queues of several threads: a file that takes long to look at holds up no other."""
log = logging.getLogger(__name__)


class Jobs(QObject):
    """Queues of work with results delivered by queued signals."""

    _finished = Signal(object)
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queues = {
            queue: ThreadPoolExecutor(BESIDE.get(queue, 1), thread_name_prefix=f"medley-{queue}")
            for queue in QUEUES
        }
        self._closed = False
        self._pending = 0
        self._owners: dict[Future[Any], Callable[[Any], None]] = {}
        """What becomes of results that nobody may take any more."""
        queued = Qt.ConnectionType.QueuedConnection
        self._finished.connect(self._deliver, queued)
        self._posted.connect(self._call, queued)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way or waits for delivery."""
        return self._pending == 0

    def run(
        self,
        queue: Queue,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        late: Callable[[T], None] | None = None,
    ) -> Future[T] | None:
        """Do `work` in a queue; then `done` with its result, or `failed` with what it raised.

        Without `failed`, what it raised is logged. `late` gets the result in place of `done` where
        everything was closed meanwhile: what has to be ended or given back needs it. None once
        closed: nothing is done any more.
        """
        if self._closed:
            return None
        self._pending += 1
        future = self._queues[queue].submit(work)
        if late is not None:
            self._owners[future] = late
        finished: SignalInstance = self._finished
        future.add_done_callback(lambda f: finished.emit((f, done, failed)))
        return future

    def executor(self, queue: Queue) -> Executor:
        """A queue for work whose results nobody here waits for. It refuses once closed."""
        return self._queues[queue]

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` made on this object's thread, soon. From any thread."""
        self._posted.emit(call)

    def stop(self) -> None:
        """Take no more work and deliver nothing more. What is under way, and what was promised,
        goes on; the rest is forgotten."""
        self._closed = True
        for queue, pool in self._queues.items():
            pool.shutdown(wait=False, cancel_futures=queue not in PROMISED)

    def wait(self, *queues: Queue) -> None:
        """After `stop`: wait for the ends of some queues, or of all, and hand results that came too
        late to their owners."""
        for queue in queues or QUEUES:
            self._queues[queue].shutdown(wait=True)
        for future in [future for future in self._owners if future.done()]:
            owner = self._owners.pop(future)
            if not future.cancelled() and future.exception() is None:
                owner(future.result())

    @Slot(object)
    def _deliver(self, outcome: tuple[Future[Any], Any, Any]) -> None:
        future, done, failed = outcome
        self._pending -= 1
        if self._closed or future.cancelled():
            return
        self._owners.pop(future, None)
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
