"""What a command prints to, and what is said when that, or the system, does not let it.

A command may be started with a full disk behind its output, with no output at all, or in a folder
that is gone. None of these is a fault of Medley, so none may end in a traceback.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from pathlib import Path
from typing import TextIO, cast

from plugins.printable import one_line, shown

_OUTPUT = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}


def make_safe() -> bool:
    """Ready the three streams: what a terminal cannot show becomes an escape, and what was closed
    before the start leads nowhere, so that no file of ours takes its number. Whether there is an
    output."""
    open_before = sys.stdout is not None
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
    sys.stdin = sys.stdin or _nowhere(0, "r")
    sys.stdout = sys.stdout or _nowhere(1, "w")
    sys.stderr = sys.stderr or _nowhere(2, "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return open_before


def finish() -> None:
    """Write what waits to be written.

    Raises:
        OSError: it could not be.
    """
    sys.stdout.flush()


def complain(text: str) -> None:
    """One line about this command, wherever it can still be said."""
    with contextlib.suppress(OSError):
        print(f"medley: {one_line(text)}", file=sys.stderr, flush=True)


def give_up() -> None:
    """Drop what could not be printed, so that Python does not complain about it at the end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:
                os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def what_the_system_said(error: OSError) -> str:
    """A sentence for what no part of a command knows better."""
    said = error.strerror or type(error).__name__
    if not _folder_is_there():
        return "the folder in which Medley was started is gone. Go to another one and try again."
    if error.filename is not None:
        name = shown(os.fsdecode(error.filename)) if error.filename else "a file without a name"
        return f"{name}: {said}. Check that it is there and that you may use it."
    if error.errno in _OUTPUT:
        return f"the output could not be written ({said}). Free some space, or write elsewhere."
    return f"the system refused what was needed ({said}). Close other programs and try again."


def _nowhere(number: int, mode: str) -> TextIO:
    return cast(TextIO, open(number, mode, encoding="utf-8", closefd=False))


def _folder_is_there() -> bool:
    try:
        Path.cwd()
    except OSError:
        return False
    return True
