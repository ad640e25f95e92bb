"""What calls ask of the other end while they run, and the answers. Knows no tool."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable

from desktop.tools.protocol import CallId, Elicited, Report, ServiceDone
from plugins.errors import Cancelled
from runtime.process.pipes import ReportSender

Answer = ServiceDone | Elicited


class Questions:
    """Questions that wait for their answers.

    Threads: any.
    """

    def __init__(self, outlet: ReportSender[Report]) -> None:
        self._outlet = outlet
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._open: dict[CallId, queue.SimpleQueue[Answer | None]] = {}

    def ask(
        self, question: Callable[[CallId], Report], on_stop: Callable[[Callable[[], None]], None]
    ) -> Answer:
        """Send what `question` makes of an id, and wait for the answer. `on_stop` has its argument
        called when nobody wants the answer any more.

        Raises:
            Cancelled: nobody does.
            FrameError: the question is larger than a message may be.
        """
        reply: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        with self._lock:
            id = next(self._ids)
            self._open[id] = reply
        try:
            on_stop(lambda: reply.put(None))
            self._outlet.send(question(id))
            answer = reply.get()
        finally:
            with self._lock:
                del self._open[id]
        if answer is None:
            raise Cancelled
        return answer

    def answer(self, answer: Answer) -> None:
        """Hand an answer to whoever asked; one that nobody waits for is nothing."""
        with self._lock:
            reply = self._open.get(answer.id)
        if reply is not None:
            reply.put(answer)
