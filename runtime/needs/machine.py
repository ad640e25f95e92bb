"""The memory that this machine could still give."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")
_GROUP_FILES = (
    ("memory.max", "memory.current", "memory.stat"),
    (
        "memory/memory.limit_in_bytes",
        "memory/memory.usage_in_bytes",
        "memory/memory.stat",
    ),
)
"""Limit, usage and details of the control group, in its second and its first version."""
_PAGES_OF_FILES = frozenset({"active_file", "inactive_file"})
"""Kinds of memory that the system takes back from a group whenever it needs to."""


def available_bytes() -> int:
    """Memory that this process could still take without pushing others out, in bytes.

    What a container allows counts where it is less than what the machine has.
    """
    import psutil

    found = int(psutil.virtual_memory().available)
    for files in _GROUP_FILES:
        with suppress(OSError, ValueError):  # There is no such group, or it knows no limit.
            found = min(found, _left_of_group(*(_GROUPS / name for name in files)))
    return max(found, 0)


def _left_of_group(limit: Path, usage: Path, details: Path) -> int:
    counts = dict(line.split() for line in details.read_text().splitlines())
    pages = sum(int(counts.get(name, 0)) for name in _PAGES_OF_FILES)
    return int(limit.read_text()) - int(usage.read_text()) + pages
