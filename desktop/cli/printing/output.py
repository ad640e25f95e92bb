"""Puts made files where the person wants them: whole or not at all, and never over another file.

Knows files and folders only.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.file_names import local
from plugins.errors import KnownError
from plugins.printable import shown as shown

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LONGEST_STEM = 200
"""Bytes; file systems take 255 for a whole name."""
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


class OutputFolder:
    """A folder for made files. It is created when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = local(folder)

    def check(self) -> None:
        """Find out now, before any model runs, whether a file could be written.

        Raises:
            KnownError: the folder, or the nearest one above it, takes no files.
        """
        with _told(self.folder):
            place = self.folder.absolute()
            while not _is_there(place):
                place = place.parent
            if not place.is_dir():
                raise KnownError(
                    f"output folder {shown(self.folder)}: expected a folder, but {shown(place)} is "
                    "a file. Choose another with --out."
                )
            with tempfile.TemporaryFile(dir=place) as probe:
                probe.write(b"\0" * 4096)

    def save(self, data: bytes, stem: str, extension: str) -> Path:
        """Write a new file `<stem>-<n><extension>` with the first free n, and return its path.

        A stem that leaves no room for the rest is cut.

        Raises:
            KnownError: the disk is full, or the folder takes no files.
        """
        with _told(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".medley-", dir=self.folder)
            temporary = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.chmod(0o666 & ~_umask())
                return self._claim(temporary, _short(stem), extension)
            finally:
                temporary.unlink(missing_ok=True)

    def _claim(self, temporary: Path, stem: str, extension: str) -> Path:
        number = 1
        while True:
            target = self.folder / f"{stem}-{number}{extension}"
            number += 1
            with contextlib.suppress(FileExistsError):
                _move_to_new(temporary, target)
                return target


def _short(stem: str) -> str:
    """A name that leaves room for a number and an ending."""
    while len(os.fsencode(stem)) > _LONGEST_STEM:
        stem = stem[:-1]
    return stem


def _is_there(place: Path) -> bool:
    try:
        place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _move_to_new(temporary: Path, target: Path) -> None:
    try:
        os.link(temporary, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A file system without hard links: no way to claim a name and fill it in one step.
        if target.exists():
            raise FileExistsError(target) from None
        temporary.replace(target)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except ValueError as error:  # a name with a zero byte
        raise KnownError(
            f"output folder {shown(folder)}: no folder can have this name. Choose another."
        ) from error
    except OSError as error:
        where = f"output folder {shown(folder)}"
        if error.errno in _FULL:
            raise KnownError(
                f"{where}: no room left to write ({error.strerror}). "
                "Free some space, or choose another folder with --out."
            ) from error
        raise KnownError(
            f"{where}: cannot write there ({error.strerror}). Choose another folder with --out."
        ) from error
