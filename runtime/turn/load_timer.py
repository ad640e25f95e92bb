"""The time that loading took, and the name of what is being loaded. Knows no components."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


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
