"""The time that the library writes down."""

from __future__ import annotations

import time

DAY_MS = 24 * 3600 * 1000


def now_ms() -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000
