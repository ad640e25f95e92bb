"""Where the window of a library shares its engine: a socket that only this person can use, in the
runtime folder that the system keeps for them, else beside the library. Knows no protocol."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
from pathlib import Path

LONGEST = 100
"""Bytes of a socket's path; systems take little more."""


def socket_path(library: Path) -> Path | None:
    """The socket of a library's window; None where there is no private place for one, or the
    system has no such sockets."""
    if not hasattr(socket, "AF_UNIX"):
        return None
    digest = hashlib.sha256(os.fsencode(library.absolute())).hexdigest()[:16]
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    folder = Path(runtime) if runtime and Path(runtime).is_dir() else library.parent
    path = folder / f"medley-{digest}-engine.socket"
    return path if len(os.fsencode(path)) <= LONGEST and folder.is_dir() else None


def connect(path: Path) -> socket.socket | None:
    """A connection; None where nobody listens there."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.connect(str(path))
    except OSError:
        made.close()
        return None
    return made


def is_open(path: Path | None) -> bool:
    """Whether somebody listens there."""
    found = None if path is None else connect(path)
    if found is not None:
        found.close()
    return found is not None


def listen(path: Path) -> socket.socket | None:
    """A socket that listens there, for this person only; None where somebody does already, or it
    cannot be made."""
    if is_open(path):
        return None
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # Nobody answered there: it is left of a sudden end.
        path.unlink(missing_ok=True)
        made.bind(str(path))
        path.chmod(0o600)
        made.listen()
    except OSError:
        made.close()
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        return None
    return made
