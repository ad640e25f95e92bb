"""Files and folders that only this user can read. Knows permissions only.

What a person said to Medley is nobody else's on the same machine: the library with its copies,
backups and exported conversations. A single picture, sound or clip that a person saves somewhere is
a file like any other and follows the person's own settings.
"""

from __future__ import annotations

import contextlib
import glob
import os
import stat
from pathlib import Path

import platformdirs

FILE, FOLDER = 0o600, 0o700


def own_folder() -> Path:
    """Medley's own folder of this user."""
    return Path(platformdirs.user_data_dir("medley", appauthor=False))


def default_path() -> Path:
    """The person's own library."""
    return own_folder() / "library.db"


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, where it is not there. One that Medley makes, or its own,
    is private; others are as they are.

    Raises:
        OSError: it cannot be made.
    """
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=FOLDER, exist_ok=True)
    elif folder == own_folder():
        _narrow(folder, FOLDER)


def create(path: Path) -> None:
    """Make an empty private file; one that is there becomes private.

    Raises:
        OSError: it cannot be made.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), FILE))
    narrow(path)


def narrow(path: Path) -> None:
    """Make a file private that an older Medley, or a copy, left open to others. One that is not
    there, or a disk that knows no permissions, is left as it is."""
    _narrow(path, FILE)


def narrow_beside(library: Path) -> None:
    """Make a library private, with its logs, its lock, and the copies that were made before
    migrations."""
    for suffix in ("", "-wal", "-shm", ".lock"):
        narrow(library.with_name(library.name + suffix))
    for copy in library.parent.glob(f"{glob.escape(library.stem)}-before-*{library.suffix}"):
        narrow(copy)


def _narrow(path: Path, wanted: int) -> None:
    with contextlib.suppress(OSError):
        if stat.S_IMODE(path.stat().st_mode) & ~wanted:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & wanted)
