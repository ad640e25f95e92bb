"""What a value may be, by what it means: pixels, seconds, titles, details. Knows no SQL.

An import is refused where it goes beyond; a row that is there already and does so is shown without
the value, so that it harms nobody.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec

LONGEST_TITLE = 1000
"""Characters."""
MOST_PIXELS = 2**24
"""Of one side."""
LONGEST_S = 10 * 366 * 24 * 3600.0
"""Seconds of a sound or a clip: ten years."""
LARGEST_DETAILS = 1 << 20
"""Bytes of what a maker wrote about a message or an artifact, as JSON."""
DEEPEST_DETAILS = 32
"""Levels of it."""


def pixels(value: Any) -> int | None:
    """A width or height; None for anything that is none."""
    return value if type(value) is int and 0 <= value <= MOST_PIXELS else None


def seconds(value: Any) -> float | None:
    """A duration; None for anything that is none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value <= LONGEST_S else None


def title(value: Any) -> str:
    """A title, cut where it is longer than titles may be."""
    return value[:LONGEST_TITLE] if isinstance(value, str) else ""


def details(json: str) -> dict[str, Any]:
    """What a maker wrote; nothing where it is no JSON object or goes beyond what details may be."""
    if len(json) > LARGEST_DETAILS:
        return {}
    try:
        value = msgspec.json.decode(json, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError):
        return {}
    return {} if _problem(value, DEEPEST_DETAILS) else value


def details_problem(value: Any) -> str | None:
    """Why this cannot be kept as details; None where it can."""
    problem = _problem(value, DEEPEST_DETAILS)
    if problem is None and len(msgspec.json.encode(value)) > LARGEST_DETAILS:
        return f"more than {LARGEST_DETAILS >> 20} MiB of details"
    return problem


def _problem(value: Any, levels: int) -> str | None:
    if isinstance(value, dict | list):
        if levels == 0:
            return f"details deeper than {DEEPEST_DETAILS} levels"
        inside = value.values() if isinstance(value, dict) else value
        return next((p for one in inside if (p := _problem(one, levels - 1))), None)
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} in details"
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return "a number of more than 64 bits in details"
    return None
