"""The pipes to the parent, kept apart from where a library could print or read, and who reports
through them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO, Generic, TypeVar

from runtime.process.frames import Sink, write_frame
from runtime.process.parent_death import die_before_parent, die_with_parent

R = TypeVar("R")
"""The reports of a process."""


class ParentGone(Exception):  # noqa: N818  (an end, not an error)
    """Nobody reads the reports any more."""


class ReportSender(Generic[R]):
    """Sends reports to the parent, one frame each.

    Threads: any.
    """

    def __init__(self, stream: Sink, encode: Callable[[R], bytes]) -> None:
        self._stream, self._encode = stream, encode
        self._lock = threading.Lock()

    def send(self, report: R) -> None:
        """Send one report.

        Raises:
            ParentGone: nobody reads any more.
            FrameError: it is larger than a frame may be.
        """
        self.send_frame(self._encode(report))

    def send_frame(self, payload: bytes) -> None:
        """Send the bytes of a report. Raises as `send`."""
        try:
            with self._lock:
                write_frame(self._stream, payload)
        except OSError as error:
            raise ParentGone from error


def begin_child() -> tuple[BinaryIO, BinaryIO]:
    """Be a process of its parent's: Ctrl-C in the terminal is the parent's, and this one ends with
    it, or before it where memory runs out. Returns as `take_pipes`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    die_before_parent()
    return take_pipes()


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Where commands come from and where reports go.

    Whatever is written to stdout from now on, by Python or by C, goes to stderr, and stdin is
    empty.
    """
    commands = os.fdopen(os.dup(0), "rb")
    reports = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return commands, reports
