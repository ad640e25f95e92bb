"""A busy machine: processes that do nothing but spin."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_SETTLE_S = 0.5


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """While open, so many processes spin; each would fill a core of its own."""
    spinning = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)
    ]
    try:
        time.sleep(_SETTLE_S if spinning else 0)
        yield
    finally:
        for process in spinning:
            process.kill()
        for process in spinning:
            process.wait()
