"""Writes a file completely or not at all. Knows files only."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from storage.errors import FullError, LibraryError, NotWritableError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def write_whole(path: Path, data: Iterable[bytes]) -> None:
    """Write pieces into a temporary file beside `path`, then rename it to `path`.

    Raises:
        LibraryError: the folder takes no files, or there is no room left.
    """
    temporary = None
    try:
        handle, name = tempfile.mkstemp(prefix=".medley-", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            for piece in data:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise not_written(path, error) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def kind_of(path: Path) -> Literal["nothing", "file", "folder", "special"]:
    """The kind of file under a name, links followed; `special` is a pipe, a device or a broken
    link, which can be neither read nor written.

    Raises:
        LibraryError: the name cannot be one, or nobody may look there.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "special" if path.is_symlink() else "nothing"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NotWritableError(path, reason) from error
    if stat.S_ISREG(mode):
        return "file"
    return "folder" if stat.S_ISDIR(mode) else "special"


def not_written(path: Path, error: OSError) -> LibraryError:
    """The error for a file that could not be written."""
    if error.errno in _FULL:
        return FullError(path)
    return NotWritableError(path, error.strerror or type(error).__name__)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
