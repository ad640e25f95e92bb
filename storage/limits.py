"""Limits of values by their meaning: pixels, seconds, titles, details. Knows no SQL.

An import is refused where it goes beyond; a row that is there already and does so is shown without
the value, so that it harms nobody.
"""

from __future__ import annotations

import math
import re
import uuid
from typing import Any, TypeGuard

import msgspec

from storage.errors import Phrase, phrase

LONGEST_TITLE = 1000
"""Characters."""
LONGEST_WORD = 200
"""Characters of a mime type or a modality."""
MOST_PIXELS = 2**24
"""The most pixels of one side."""
LONGEST_S = 10 * 366 * 24 * 3600.0
"""Seconds of a sound or a clip: ten years."""
LARGEST_DETAILS = 1 << 20
"""Bytes of what a maker wrote about a message or an artifact, as JSON."""
DEEPEST_DETAILS = 32
"""Levels of it."""

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def pixels(value: Any) -> int | None:
    """A width or height; None for anything that is none."""
    return value if type(value) is int and 0 <= value <= MOST_PIXELS else None


def seconds(value: Any) -> float | None:
    """A duration; None for anything that is none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value <= LONGEST_S else None


def share(value: Any) -> float | None:
    """A number from 0 to 1; None for anything that is none."""
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None


def count(value: Any) -> int:
    """A count; 0 for anything that is not one."""
    return value if type(value) is int and value >= 0 else 0


def text(value: Any) -> str:
    """Words; of bytes what can be read as words, of anything else nothing."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def is_half_text(value: str) -> bool:
    """True if it holds what cannot be written as UTF-8, as names of files may that are no text."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def word(value: Any) -> str:
    """A mime type or a modality, cut where it is longer than one may be."""
    return text(value)[:LONGEST_WORD]


def data(value: Any) -> bytes:
    """Bytes; none of anything else."""
    return value if isinstance(value, bytes) else b""


def title(value: Any) -> str:
    """A title, cut where it is longer than titles may be, without what would show it in another
    order or steer a terminal."""
    return _STEERING.sub("", text(value))[:LONGEST_TITLE]


def identity(value: Any) -> str:
    """The 32 hexadecimal digits that identify a conversation; for anything else, digits derived
    from it, always the same."""
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{32}", value):
        return value
    return uuid.uuid5(uuid.NAMESPACE_OID, repr(value)).hex


def is_sha256(value: Any) -> TypeGuard[str]:
    """True if this can be the name of a medium."""
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value) is not None


def details(json: Any) -> dict[str, Any]:
    """Details written by a maker; empty if they are no JSON object or exceed the limits."""
    if not isinstance(json, str) or len(json) > LARGEST_DETAILS:
        return {}
    try:
        value = msgspec.json.decode(json, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError):
        return {}
    return {} if _problem(value, DEEPEST_DETAILS) else value


def details_problem(value: Any) -> Phrase | None:
    """Why this cannot be kept as details; None where it can."""
    problem = _problem(value, DEEPEST_DETAILS)
    if problem is None and len(msgspec.json.encode(value)) > LARGEST_DETAILS:
        return phrase("more than {most} MiB of details", most=LARGEST_DETAILS >> 20)
    return problem


def _problem(value: Any, levels: int) -> Phrase | None:
    if isinstance(value, dict | list):
        if levels == 0:
            return phrase("details deeper than {most} levels", most=DEEPEST_DETAILS)
        inside = value.values() if isinstance(value, dict) else value
        return next((p for one in inside if (p := _problem(one, levels - 1))), None)
    if isinstance(value, float) and not math.isfinite(value):
        return phrase("{value} in details", value=value)
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return phrase("a number of more than 64 bits in details")
    return None
