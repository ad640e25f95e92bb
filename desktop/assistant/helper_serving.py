"""The other end of a `HelperProcess`: answers requests from the standard input until it ends.

Knows frames of bytes; what is in them is others' matter.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from runtime.process.frames import read_frame, write_frame


def answer_requests(answer: Callable[[bytes], bytes], limit_s: float) -> None:
    """Answer every request; one that takes longer than `limit_s` seconds ends this process."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not get between the answers.
    os.dup2(2, 1)
    while (request := read_frame(requests)) is not None:
        _give_up_after(limit_s)
        try:
            found = answer(request)
        finally:
            _give_up_after(0)
        try:
            write_frame(answers, found)
        except BrokenPipeError:
            os._exit(0)  # Nobody listens any more, and what is buffered cannot be written.


def _give_up_after(seconds: float) -> None:
    """End this process after a time, where the system can: its parent, which does the same, may
    have gone. 0 takes it back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
