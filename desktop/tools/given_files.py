"""The files that a call gives back: only regular ones of its private folder leave it. Knows files
only."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from desktop.tools.protocol import CallFile
from plugins.errors import KnownError
from plugins.tool import OutputFile

MOST_FILES = 16
MOST_BYTES = 500_000_000
"""Of all files of a call together."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def handed_over(files: Iterable[OutputFile], folder: Path) -> tuple[CallFile, ...]:
    """The files of a call as the other end may take them; all else in the folder is removed.

    Raises:
        KnownError: one is no regular file within the folder, or they are too many or too large.
    """
    given: list[CallFile] = []
    size = 0
    for file in files:
        size += _size_within(file.path, folder)
        if len(given) == MOST_FILES or size > MOST_BYTES:
            raise KnownError(
                "expected at most {count} files of {size} MB together, found more. Ask for less.",
                "plugin",
                count=MOST_FILES,
                size=MOST_BYTES // 1_000_000,
            )
        given.append(CallFile(str(file.path), file.name or file.path.name))
    _keep_only({file.path for file in given}, folder)
    return tuple(given)


def forget(folder: Path) -> None:
    """Remove a job's folder with all that it holds."""
    shutil.rmtree(folder, ignore_errors=True)


def _size_within(path: Path, folder: Path) -> int:
    """The size of a regular file below a folder, reached without any symbolic link."""
    try:
        names = path.relative_to(folder).parts
        if not names or ".." in names:
            raise ValueError
        place = os.open(folder, _FOLDER)
        try:
            for name in names[:-1]:
                inner = os.open(name, _FOLDER, dir_fd=place)
                os.close(place)
                place = inner
            found = os.stat(names[-1], dir_fd=place, follow_symlinks=False)
        finally:
            os.close(place)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise ValueError
    except (OSError, ValueError) as error:
        raise KnownError(
            "expected the tool to give back files of its own folder, found {path}. Update or "
            "switch off its plugin.",
            "plugin",
            path=path.name,
        ) from error
    return found.st_size


def _keep_only(kept: set[str], folder: Path) -> None:
    if not kept:
        forget(folder)
        return
    for found in folder.rglob("*"):
        if not found.is_dir() and str(found) not in kept:
            found.unlink(missing_ok=True)
