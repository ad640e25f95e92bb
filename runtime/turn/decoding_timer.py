"""The time that the language model takes for an answer. Knows no model."""

from __future__ import annotations

import time
from collections.abc import Iterator

from runtime.language_model.options import AnswerEvent


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
