"""Goes through folders within bounds: never in circles, never too deep, never without an end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from runtime.local_models.snapshots import newest_snapshot

MOST_ENTRIES: Final = 20_000
"""Files and folders that are looked at in one walk."""
DEEPEST: Final = 5
"""Folders below the first."""

Tell = Callable[[Path], None]
"""Gets what is looked at next; may raise to stop."""


def untold(_: Path) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Folder:
    """One folder on the way."""

    path: Path
    files: tuple[Path, ...]
    """Sorted by name; links to files are among them, those that lead nowhere too."""
    folders: tuple[Path, ...]
    """Sorted by name, hidden ones left out."""

    @property
    def names(self) -> frozenset[str]:
        """Of everything in it."""
        return frozenset(path.name for path in (*self.files, *self.folders))


class Walk:
    """One walk. Each folder is entered once, by whatever links it can be reached."""

    def __init__(self, most: int = MOST_ENTRIES) -> None:
        self._left = most
        self._seen: set[tuple[int, int]] = set()

    @property
    def is_over(self) -> bool:
        """True if something was left out because there is too much."""
        return self._left <= 0

    def enter(self, path: Path) -> Folder | None:
        """A folder; None if it was entered before, may not be read, or there is too much.

        Raises:
            OSError: it may not be read.
        """
        state = path.stat()
        if (state.st_dev, state.st_ino) in self._seen or self.is_over:
            return None
        self._seen.add((state.st_dev, state.st_ino))
        files, folders = [], []
        for entry in self._entries(path):
            if entry.is_dir():
                if not entry.name.startswith("."):
                    folders.append(path / entry.name)
            else:
                files.append(path / entry.name)
        return Folder(path, tuple(sorted(files)), _in_use(path, sorted(folders)))

    def _entries(self, path: Path) -> Iterator[os.DirEntry[str]]:
        with os.scandir(path) as entries:
            for entry in entries:
                self._left -= 1
                if self._left <= 0:
                    return
                yield entry


def _in_use(path: Path, folders: list[Path]) -> tuple[Path, ...]:
    """The folders of a folder; of a repository in Hugging Face's cache, the revision in use."""
    if {"blobs", "snapshots"} <= {one.name for one in folders}:
        newest = newest_snapshot(path)
        return (newest,) if newest is not None else ()
    return tuple(folders)
