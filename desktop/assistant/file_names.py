"""Names of files whose letters are not written as UTF-8: what a person calls them, and a way to
open them under such a name. Knows paths only.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

_ENCODINGS = ("utf-8", "gb18030", "latin-1")
"""How names are written, the likeliest first; the last one reads every name."""


def shown_name(path: Path) -> str:
    """The file's name in letters that can be shown and kept."""
    return shown(path.name)


def shown(path: str | Path) -> str:
    """A path in letters that can be shown and kept."""
    found = os.fsencode(path)
    for encoding in _ENCODINGS:
        with contextlib.suppress(UnicodeDecodeError):
            return found.decode(encoding)
    raise AssertionError("latin-1 has a letter for every byte")


@contextlib.contextmanager
def under_shown_name(path: Path) -> Iterator[Path]:
    """The file under a path that every program takes; itself where its own is such."""
    if shown(path) == str(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / shown_name(path)
        link.symlink_to(path.absolute())
        yield link
