"""Reaches files of granted folders without following a symbolic link on the way.

A path was resolved and found to be granted; between that and its use another program may have put a
link in its place. So every folder on the way is opened from the one before it, never through a
link, and what is done is done in the open folder. Knows folders and names, no contents.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plugins.api import ToolStage
from plugins.errors import KnownError
from plugins.printable import shown

MAX_BYTES = 20_000_000
"""Of a file that is read, changed or kept a copy of."""
_MOST_LOOKED = 20_000
"""Files that are looked at to find the other names of one."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Place:
    """A name in an open folder. The name may be free."""

    fd: int
    """Descriptor of the folder; open while the place is used."""
    name: str
    path: Path
    """Absolute."""
    root: Path
    """The granted folder."""

    def status(self) -> os.stat_result | None:
        """What lies there, itself and not what it points to; None where the name is free."""
        try:
            return os.stat(self.name, dir_fd=self.fd, follow_symlinks=False)
        except FileNotFoundError:
            return None


@contextmanager
def opened_place(path: Path, stage: ToolStage, *, make: bool = False) -> Iterator[Place]:
    """A path that the stage resolved, for use in its open folder.

    Args:
        path: from `stage.resolve`.
        stage: knows the granted folders.
        make: whether folders that are missing on the way are made.

    Raises:
        KnownError: it is a granted folder itself, or its folder is not there.
    """
    root = root_of(path, stage)
    if path == root:
        raise KnownError(
            "{path}: expected a file or folder within it, found the folder itself. Name one.",
            "request",
            path=shown(path),
        )
    fd = _walk(root, path.relative_to(root).parts[:-1], make)
    try:
        yield Place(fd, path.name, path, root)
    except OSError as error:
        raise unusable(path, error) from error
    finally:
        os.close(fd)


@contextmanager
def opened_folder(path: Path, stage: ToolStage) -> Iterator[int]:
    """The descriptor of a folder that the stage resolved.

    Raises:
        KnownError: there is no such folder.
    """
    root = root_of(path, stage)
    fd = _walk(root, path.relative_to(root).parts, make=False)
    try:
        yield fd
    except OSError as error:
        raise unusable(path, error) from error
    finally:
        os.close(fd)


def read_bytes(place: Place) -> bytes:
    """The contents of a regular file.

    Raises:
        KnownError: there is none, it is something else, too large, or also lies outside the granted
            folder by another name.
    """
    try:
        fd = os.open(place.name, _FILE, dir_fd=place.fd)
    except OSError as error:
        raise unusable(place.path, error) from error
    try:
        check_regular(os.fstat(fd), place)
    except KnownError:
        os.close(fd)
        raise
    with os.fdopen(fd, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_large(place.path)
    return data


def check_regular(found: os.stat_result, place: Place) -> None:
    """Raise KnownError unless it is a regular file of a usable size that lies only here."""
    if stat.S_ISDIR(found.st_mode):
        raise KnownError(
            "{path}: expected a file, found a folder. Use list_folder for it.",
            "request",
            path=shown(place.path),
        )
    if not stat.S_ISREG(found.st_mode):
        raise KnownError(
            "{path}: expected a regular file, found a device, a pipe or a link. Use another one.",
            "request",
            path=shown(place.path),
        )
    if found.st_size > MAX_BYTES:
        raise _too_large(place.path)
    if found.st_nlink > 1 and _names_within(found, place.root) < found.st_nlink:
        raise KnownError(
            "{path}: the same file lies outside the folder by another name. Use a copy of it.",
            "request",
            path=shown(place.path),
        )


def root_of(path: Path, stage: ToolStage) -> Path:
    """The innermost granted folder that holds a resolved path."""
    holding = [one.path for one in stage.folders if path.is_relative_to(one.path)]
    return max(holding, key=lambda one: len(one.parts))


def name_of(path: Path, stage: ToolStage) -> str:
    """A path as tools say it: relative where it lies in the first granted folder."""
    first = stage.folders[0].path
    return shown(path.relative_to(first) if path.is_relative_to(first) else path)


def unusable(path: Path, error: OSError) -> KnownError:
    """Why the system does not let a file or folder be used."""
    if isinstance(error, FileNotFoundError):
        return KnownError(
            "{path}: expected a file or folder, found none. Use list_folder to see what is there.",
            "request",
            path=shown(path),
        )
    return KnownError(
        "{path}: the system does not allow it ({reason}). Use another one.",
        "request",
        path=shown(path),
        reason=error.strerror or str(error),
    )


def _walk(root: Path, names: tuple[str, ...], make: bool) -> int:
    """Descriptor of the folder that `names` lead to from `root`; no link is followed."""
    path = root
    try:
        fd = os.open(root, _FOLDER)
        for name in names:
            path = path / name
            before = fd
            try:
                fd = _entered(name, before, make)
            finally:
                os.close(before)
    except OSError as error:
        raise unusable(path, error) from error
    return fd


def _entered(name: str, within: int, make: bool) -> int:
    try:
        return os.open(name, _FOLDER, dir_fd=within)
    except FileNotFoundError:
        if not make:
            raise
        os.mkdir(name, dir_fd=within)
        return os.open(name, _FOLDER, dir_fd=within)


def _names_within(found: os.stat_result, root: Path) -> int:
    """The number of names that a file has below a folder."""
    count = looked = 0
    for _, _, files, fd in os.fwalk(root, follow_symlinks=False):
        for name in files:
            looked += 1
            if looked > _MOST_LOOKED:
                return count
            try:
                one = os.stat(name, dir_fd=fd, follow_symlinks=False)
            except OSError:
                continue
            count += (one.st_dev, one.st_ino) == (found.st_dev, found.st_ino)
    return count


def _too_large(path: Path) -> KnownError:
    return KnownError(
        "{path}: expected at most {most} MB, found more. Use a smaller file.",
        "request",
        path=shown(path),
        most=MAX_BYTES // 1_000_000,
    )
