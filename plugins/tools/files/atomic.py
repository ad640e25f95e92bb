"""Writes files whole: whatever ends this process, a file holds the old bytes or the new. Knows
bytes and open folders."""

from __future__ import annotations

import contextlib
import os
import secrets
import time

_PREFIX, _SUFFIX = ".medley-", ".part"
_STALE_S = 600.0
"""Age at which a part is one that nobody writes any more."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_RIGHTS, _OWN = 0o666, 0o600
"""Of a new file, before the person's umask; and of one that gets its rights once it is open."""


def write_at(fd: int, name: str, data: bytes, mode: int | None = None) -> None:
    """Put `data` into the file `name` of an open folder, in place of what it held.

    Args:
        fd: descriptor of the folder.
        name: replaced by one rename once all bytes are on the disk.
        data: all of it.
        mode: permission bits; None is what a new file gets.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    _remove_stale(fd)
    part = f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
    out = os.open(part, _NEW, _RIGHTS if mode is None else _OWN, dir_fd=fd)
    try:
        with os.fdopen(out, "wb") as file:
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.rename(part, name, src_dir_fd=fd, dst_dir_fd=fd)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part, dir_fd=fd)
        raise
    os.fsync(fd)


def _remove_stale(fd: int) -> None:
    """Remove parts that a process left which was ended while it wrote."""
    for name in os.listdir(fd):
        if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
            with contextlib.suppress(OSError):
                found = os.stat(name, dir_fd=fd, follow_symlinks=False)
                if time.time() - found.st_mtime > _STALE_S:
                    os.unlink(name, dir_fd=fd)
