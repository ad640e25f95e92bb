"""The most memory that this process takes while something runs. Knows processes only."""

from __future__ import annotations

import threading
from types import TracebackType

import psutil

_EVERY_S = 0.05


class PeakMemory:
    """While open, looks how much resident memory the process has."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="peak-memory", daemon=True)

    @property
    def peak(self) -> int:
        """Bytes, so far."""
        self._look()
        return self._peak

    def __enter__(self) -> PeakMemory:
        self._look()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_S):
            self._look()

    def _look(self) -> None:
        self._peak = max(self._peak, self._process.memory_info().rss)
