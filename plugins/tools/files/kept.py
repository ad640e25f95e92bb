"""Copies of files from before a change, in Medley's own data folder, and what takes a change back.

Knows the changes that file tools make; knows no tool.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from pathlib import Path

import msgspec
import platformdirs

from plugins.api import ToolStage
from plugins.errors import KnownError
from plugins.printable import shown
from plugins.tools.files.atomic import write_at
from plugins.tools.files.places import Place, name_of, opened_place, read_bytes

CHANGES = threading.Lock()
"""Held while files are changed: two calls never change one at the same time."""
KEPT_DAYS = 30
"""A copy is removed when it was not needed for so long."""
_DAY_S = 86400.0


class Written(msgspec.Struct, frozen=True, tag="written"):
    """A file was written, or removed."""

    path: str
    before: str | None
    """SHA-256 of what it held; None where there was no file."""
    after: str | None
    """SHA-256 of what it holds; None where it was removed."""
    mode: int | None = None
    """Its permission bits before."""


class Moved(msgspec.Struct, frozen=True, tag="moved"):
    """A file or folder got another name."""

    before: str
    after: str


class Made(msgspec.Struct, frozen=True, tag="made"):
    """A folder was made."""

    path: str


Change = Written | Moved | Made
_decoder: msgspec.json.Decoder[Change] = msgspec.json.Decoder(Change)


def kept_folder() -> Path:
    """Where copies lie."""
    return Path(platformdirs.user_data_dir("medley", appauthor=False)) / "kept-files"


def keep(data: bytes) -> str:
    """Keep a copy of a file's bytes, on the disk when this returns; its name.

    Raises:
        KnownError: it cannot be kept; the file must then not be changed.
    """
    name, folder = digest(data), kept_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _remove_old(fd)
            write_at(fd, name, data, 0o600)
        finally:
            os.close(fd)
    except OSError as error:
        raise KnownError(
            "{folder}: expected to keep a copy there before the change, found: {reason}. Make room "
            "there; nothing was changed.",
            "disk",
            folder=folder,
            reason=error.strerror,
        ) from error
    return name


def digest(data: bytes) -> str:
    """SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def state_of(change: Change) -> str:
    """A change as `Tool.undo` gets it."""
    return msgspec.json.encode(change).decode()


def take_back(state: str, stage: ToolStage) -> str:
    """Undo a change, unless what it made was changed since; a sentence that says so.

    Raises:
        KnownError: it cannot be taken back.
    """
    change = _decoder.decode(state)
    with CHANGES:
        match change:
            case Written():
                return _unwrite(change, stage)
            case Moved():
                return _move_back(change, stage)
            case Made():
                return _unmake(change, stage)


def _unwrite(change: Written, stage: ToolStage) -> str:
    path = stage.resolve(change.path, write=True)
    with opened_place(path, stage) as place:
        found = None if place.status() is None else read_bytes(place)
        if (None if found is None else digest(found)) != change.after:
            raise _changed(path)
        if change.before is not None:
            write_at(place.fd, place.name, _kept(change.before, path), change.mode)
            return f"{name_of(path, stage)} is again as it was."
        if found is not None:
            keep(found)
            os.unlink(place.name, dir_fd=place.fd)
        return f"{name_of(path, stage)} was removed; it had not been there before."


def _move_back(change: Moved, stage: ToolStage) -> str:
    now, then = (stage.resolve(one, write=True) for one in (change.after, change.before))
    with opened_place(now, stage) as source, opened_place(then, stage) as target:
        if source.status() is None or target.status() is not None:
            raise _changed(now)
        rename(source, target)
    return f"{name_of(now, stage)} is {name_of(then, stage)} again."


def _unmake(change: Made, stage: ToolStage) -> str:
    path = stage.resolve(change.path, write=True)
    with opened_place(path, stage) as place:
        try:
            os.rmdir(place.name, dir_fd=place.fd)
        except OSError as error:
            raise _changed(path) from error
    return f"{name_of(path, stage)} was removed."


def rename(source: Place, target: Place) -> None:
    """Give what lies at `source` the name `target`, which is free.

    Raises:
        OSError: it cannot be renamed.
    """
    os.rename(source.name, target.name, src_dir_fd=source.fd, dst_dir_fd=target.fd)
    os.fsync(target.fd)
    os.fsync(source.fd)


def _kept(name: str, path: Path) -> bytes:
    try:
        data = (kept_folder() / Path(name).name).read_bytes()
    except OSError as error:
        raise KnownError(
            "{path}: its copy from before is no longer kept. Restore it from a backup.",
            "disk",
            path=shown(path),
        ) from error
    if digest(data) != name:
        raise KnownError(
            "{path}: its copy from before is damaged. Restore it from a backup.",
            "disk",
            path=shown(path),
        )
    return data


def _changed(path: Path) -> KnownError:
    return KnownError(
        "{path}: it was changed since, so the change is not taken back. Look at it yourself.",
        "request",
        path=shown(path),
    )


def _remove_old(fd: int) -> None:
    for name in os.listdir(fd):
        with contextlib.suppress(OSError):
            found = os.stat(name, dir_fd=fd, follow_symlinks=False)
            if time.time() - found.st_mtime > KEPT_DAYS * _DAY_S:
                os.unlink(name, dir_fd=fd)
