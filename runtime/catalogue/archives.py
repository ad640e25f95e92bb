"""Reads single files out of wheels and npm packages, as data and within known bounds.

Nothing is extracted under a name that the archive chooses, nothing is imported, no more bytes come
out than the catalogue says.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from isal import isal_zlib

from runtime.catalogue.entry import path_problem
from runtime.catalogue.errors import FetchError

_BLOCK = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")
"""Of a file in a zip archive: signature, lengths of its name and of its extra field."""
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
            with wheel.open("rb") as stream:
                blocks = inflated(stream, info)
                self._take(blocks, info.file_size, f"{wheel.name}, {member}")
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
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
                    blocks = iter(lambda: source.read(_BLOCK), b"")
                    self._take(blocks, info.size, f"{archive.name}, {member}")
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

    def _take(self, blocks: Iterable[bytes], size: int, what: str) -> None:
        copied = 0
        for block in blocks:
            copied += len(block)
            if copied > size:
                raise _refused(what, f"more than the {size} bytes that it declares")
            self._hash.update(block)
            self._stream.write(block)
        self._written += copied
        if copied < size:
            raise _refused(what, f"{copied} bytes instead of the {size} that it declares")


def inflated(stream: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The contents of one file of a zip archive, in blocks of a bounded size.

    As `zipfile` would, but with the faster inflate of isal: most of the time of a whole download
    goes there.

    Raises:
        zipfile.BadZipFile: it is not where it should be, packed in another way, or damaged.
        zlib.error, EOFError: it is damaged.
    """
    stream.seek(info.header_offset)
    header = stream.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size:
        raise zipfile.BadZipFile("a file header is missing")
    signature, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)
    if signature != b"PK\x03\x04":
        raise zipfile.BadZipFile("a file header is damaged")
    stream.seek(name_bytes + extra_bytes, os.SEEK_CUR)
    checksum = 0
    for block in _unpacked(stream, info):
        checksum = zlib.crc32(block, checksum)
        yield block
    if checksum != info.CRC:
        raise zipfile.BadZipFile("a checksum is wrong")


def _unpacked(stream: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    left = info.compress_size
    if info.compress_type == zipfile.ZIP_STORED:
        while left and (block := stream.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
        return
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("packed in a way that wheels do not use")
    inflate = isal_zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    while not inflate.eof:
        waiting = inflate.unconsumed_tail
        if not waiting:
            waiting = stream.read(min(_BLOCK, left))
            left -= len(waiting)
        if not waiting:
            raise EOFError("it ends too early")
        if block := inflate.decompress(waiting, _BLOCK):
            yield block


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
