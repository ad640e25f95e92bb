"""Times: the format in the library, and the values that may stand for a time in a row or an
import."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

DAY_MS = 24 * 3600 * 1000
LATEST_MS = 7_258_118_400_000
"""2200-01-01; a time lies between 1970-01-01 and this."""


def now_ms() -> int:
    """Milliseconds since 1970-01-01 UTC, within what counts as a time, whatever the clock says."""
    return sensible_ms(time.time_ns() // 1_000_000)


def is_time(value: Any) -> bool:
    """True if this is a time in milliseconds."""
    return type(value) is int and 0 <= value <= LATEST_MS


def sensible_ms(value: Any) -> int:
    """A time from whatever a row holds: micro- and nanoseconds become milliseconds, and what is no
    time at all becomes one that can be shown."""
    if not isinstance(value, int | float) or not 0 <= value <= 2**63:
        return 0
    found = int(value)
    while found > LATEST_MS:
        found //= 1000
    return found


def moment(time_ms: int) -> datetime:
    """The time in UTC, for whatever a row holds."""
    return datetime.fromtimestamp(sensible_ms(time_ms) / 1000, UTC)
