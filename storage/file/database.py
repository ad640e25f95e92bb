"""One connection for writing, connections for reading, and the errors of SQLite as library errors.

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
    LocksError,
    NotALibraryError,
    NotWritableError,
)
from storage.records import Changed, Kind, Made

Sync = Literal["full", "normal"]
"""`full` survives a power cut once the write has returned; `normal` survives a killed process."""

BUSY_S = 5.0
_IDLE_READERS = 4
STEPS = 20_000
"""Steps of SQLite's machine between two looks at what else is to be done: some milliseconds."""
_QUOTED = 120
"""Characters of what SQLite says that are told, where it quotes a damaged file."""
_LOCKS = ("LOCK", "SHMOPEN", "SHMMAP")
"""Ends of the codes that SQLite gives where a disk refuses the locks that it needs."""


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
        """The changes that were noted."""
        return Changed(
            frozenset(self._kinds), frozenset(self._conversations), frozenset(self._messages)
        )

    def made(self, new_id: int) -> Made:
        """The changes that were noted, and the id of the new row."""
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
        """True if it takes no writes."""
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
        with self._write_lock, sqlite_errors_as_library_errors(self.path):
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
            with sqlite_errors_as_library_errors(self.path):
                yield connection
        finally:
            self._give_back(connection)

    @contextmanager
    def maintenance(self) -> Iterator[sqlite3.Connection]:
        """The writing connection outside of any transaction, for VACUUM and its like."""
        with self._write_lock, sqlite_errors_as_library_errors(self.path):
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
        with sqlite_errors_as_library_errors(self.path):
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
    connection.set_progress_handler(heard, STEPS)
    connection.text_factory = text_of
    return connection


def text_of(data: bytes) -> str:
    """Words as they are kept; of damaged ones what can be read, so that the rest is shown."""
    return data.decode("utf-8", "replace")


def connect_warily(uri: str) -> sqlite3.Connection:
    """A connection to a file whose schema was not checked yet: nothing in it can call functions
    with effects outside of it."""
    connection = connect(uri)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def heard() -> None:
    """Let Python notice Ctrl-C while SQLite works.

    `sqlite_errors_as_library_errors` passes it on.
    """


def _whole(value: Any) -> Any:
    """The value, in which every character can be written as UTF-8."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def file_uri(path: Path, options: str) -> str:
    """The URI by which SQLite opens exactly this file."""
    return f"{path.absolute().as_uri()}?{options}"


@contextmanager
def sqlite_errors_as_library_errors(path: Path) -> Iterator[None]:
    """Turns what SQLite says about the file into one sentence for a person.

    What it says about how it is used is a fault of this package and passes as it is.
    """
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.DatabaseError as error:
        if was_interrupted(error):
            raise KeyboardInterrupt from error
        known = _known(path, error)
        if known is None:
            raise
        raise known from error
    except UnicodeDecodeError as error:  # SQLite quotes what it found, and that is no text
        raise DamagedError(path, text_of(error.object)[:_QUOTED]) from error


def was_interrupted(error: Exception) -> bool:
    """True if SQLite stopped because of an interrupt."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT


def _known(path: Path, error: sqlite3.Error) -> LibraryError | None:
    """The error for an SQLite code. The file is read by statements that are known to be correct, so
    a code without another meaning means that the file is damaged."""
    name = getattr(error, "sqlite_errorname", "")
    match name.split("_")[1:2]:
        case []:
            return None
        case ["NOTADB"]:
            return NotALibraryError(path)
        case ["BUSY" | "LOCKED"]:
            return BusyError(path)
        case ["FULL"]:
            return FullError(path)
        case ["READONLY" | "CANTOPEN" | "PERM" | "AUTH"]:
            return NotWritableError(path, str(error))
        case ["PROTOCOL" | "NOLFS"]:
            return LocksError(path, str(error))
        case ["IOERR"]:
            return _disk(path, name)
    return DamagedError(path, str(error))


def _disk(path: Path, name: str) -> LibraryError:
    if name == "SQLITE_IOERR_SHMSIZE":  # the file by which connections agree finds no room
        return FullError(path)
    if name.endswith(_LOCKS):
        return LocksError(path, name)
    return LibraryError(
        "{path} could not be read or written: the disk answered with an error ({name}). "
        "Check the disk and its free space, then try again.",
        path=path,
        name=name,
    )
