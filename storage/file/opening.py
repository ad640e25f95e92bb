"""Opens a library's file: checks it, holds it for one process, and migrates an older one.

A file that does not serve is left as it is, byte for byte.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from storage.atomic_files import kind_of, not_written
from storage.errors import (
    BusyError,
    DamagedError,
    FileError,
    LibraryError,
    LocksError,
    NewerError,
    NotALibraryError,
    OlderError,
    phrase,
)
from storage.file import migrations, private, schema
from storage.file.database import (
    Database,
    connect,
    connect_warily,
    file_uri,
    sqlite_errors_as_library_errors,
)
from storage.file.migrations import Step

if TYPE_CHECKING:
    from filelock import FileLock

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
_LOG = 64 << 20
"""Bytes that the log of writes may keep on the disk when it is not in use."""


class Hold:
    """Keeps other processes from opening the same library for writing while it lives."""

    def __init__(self, path: Path) -> None:
        from filelock import FileLock, Timeout

        lock = path.with_name(path.name + ".lock")
        self._lock: FileLock = FileLock(lock, mode=private.FILE, thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise BusyError(path) from None
        except OSError as error:
            if error.errno in _NO_LOCKS:
                raise LocksError(path, os.strerror(error.errno)) from error
            raise not_written(path, error) from error

    def release(self) -> None:
        """Let others open it."""
        self._lock.release()


def open_to_write(path: Path, steps: Sequence[Step] | None = None) -> tuple[Database, Hold]:
    """The library at `path`, made when it is not there, brought to today's shape.

    Raises:
        LibraryError: the file is something else, damaged, newer, held or not to be written.
    """
    steps = migrations.STEPS if steps is None else steps
    try:
        private.make_folder(path.parent)
    except OSError as error:
        raise not_written(path, error) from error
    hold = Hold(path)
    try:
        new = _is_new(path)
        if not new:
            _inspect(path, steps)
        private.narrow_beside(path)
        try:
            return Database(path, _writer(path, steps, new), _reader_uri(path)), hold
        except LibraryError:
            if new:
                remove(path)
            raise
    except BaseException:
        hold.release()
        raise


def open_to_read(path: Path, steps: Sequence[Step] | None = None) -> Database:
    """The library at `path` for reading. Nothing is written.

    Raises:
        OlderError: it does not have today's shape.
        LibraryError: there is no such file, or it does not serve.
    """
    if _is_new(path):
        raise FileError(path, "{path}: there is no library here yet. Name another file.", path=path)
    if pending := _inspect(path, migrations.STEPS if steps is None else steps):
        raise OlderError(path, pending[0].name)
    return Database(path, None, _reader_uri(path))


@contextlib.contextmanager
def opened_to_read(path: Path) -> Iterator[Database]:
    """A library for reading, and of one with an older shape a copy that was brought up to date.

    Raises:
        LibraryError: there is no such file, or it does not serve.
    """
    try:
        database = open_to_read(path)
    except OlderError:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            with (
                sqlite_errors_as_library_errors(path),
                contextlib.closing(connect(_reader_uri(path))) as source,
            ):
                with contextlib.closing(sqlite3.connect(copy)) as target:
                    source.backup(target)
            database, hold = open_to_write(copy)
            try:
                yield database
            finally:
                database.close()
                hold.release()
        return
    try:
        yield database
    finally:
        database.close()


def _is_new(path: Path) -> bool:
    try:
        kind = kind_of(path)
        if kind in ("folder", "special"):
            found = (
                phrase("a folder")
                if kind == "folder"
                else phrase("a pipe, a device or a broken link")
            )
            raise FileError(
                path,
                "{path}: expected a file, found {found}. Name another file.",
                path=path,
                found=found,
            )
        return kind == "nothing" or path.stat().st_size == 0
    except OSError as error:
        raise not_written(path, error) from error


def _inspect(path: Path, steps: Sequence[Step]) -> list[Step]:
    """The steps that the file lacks. Reads only, and nothing before it is known what it holds.

    Raises:
        LibraryError: it is no library, truncated, damaged, newer, or somebody changed its shape.
    """
    _check_header(path)
    with (
        sqlite_errors_as_library_errors(path),
        contextlib.closing(connect_warily(_reader_uri(path))) as connection,
    ):
        if problem := schema.record_problem(connection):
            raise DamagedError(path, problem)
        names = migrations.applied(connection)
        if not names and schema.anything(connection):
            raise NotALibraryError(path)
        known = [step.name for step in steps]
        if unknown := [name for name in names if name not in known]:
            raise NewerError(
                path,
                "{path} was written by a newer Medley (it has {unknown}). It was left as it "
                "is; install the newer Medley, or name another file.",
                path=path,
                unknown=repr(str(unknown[0])[:80]),
            )
        done, pending = steps[: len(names)], steps[len(names) :]
        if names != [step.name for step in done]:
            raise DamagedError(path, phrase("the record of its steps is not in order"))
        if problem := schema.problem(connection, done):
            raise DamagedError(path, problem)
    return list(pending)


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER)
        size = path.stat().st_size
        log = path.with_name(path.name + "-wal")
        logged = log.exists() and log.stat().st_size > 0
    except OSError as error:
        raise not_written(path, error) from error
    if not header.startswith(_MAGIC[: len(header)]) or len(header) < len(_MAGIC):
        raise NotALibraryError(path)
    if len(header) < _HEADER:
        raise DamagedError(path, phrase("its header ends after {count} bytes", count=len(header)))
    # Nobody's is a file that a first start left behind when it was killed, or another program's.
    if int.from_bytes(header[68:72], "big") not in (migrations.APPLICATION_ID, 0):
        raise NotALibraryError(path)
    page = int.from_bytes(header[16:18], "big")
    expected = (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big")
    if size < expected and not logged:
        raise DamagedError(
            path, phrase("expected {expected} bytes, found {found}", expected=expected, found=size)
        )


def _reader_uri(path: Path) -> str:
    """The URI for reading. In a folder that takes no writes, SQLite must be told that nobody
    writes."""
    log = path.with_name(path.name + "-wal")
    if os.access(path.parent, os.W_OK) or (log.exists() and log.stat().st_size > 0):
        return file_uri(path, "mode=ro")
    return file_uri(path, "mode=ro&immutable=1")


def _writer(path: Path, steps: Sequence[Step], new: bool) -> sqlite3.Connection:
    with sqlite_errors_as_library_errors(path):
        if new:
            _create(path)
        connection = connect(file_uri(path, "mode=rw"))
        try:
            if new:
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(f"PRAGMA journal_size_limit = {_LOG}")
            done = migrations.applied(connection)
            if len(done) < len(steps):
                if done:
                    _copy_before(connection, path, steps[len(done)].name)
                migrations.apply(connection, steps)
            return connection
        except BaseException:
            connection.close()
            raise


def _create(path: Path) -> None:
    """An empty file for SQLite, which gives its logs the permissions that it finds."""
    try:
        private.create(path)
    except OSError as error:
        raise not_written(path, error) from error


def _copy_before(connection: sqlite3.Connection, path: Path, step: str) -> None:
    """A copy of the file as it is, beside it, that no later start overwrites."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    copy = path.with_name(f"{path.stem}-before-{step.split()[0]}-{stamp}{path.suffix}")
    _create(copy)
    try:
        with contextlib.closing(sqlite3.connect(copy)) as target:
            connection.backup(target)
    except BaseException:
        remove(copy)
        raise


def remove(path: Path) -> None:
    """Remove a file that was made halfway, with SQLite's files beside it."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        with contextlib.suppress(OSError):
            path.with_name(name).unlink()
