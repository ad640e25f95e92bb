"""One writing connection, reading connections, and what is said when SQLite complains.

Knows transactions and listeners, and no table. Writes wait for each other; reads see the last
commit and wait for nobody. A write that fails leaves nothing behind.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from storage.errors import (
    BusyError,
    DamagedError,
    FullError,
    LibraryError,
    NotALibraryError,
    NotWritableError,
)
from storage.records import Changed, Kind, Made

Sync = Literal["full", "normal"]
"""`full` survives a power cut once the write has returned; `normal` survives a killed process."""

BUSY_S = 5.0
_IDLE_READERS = 4


class Write:
    """One transaction of the writing connection. `made` and `changed` serve after it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._kinds: set[Kind] = set()
        self._conversations: set[int] = set()
        self._messages: set[int] = set()

    def run(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Execute one statement. Half characters (lone surrogates) in words become `?`."""
        try:
            return self._connection.execute(sql, values)
        except UnicodeEncodeError:
            return self._connection.execute(sql, [_whole(value) for value in values])

    def insert(self, sql: str, values: Sequence[Any]) -> int:
        """Execute an INSERT and return the new row's id."""
        row = self.run(sql, values).lastrowid
        assert row is not None
        return row

    def touch(
        self, *kinds: Kind, conversations: Iterable[int] = (), messages: Iterable[int] = ()
    ) -> None:
        """Note what this transaction changes, for the listeners."""
        self._kinds.update(kinds)
        self._conversations.update(conversations)
        self._messages.update(messages)

    @property
    def changed(self) -> Changed:
        """What was noted."""
        return Changed(
            frozenset(self._kinds), frozenset(self._conversations), frozenset(self._messages)
        )

    def made(self, new_id: int) -> Made:
        """What was noted, and the id of what was made."""
        done = self.changed
        return Made(done.kinds, done.conversations, done.messages, id=new_id)


class Database:
    """The connections to one file. Made by `storage.file.opening`, which knows what it must be."""

    def __init__(self, path: Path, writer: sqlite3.Connection | None, reader_uri: str) -> None:
        self.path = path
        self._writer = writer
        self._reader_uri = reader_uri
        self._write_lock = threading.RLock()
        self._idle: list[sqlite3.Connection] = []
        self._idle_lock = threading.Lock()
        self._listeners: dict[object, Callable[[Changed], None]] = {}
        self._closed = False

    @property
    def read_only(self) -> bool:
        """Whether it takes no writes."""
        return self._writer is None

    def on_change(self, callback: Callable[[Changed], None]) -> Callable[[], None]:
        """Call `callback` after every write. Returns what undoes it."""
        token = object()
        self._listeners[token] = callback
        return lambda: self._listeners.pop(token, None) and None

    @contextmanager
    def write(self, sync: Sync = "full") -> Iterator[Write]:
        """A transaction: committed when the block ends, undone when it raises.

        Raises:
            LibraryError: opened for reading only, or the file is full, damaged or held by others.
        """
        with self._write_lock, told(self.path):
            writer = self._usable_writer()
            if sync == "normal":
                writer.execute("PRAGMA synchronous = NORMAL")
            try:
                write = Write(writer)
                writer.execute("BEGIN IMMEDIATE")
                try:
                    yield write
                    writer.execute("COMMIT")
                except BaseException:
                    if writer.in_transaction:
                        writer.execute("ROLLBACK")
                    raise
            finally:
                if sync == "normal":
                    writer.execute("PRAGMA synchronous = FULL")
        if write.changed != Changed():
            self._tell(write.changed)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the library and cannot write.

        Raises:
            LibraryError: the file is damaged or gone.
        """
        connection = self._reader()
        try:
            with told(self.path):
                yield connection
        finally:
            self._give_back(connection)

    @contextmanager
    def maintenance(self) -> Iterator[sqlite3.Connection]:
        """The writing connection outside of any transaction, for VACUUM and its like."""
        with self._write_lock, told(self.path):
            yield self._usable_writer()

    def close(self) -> None:
        """Close all connections; twice does no harm."""
        with self._write_lock, self._idle_lock:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()
            if self._writer is not None:
                self._writer.close()
                self._writer = None

    def _usable_writer(self) -> sqlite3.Connection:
        if self._closed:
            raise LibraryError("the library was closed. Open it again.")
        if self._writer is None:
            raise NotWritableError(self.path, "it was opened for reading only")
        return self._writer

    def _reader(self) -> sqlite3.Connection:
        with self._idle_lock:
            if self._closed:
                raise LibraryError("the library was closed. Open it again.")
            if self._idle:
                return self._idle.pop()
        with told(self.path):
            return connect(self._reader_uri)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._idle_lock:
            if not self._closed and len(self._idle) < _IDLE_READERS:
                self._idle.append(connection)
                return
        connection.close()

    def _tell(self, what: Changed) -> None:
        for callback in list(self._listeners.values()):
            callback(what)


def connect(uri: str) -> sqlite3.Connection:
    """A connection with this library's settings, in autocommit mode, usable from any thread."""
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    # A file may come from anybody: its pages are looked at before they are used.
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _whole(value: Any) -> Any:
    """The value, in which every character can be written as UTF-8."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def file_uri(path: Path, options: str) -> str:
    """The URI by which SQLite opens exactly this file."""
    return f"{path.absolute().as_uri()}?{options}"


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns what SQLite says about the file into one sentence for a person.

    What it says about a wrong statement or a broken constraint is a fault of this package and
    passes as it is.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        known = _known(path, error)
        if known is None:
            raise
        raise known from error


def _known(path: Path, error: sqlite3.Error) -> LibraryError | None:
    name = getattr(error, "sqlite_errorname", "")
    if str(error).startswith("Could not decode"):  # Python's own, without a code
        return DamagedError(path, "it holds words that are no UTF-8")
    if name == "SQLITE_IOERR_SHMSIZE":  # the file by which connections agree finds no room
        return FullError(path)
    match name.split("_")[1:2]:
        case ["NOTADB"]:
            return NotALibraryError(path)
        case ["CORRUPT"]:
            return DamagedError(path, str(error))
        case ["BUSY" | "LOCKED"]:
            return BusyError(path)
        case ["FULL"]:
            return FullError(path)
        case ["READONLY" | "CANTOPEN" | "PERM"]:
            return NotWritableError(path, str(error))
        case ["IOERR"]:
            return LibraryError(
                f"{path} could not be read or written: the disk answered with an error ({name}). "
                "Check the disk and its free space, then try again."
            )
    return None
