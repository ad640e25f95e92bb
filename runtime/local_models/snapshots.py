"""Hugging Face's cache keeps several revisions of a repository; only one of them is in use."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from runtime.local_models.found import NotAModelError
from runtime.local_models.heads import first_bytes

REPOSITORY: Final = "models--"
"""What the folder of a repository begins with."""
_REVISION: Final = re.compile(rb"[0-9a-f]{40}")


def newest_snapshot(repository: Path) -> Path | None:
    """The folder of the revision that is in use; None where nothing was fetched."""
    try:
        found = _REVISION.match(first_bytes(repository / "refs" / "main", 64))
        named = repository / "snapshots" / found[0].decode() if found else None
    except NotAModelError:
        named = None
    if named is not None and named.is_dir():
        return named
    try:
        others = [one for one in (repository / "snapshots").iterdir() if one.is_dir()]
        return max(others, key=lambda one: one.stat().st_mtime_ns, default=None)
    except OSError:
        return None
