"""Reads single files out of wheels and npm packages, as data and within known bounds.

Nothing is extracted under a name that the archive chooses, nothing is imported, no more bytes come
out than the catalogue says.
"""

from __future__ import annotations

import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from isal import isal_zlib

from plugins.errors import Problem, phrase
from runtime.catalogue.entry import path_problem
from runtime.catalogue.errors import FetchError

_BLOCK = 1 << 18
"""Bytes that are unpacked at a time: as many as stay in the processor's cache to be hashed."""
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError)
_LOCAL_HEADER = struct.Struct("<4s22xHH")
"""The local file header of a zip archive: signature, lengths of the name and of the extra field."""
_TAR_LIMIT = 1 << 30
"""Bytes that are unpacked of an npm package at most, to find one file."""


@dataclass(frozen=True)
class Piece:
    """One file inside a package, looked at and not yet unpacked."""

    archive: Path
    member: str
    size: int
    """Bytes that it declares."""
    unpack: Callable[[], Iterator[bytes]]

    def blocks(self) -> Iterator[bytes]:
        """Its contents: as many bytes as it declares.

        Raises:
            FetchError: the package is damaged, or holds more or less than it declares.
        """
        what, came = f"{self.archive.name}, {self.member}", 0
        try:
            for block in self.unpack():
                came += len(block)
                if came > self.size:
                    raise refused(
                        what, phrase("more than the {size} bytes that it declares", size=self.size)
                    )
                yield block
        except _BROKEN as error:
            raise refused(
                self.archive.name, phrase("a broken archive ({error})", error=error)
            ) from error
        if came < self.size:
            raise refused(
                what,
                phrase(
                    "{came} bytes instead of the {size} that it declares", came=came, size=self.size
                ),
            )


def wheel_piece(wheel: Path, member: str) -> Piece:
    """One file of a wheel.

    Raises:
        FetchError: the wheel must not be unpacked, or has no such file.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            info = _checked_member(wheel, archive, member)
    except _BROKEN as error:
        raise refused(wheel.name, phrase("a broken archive ({error})", error=error)) from error

    def unpack() -> Iterator[bytes]:
        with wheel.open("rb") as stream:
            yield from inflated(stream, info)

    return Piece(wheel, member, info.file_size, unpack)


def tar_piece(archive: Path, member: str) -> Piece:
    """One file of an npm package; as `wheel_piece`."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            size = _found_member(archive, tar, member).size
    except _BROKEN as error:
        raise refused(archive.name, phrase("a broken archive ({error})", error=error)) from error

    def unpack() -> Iterator[bytes]:
        with tarfile.open(archive, "r:gz") as tar:
            source = tar.extractfile(_found_member(archive, tar, member))
            assert source is not None  # It is a plain file.
            with source:
                yield from iter(lambda: source.read(_BLOCK), b"")

    return Piece(archive, member, size, unpack)


def inflated(stream: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The contents of one file of a zip archive, in blocks of a bounded size.

    As `zipfile` would, but with the faster inflate of isal, since most of the time of a whole
    download goes there, and without the CRC: whoever joins the blocks compares their SHA-256.

    Raises:
        zipfile.BadZipFile: it is not where it should be, or packed in another way.
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
    yield from _unpacked(stream, info)


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
            raise refused(
                wheel.name,
                phrase(
                    "the path {filename}, which leaves the archive", filename=repr(info.filename)
                ),
            )
        if stat.S_ISLNK(info.external_attr >> 16):
            raise refused(
                wheel.name, phrase("{filename}, which is a link", filename=repr(info.filename))
            )
    try:
        info = archive.getinfo(member)
    except KeyError as error:
        raise refused(wheel.name, phrase("no file {member}", member=repr(member))) from error
    if info.is_dir() or info.flag_bits & 1:
        raise refused(wheel.name, phrase("{member}, which is no plain file", member=repr(member)))
    return info


def _found_member(path: Path, archive: tarfile.TarFile, member: str) -> tarfile.TarInfo:
    for info in archive:
        if info.offset_data + info.size > _TAR_LIMIT:
            raise refused(path.name, phrase("more than {most} bytes", most=_TAR_LIMIT))
        if info.name == member:
            if not info.isreg():
                raise refused(
                    path.name, phrase("{member}, which is no plain file", member=repr(member))
                )
            return info
    raise refused(path.name, phrase("no file {member}", member=repr(member)))


def refused(archive: str, found: Problem) -> FetchError:
    """The sentence for a package that is not unpacked."""
    return FetchError(
        "archive",
        "{archive}: expected a package with the data that the catalogue names, found "
        "{found}. It was not unpacked; tell Medley's authors.",
        archive=archive,
        found=found,
    )
