"""Ends this process when its parent dies, and before its parent when memory runs out.

Knows the operating system only. The end of the command pipe is what ends the worker everywhere;
what is here holds where even that is not heard.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_OOM_SCORE = 500
"""A score from -1000 to 1000; the higher, the sooner the kernel ends the process when memory runs
out."""


def die_with_parent() -> None:
    """On Linux: have the kernel kill this process when the thread that started it ends."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def die_before_parent() -> None:
    """On Linux: when memory runs out, be ended rather than the window, which holds the library."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(str(_OOM_SCORE))
