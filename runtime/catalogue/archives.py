"""Reads single files out of wheels and npm packages, as data and within known bounds.

Nothing is extracted under a name that the archive chooses, nothing is imported, no more bytes come
out than the catalogue says.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO

from runtime.catalogue.entry import path_problem
from runtime.catalogue.errors import FetchError

_BLOCK = 1 << 20
_TAR_LIMIT = 1 << 30
"""Bytes that are unpacked of an npm package at most, to find one file."""


class Joiner:
    """Writes one file from parts in order, hashing on the way.

    Threads: use it from one.
    """

    def __init__(self, target: Path, limit: int) -> None:
        """Begin `target` anew; at most `limit` bytes will go in."""
        self._limit, self._written = limit, 0
        self._hash = hashlib.sha256()
        target.parent.mkdir(parents=True, exist_ok=True)
        self._stream = target.open("wb")

    @property
    def digest(self) -> str:
        """SHA-256 of everything so far, in hexadecimal digits."""
        return self._hash.hexdigest()

    @property
    def written(self) -> int:
        """Bytes so far."""
        return self._written

    def add_wheel_member(self, wheel: Path, member: str) -> None:
        """Append one file of a wheel.

        Raises:
            FetchError: the wheel must not be unpacked, or has no such file of a fitting size.
        """
        try:
            with zipfile.ZipFile(wheel) as archive:
                info = _checked_member(wheel, archive, member)
                self._check_room(wheel.name, member, info.file_size)
                with archive.open(info) as source:
                    self._copy(source, info.file_size, f"{wheel.name}, {member}")
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
            raise _refused(wheel.name, f"a broken archive ({error})") from error

    def add_tar_member(self, archive: Path, member: str) -> None:
        """Append one file of an npm package; as `add_wheel_member`."""
        try:
            with tarfile.open(archive, "r:gz") as tar:
                info = _found_member(archive, tar, member)
                self._check_room(archive.name, member, info.size)
                source = tar.extractfile(info)
                if source is None:
                    raise _refused(archive.name, f"{member!r}, which is no file")
                with source:
                    self._copy(source, info.size, f"{archive.name}, {member}")
        except (tarfile.TarError, zlib.error, EOFError) as error:
            raise _refused(archive.name, f"a broken archive ({error})") from error

    def settle(self) -> None:
        """Have what was written so far reach the disk, so that the end does not wait for it."""
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()

    def _check_room(self, archive: str, member: str, size: int) -> None:
        if self._written + size > self._limit:
            raise _refused(
                archive, f"{member!r} of {size} bytes where {self._limit - self._written} are left"
            )

    def _copy(self, source: IO[bytes], size: int, what: str) -> None:
        copied = 0
        while block := source.read(min(_BLOCK, size - copied + 1)):
            copied += len(block)
            if copied > size:
                raise _refused(what, f"more than the {size} bytes that it declares")
            self._hash.update(block)
            self._stream.write(block)
        self._written += copied
        if copied < size:
            raise _refused(what, f"{copied} bytes instead of the {size} that it declares")


def _checked_member(wheel: Path, archive: zipfile.ZipFile, member: str) -> zipfile.ZipInfo:
    """The entry of one file, in an archive that has nothing to hide."""
    for info in archive.infolist():
        name = info.filename.rstrip("/")
        if path_problem(name):
            raise _refused(wheel.name, f"the path {info.filename!r}, which leaves the archive")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise _refused(wheel.name, f"{info.filename!r}, which is a link")
    try:
        info = archive.getinfo(member)
    except KeyError as error:
        raise _refused(wheel.name, f"no file {member!r}") from error
    if info.is_dir() or info.flag_bits & 1:
        raise _refused(wheel.name, f"{member!r}, which is no plain file")
    return info


def _found_member(path: Path, archive: tarfile.TarFile, member: str) -> tarfile.TarInfo:
    for info in archive:
        if info.offset_data + info.size > _TAR_LIMIT:
            raise _refused(path.name, f"more than {_TAR_LIMIT} bytes")
        if info.name == member:
            if not info.isreg():
                raise _refused(path.name, f"{member!r}, which is no plain file")
            return info
    raise _refused(path.name, f"no file {member!r}")


def _refused(archive: str, found: str) -> FetchError:
    return FetchError(
        "archive",
        f"{archive}: expected a package with the data that the catalogue names, found {found}. "
        "It was not unpacked; tell Medley's authors.",
    )
