"""Puts a file of the person into a bundle without a second copy of it, where the disk allows that.

Knows files only.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from plugins.errors import KnownError
from runtime.bundle.proofs import Proofs

How = Literal["link", "copy", "link or copy"]
"""`link` never copies: a file that cannot be linked is refused. `copy` always does."""
Placed = Literal["hard link", "symbolic link", "copy"]
_PIECE = 4 << 20


def place(
    source: Path, target: Path, how: How, proofs: Proofs, tell: Callable[[int], None]
) -> Placed:
    """Make `target` the same file as `source`: a hard link, else a symbolic link, else a copy.

    Args:
        source: a file; where it is a link, what that leads to.
        target: is not there yet, its folder is.
        how: what may be done.
        proofs: keeps what is known of the file.
        tell: gets the bytes of each piece that is copied, and may raise to stop.

    Raises:
        KnownError: it can only be copied, and that was not asked for.
        OSError: the disk refuses.
    """
    real = source.resolve(strict=True)
    if how != "copy":
        with proofs.linking(real), contextlib.suppress(OSError):
            os.link(real, target)
            return "hard link"
        try:
            target.symlink_to(real)
            return "symbolic link"
        except OSError as error:
            if how == "link" or error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
                _refuse(source, error)
    _copy(real, target, tell)
    return "copy"


def remove_tree(folder: Path) -> None:
    """Take a folder away, if it is there; what is known of its files stays known of their other
    names.

    Raises:
        OSError: the disk refuses.
    """
    proofs = Proofs()
    for root, _, names in os.walk(folder):
        for path in (Path(root, name) for name in names):
            if path.is_symlink() or path.stat().st_nlink == 1:
                path.unlink()
                continue
            with proofs.linking(path):
                path.unlink()
    proofs.save()
    if folder.exists():
        shutil.rmtree(folder)


def _copy(source: Path, target: Path, tell: Callable[[int], None]) -> None:
    with source.open("rb") as read, target.open("xb") as written:
        while piece := read.read(_PIECE):
            written.write(piece)
            tell(len(piece))
        written.flush()
        os.fsync(written.fileno())


def _refuse(source: Path, error: OSError) -> None:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        raise error
    raise KnownError(
        "{source}: expected a disk on which it can be linked, found: {strerror}. Add --copy to "
        "copy it, or move it to the disk of your own folder.",
        "disk",
        source=source,
        strerror=error.strerror or error,
    ) from error
