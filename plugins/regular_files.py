"""Opens regular files that users name; never blocks on pipes or devices."""

from __future__ import annotations

import os
import stat
from io import BufferedReader

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
