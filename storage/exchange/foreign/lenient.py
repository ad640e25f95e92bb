"""Values out of JSON whose form nobody promised: what is of another kind counts as nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storage.clock import sensible_ms

Json = Mapping[str, object]
"""A JSON object."""
_SECONDS_UNTIL = 100_000_000_000
"""A time below this is in seconds, one above it in milliseconds: as either it is a date that some
program may have written."""


def mapping(value: object) -> Json:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> Sequence[object]:
    """A list; an empty one for anything else."""
    return value if isinstance(value, list) else ()


def words(value: object) -> str:
    """Words; none for anything else."""
    return value if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """A number; None for anything else."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def index(value: object) -> int:
    """A place in a list; 0 for anything else."""
    return value if type(value) is int and value >= 0 else 0


def time_ms(value: object) -> int:
    """A time in milliseconds since 1970, from seconds or milliseconds; 0 for anything else."""
    found = number(value)
    if found is None or found < 0:
        return 0
    return sensible_ms(int(found * 1000) if found < _SECONDS_UNTIL else found)
