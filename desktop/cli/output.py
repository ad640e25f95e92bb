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

from plugins.errors import KnownError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


class OutputFolder:
    """A folder for made files. It is created when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(os.path.expanduser(folder))

    def check(self) -> None:
        """Find out now, before any model runs, whether a file could be written.

        Raises:
            KnownError: the folder, or the nearest one above it, takes no files.
        """
        place = self.folder.absolute()
        with _told(self.folder):
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
                return self._claim(temporary, stem, extension)
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


def shown(path: Path | str) -> str:
    """A path as text that any terminal can print; bytes that are no text become escapes."""
    text = os.fspath(path).encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


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
