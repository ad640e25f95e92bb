"""The time that loading took and that the language model takes for an answer.

Knows no components and no model.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from runtime.language_model.options import AnswerEvent


class LoadTimer:
    """Adds up the time spent in `loading` blocks; a block inside another counts once."""

    def __init__(self, on_load: Callable[[str], None] | None = None) -> None:
        self._on_load = on_load
        self._depth = 0
        self.seconds = 0.0

    @contextmanager
    def loading(self, what: str) -> Iterator[None]:
        """Announce `what` and measure the block."""
        if self._on_load is not None:
            self._on_load(what)
        started = time.perf_counter()
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0:
                self.seconds += time.perf_counter() - started


class DecodingTimer:
    """Times the model's events, without what is done with them."""

    def __init__(self) -> None:
        self._began = 0.0
        self.seconds = 0.0
        """What the model took."""

    @property
    def since_begin_s(self) -> float:
        """Seconds since the model began to write."""
        return time.perf_counter() - self._began

    def of(self, events: Iterator[AnswerEvent]) -> Iterator[AnswerEvent]:
        """The same events; the time for them is added up."""
        self._began = time.perf_counter()
        while True:
            started = time.perf_counter()
            event = next(events, None)
            self.seconds += time.perf_counter() - started
            if event is None:
                return
            yield event
