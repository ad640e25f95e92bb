"""The speech process's way out: reports as frames, one at a time. Any thread."""

from __future__ import annotations

import threading

from desktop.speech.protocol import Report, encode
from runtime.process.frames import Sink, write_frame


class ParentGone(Exception):  # noqa: N818  (an end, not an error)
    """Nobody reads what the process says any more."""


class Outlet:
    """Sends reports."""

    def __init__(self, stream: Sink) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, report: Report) -> None:
        """Send one report.

        Raises:
            ParentGone: nobody reads any more.
        """
        try:
            with self._lock:
                write_frame(self._stream, encode(report))
        except OSError as error:
            raise ParentGone from error
