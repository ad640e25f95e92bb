"""Folders and zip files that hold a conversation. Imported ones are not trusted.

A name inside a package is only ever used to find a file inside it: nothing is extracted, no link is
followed, nothing but plain files is opened, and no more is read than was announced.
"""

from __future__ import annotations

import lzma
import os
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, cast

from storage.atomic_files import kind_of, not_written
from storage.errors import ExchangeError, Phrase, phrase
from storage.exchange.manifest import LARGEST, Manifest, decode
from storage.file import private

MANIFEST = "conversation.json"
MARKDOWN = "conversation.md"
ENTRIES = 100_000
"""A zip file that lists more is refused."""
RATIO = 200
"""A zip file that grows more than that many times when it is unpacked is refused."""
_HARMLESS = 1 << 20
"""Bytes below which no ratio is looked at."""
_BINARY: int = getattr(os, "O_BINARY", 0)
_MACOS = "__MACOSX/"
"""The folder in which macOS's archiver puts data that no other system uses."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Source(Protocol):
    """A readable package with a conversation."""

    def manifest(self) -> Manifest:
        """The manifest of the package."""
        ...

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """One of the files that the manifest names."""
        ...


class Sink(Protocol):
    """A writable package for a conversation."""

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one file."""
        ...


class FolderSource:
    """A conversation in a folder, or in the only folder inside it that holds one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not os.path.lexists(folder / MANIFEST):
            self._folder = folder / _only(folder, _folders_with_one(folder))

    def manifest(self) -> Manifest:
        """The manifest of the package; see `manifest.decode`."""
        return decode(_read_manifest(self), str(self._folder / MANIFEST))

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """One of the files; see `plain_file`."""
        with plain_file(self._folder, name) as file:
            yield file


class CheckedZip:
    """A zip file that names no file outside of it, no link, and nothing that is far
    larger than it looks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._top = ""
        """The folder name before every path, if a folder was packed."""
        with _zip_errors(path):
            self._zip = zipfile.ZipFile(path)
        try:
            self._check()
        except BaseException:
            self._zip.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def names(self) -> list[str]:
        """The files in it."""
        names = self._zip.namelist()
        return [name for name in names if not name.endswith("/") and not name.startswith(_MACOS)]

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """One entry, unpacked while it is read.

        Raises:
            ExchangeError: it is missing or its bytes are broken.
        """
        with _zip_errors(self._path):
            try:
                entry = self._zip.open(self._top + name)
            except KeyError:
                raise refused(self._path, phrase("{name} is not in it", name=name)) from None
            with entry as file:
                yield cast(BinaryIO, file)

    def _check(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > ENTRIES:
            raise refused(
                self._path,
                phrase(
                    "it lists {entries} files, more than {most}",
                    entries=len(entries),
                    most=ENTRIES,
                ),
            )
        names = {entry.filename for entry in entries}
        if len(names) < len(entries):
            raise refused(self._path, phrase("it lists a file twice"))
        for entry in entries:
            _check_name(self._path, entry.filename)
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise refused(
                    self._path, phrase("{filename} is a link", filename=repr(entry.filename))
                )
        unpacked, packed = sum(e.file_size for e in entries), self._path.stat().st_size
        if unpacked > _HARMLESS and unpacked > RATIO * packed:
            raise refused(
                self._path,
                phrase(
                    "its {packed} bytes would become {unpacked}, over {ratio} times as many",
                    packed=packed,
                    unpacked=unpacked,
                    ratio=RATIO,
                ),
            )


class ZipSource(CheckedZip):
    """A conversation in a zip file, or in the only folder inside it that holds one."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self._top = self._find_top()
        except BaseException:
            self.close()
            raise

    def manifest(self) -> Manifest:
        """The manifest of the package; see `manifest.decode`."""
        return decode(_read_manifest(self), f"{self._path}/{MANIFEST}")

    def _find_top(self) -> str:
        names = [name for name in self._zip.namelist() if PurePosixPath(name).name == MANIFEST]
        if MANIFEST in names:
            return ""
        tops = [name.removesuffix(MANIFEST) for name in names if not name.startswith(_MACOS)]
        return _only(self._path, tops)


class FolderSink:
    """Writes a conversation into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one file, in its own folder where the name has one."""
        path = self._folder / name
        path.parent.mkdir(mode=private.FOLDER, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, private.FILE)
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)


class ZipSink:
    """Writes a conversation into a zip file. Media are packed already, so nothing is squeezed."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one entry."""
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.external_attr = private.FILE << 16
        with self._zip.open(entry, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)


def is_package(path: Path) -> bool:
    """Whether this is, or seems to be, what Medley exports: its manifest is in it. False also for
    what cannot be read."""
    if kind_of(path) == "folder":
        return os.path.lexists(path / MANIFEST) or bool(_folders_with_one(path))
    if kind_of(path) != "file":
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(PurePosixPath(name).name == MANIFEST for name in archive.namelist())
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False


@contextmanager
def plain_file(folder: Path, name: str) -> Iterator[BinaryIO]:
    """A plain file inside the folder, reached through no link.

    Raises:
        ExchangeError: it is missing, a link, no plain file, or leads out of the folder.
    """
    path = folder / name
    try:
        root = folder.resolve(strict=True)
        if path.resolve(strict=True) != root / name:
            raise refused(folder, phrase("{name} leads somewhere else", name=name))
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(path, flags | _BINARY)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refused(
            folder, phrase("{name} cannot be read ({reason})", name=name, reason=reason)
        ) from error
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise refused(folder, phrase("{name} is no plain file", name=name))
        yield file


@contextmanager
def source_at(path: Path) -> Iterator[Source]:
    """The conversation in a folder or a zip file.

    Raises:
        ExchangeError: it is neither.
    """
    kind = kind_of(path)
    if kind == "folder":
        yield FolderSource(path)
        return
    if kind == "nothing":
        raise ExchangeError(
            "{path}: there is no file or folder of this name. Nothing was imported; name "
            "what Medley exported.",
            path=path,
        )
    if kind == "special":
        raise refused(path, phrase("it is neither a file nor a folder"))
    source = ZipSource(path)
    try:
        yield source
    finally:
        source.close()


@contextmanager
def sink_at(target: Path) -> Iterator[Sink]:
    """A new folder, or a new zip file where the name ends in `.zip`. It is whole or not there.

    Raises:
        ExchangeError: something is there already.
        LibraryError: it cannot be written, or the disk is full.
    """
    if kind_of(target) != "nothing":
        raise ExchangeError("{target} is there already. Name a new folder or file.", target=target)
    scratch = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".medley-", dir=target.parent))
        made = scratch / target.name
        if target.suffix.lower() == ".zip":
            private.create(made)
            with zipfile.ZipFile(made, "w") as archive:
                yield ZipSink(archive)
        else:
            made.mkdir(mode=private.FOLDER)
            yield FolderSink(made)
        made.rename(target)
    except OSError as error:
        raise not_written(target, error) from error
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def refused(path: Path, found: Phrase) -> ExchangeError:
    """The error for an unusable package."""
    return ExchangeError(
        "{path} holds no conversation that can be imported: {found}. Nothing was imported; "
        "export the conversation again.",
        path=path,
        found=found,
    )


def _read_manifest(source: FolderSource | ZipSource) -> bytes:
    with source.open(MANIFEST) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ExchangeError(
            "{manifest} is longer than {largest} MiB. Nothing was imported; export the "
            "conversation again.",
            manifest=MANIFEST,
            largest=LARGEST >> 20,
        )
    return data


def _only(path: Path, tops: Sequence[str]) -> str:
    """The only folder that holds a conversation.

    Raises:
        ExchangeError: there is none, or more than one.
    """
    if len(tops) == 1:
        return tops[0]
    if tops:
        raise ExchangeError(
            "{path}: expected one conversation, found {tops_count} in folders of it, the "
            "first in {first}. Nothing was imported; unpack it and import them one by one.",
            path=path,
            tops_count=len(tops),
            first=repr(tops[0]),
        )
    raise ExchangeError(
        "{path} holds no {manifest}, which is in every folder and zip file that Medley "
        "exports. Nothing was imported; name one of those, or the file of another library.",
        path=path,
        manifest=MANIFEST,
    )


def _folders_with_one(folder: Path) -> list[str]:
    try:
        return sorted(
            inside.name
            for inside in folder.iterdir()
            if not inside.is_symlink() and (inside / MANIFEST).is_file()
        )
    except OSError as error:
        raise refused(
            folder, phrase("it cannot be read ({strerror})", strerror=error.strerror or error)
        ) from error


def _check_name(path: Path, name: str) -> None:
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
        raise refused(path, phrase("{name} leads out of it", name=repr(name)))


@contextmanager
def _zip_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except NotImplementedError as error:
        raise refused(path, phrase("it is packed in a way that Medley does not know")) from error
    except RuntimeError as error:
        raise refused(path, phrase("it asks for a password")) from error
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError) as error:
        raise refused(path, phrase("it is no sound zip file")) from error
    except OSError as error:
        raise refused(
            path, phrase("it cannot be read ({strerror})", strerror=error.strerror or error)
        ) from error
