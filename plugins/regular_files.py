"""Opens regular files that users name, never blocking on pipes or devices; replaces small files of
Medley's own as a whole."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from io import BufferedReader
from pathlib import Path

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class SpecialFileError(OSError):
    """A folder, a device or a pipe."""


def open_regular(path: str | os.PathLike[str]) -> BufferedReader:
    """Open a regular file for reading. What it is, is asked of the open file: between a look at
    the name and the opening another one may have come in its place.

    Raises:
        SpecialFileError: it is something else.
        OSError: there is none, or it may not be read.
        ValueError: no file can have this name.
    """
    file = os.fdopen(os.open(path, _FLAGS), "rb")
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise SpecialFileError(f"{os.fsdecode(path)} is no regular file")


def replace_file(path: Path, content: bytes) -> None:
    """Write a file that only this user can read, all of it or nothing: who reads it meanwhile finds
    what was there before. The folder is made if there is none.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = tempfile.NamedTemporaryFile(dir=path.parent, delete=False)
    try:
        with file:
            file.write(content)
        os.replace(file.name, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(file.name)
        raise
