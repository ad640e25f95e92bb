"""The bytes of media inside the library's file: in chunks, hashed as they come, each kept once.

No call holds more than some chunks of a medium in memory. A medium arrives in several transactions,
so that a long clip does not keep a streaming answer from being saved; until the last of them it has
no name, and nothing can refer to it.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from storage.clock import now_ms
from storage.errors import DamagedError, LibraryError, NotFoundError, phrase
from storage.file.database import Database, Write

CHUNK = 1 << 20
"""Bytes of every chunk but a medium's last."""
_CHUNKS_AT_ONCE = 4


class MediumFacts(NamedTuple):
    """Facts about a medium besides its bytes."""

    mime: str
    modality: str
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None


class Stored(NamedTuple):
    """A medium whose bytes are in the file."""

    id: int
    sha256: str
    facts: MediumFacts
    size: int
    new: bool
    """True if its bytes are new and it has no name yet."""


class MediumReader(io.RawIOBase):
    """A medium's bytes. Holds no connection between reads, so it does not delay anybody."""

    def __init__(self, database: Database, id_: int, size: int) -> None:
        self._database = database
        self._id = id_
        self.size = size
        self._position = 0
        self._number = -1
        self._chunk = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Bytes from the begin."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place and return it; beyond the end nothing is read."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError(f"cannot seek to {base + offset}")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer up to the end of the chunk; 0 at the end of the medium.

        Raises:
            DamagedError: a chunk is missing or too short.
        """
        view = memoryview(buffer).cast("B")
        if self._position >= self.size or not view:
            return 0
        number, begin = divmod(self._position, CHUNK)
        if number != self._number:
            self._chunk = self._load(number)
            self._number = number
        some = self._chunk[begin : begin + len(view)]
        view[: len(some)] = some
        self._position += len(some)
        return len(some)

    def _load(self, number: int) -> bytes:
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT data FROM chunks WHERE medium_id = ? AND number = ?", (self._id, number)
            ).fetchone()
        expected = min(CHUNK, self.size - number * CHUNK)
        if row is None or not isinstance(row[0], bytes) or len(row[0]) != expected:
            held = row[0] if row is not None and isinstance(row[0], bytes) else None
            found = phrase("nothing") if held is None else phrase("{count} bytes", count=len(held))
            raise DamagedError(
                self._database.path,
                phrase(
                    "a medium's piece {number}: expected {expected} bytes, found {found}",
                    number=number,
                    expected=expected,
                    found=found,
                ),
            )
        data: bytes = row[0]
        return data


def store_file(
    database: Database, path: Path, facts: MediumFacts, sha256: str | None = None
) -> Stored:
    """Bring a file's bytes into the library, still without a name; see `claim` and `discard`.

    `sha256` is that of a file which nobody else changes; without it the file is hashed here, and
    again as it is stored, for it may have changed meanwhile.
    """
    try:
        with path.open("rb") as file:
            found = sha256 or hashlib.file_digest(file, "sha256").hexdigest()
            there = known(database, found, facts)
            if there is not None:
                return there
            file.seek(0)
            return store_pieces(database, pieces(file), facts, sha256)
    except OSError as error:
        raise LibraryError(
            "{path} cannot be read ({strerror}). Check that it is there and may be read.",
            path=path,
            strerror=error.strerror,
        ) from error


def store_bytes(database: Database, data: bytes, facts: MediumFacts) -> Stored:
    """Bring bytes into the library, still without a name; see `claim` and `discard`."""
    sha256 = hashlib.sha256(data).hexdigest()
    there = known(database, sha256, facts)
    return there or store_pieces(database, pieces(io.BytesIO(data)), facts, sha256)


def store_pieces(
    database: Database, chunks: Iterable[bytes], facts: MediumFacts, sha256: str | None = None
) -> Stored:
    """Bring chunks into the library, some in each transaction, still without a name. They are
    hashed on the way where their hash is not known."""
    digest, size, id_ = None if sha256 else hashlib.sha256(), 0, None
    waiting: list[bytes] = []
    numbers = 0

    def save() -> int:
        with database.write("normal") as write:
            row = id_
            if row is None:
                row = write.insert(
                    "INSERT INTO media (size, mime, modality, created_ms) VALUES (0, ?, ?, ?)",
                    (facts.mime, facts.modality, now_ms()),
                )
            for number, chunk in enumerate(waiting, numbers):
                write.run(
                    "INSERT INTO chunks (medium_id, number, data) VALUES (?, ?, ?)",
                    (row, number, chunk),
                )
        return row

    try:
        for chunk in chunks:
            if digest is not None:
                digest.update(chunk)
            size += len(chunk)
            waiting.append(chunk)
            if len(waiting) == _CHUNKS_AT_ONCE:
                id_ = save()
                numbers += len(waiting)
                waiting = []
        if waiting or id_ is None:
            id_ = save()
    except BaseException:
        if id_ is not None:
            discard(database, Stored(id_, "", facts, size, new=True))
        raise
    found = digest.hexdigest() if digest is not None else str(sha256)
    return Stored(id_, found, facts, size, new=True)


def claim(write: Write, stored: Stored) -> int:
    """Give stored bytes their name within a transaction; the id of the medium to refer to."""
    row = write.run("SELECT id FROM media WHERE sha256 = ?", (stored.sha256,)).fetchone()
    if row is not None:
        if stored.new:
            write.run("DELETE FROM media WHERE id = ?", (stored.id,))
        write.run("UPDATE media SET created_ms = ? WHERE id = ?", (now_ms(), row[0]))
        return int(row[0])
    facts = stored.facts
    write.run(
        "UPDATE media SET sha256 = ?, size = ?, width = ?, height = ?, duration_s = ? WHERE id = ?",
        (stored.sha256, stored.size, facts.width, facts.height, facts.duration_s, stored.id),
    )
    return stored.id


def discard(database: Database, stored: Stored) -> None:
    """Forget bytes that got no name."""
    if stored.new:
        with database.write() as write:
            write.run("DELETE FROM media WHERE id = ? AND sha256 IS NULL", (stored.id,))


def forget_unnamed(database: Database) -> None:
    """Delete bytes that a process had not finished to store when it ended."""
    with database.read() as connection:
        left = connection.execute("SELECT 1 FROM media WHERE sha256 IS NULL LIMIT 1").fetchone()
    if left:
        with database.write() as write:
            write.run(
                "DELETE FROM media WHERE sha256 IS NULL "
                "AND NOT EXISTS (SELECT 1 FROM parts p WHERE p.medium_id = media.id) "
                "AND NOT EXISTS (SELECT 1 FROM draft_media a WHERE a.medium_id = media.id)"
            )


def medium_id(write: Write, sha256: str) -> tuple[int, str]:
    """A medium's id and modality within a transaction.

    Raises:
        NotFoundError: it is not in the library.
    """
    row = write.run("SELECT id, modality FROM media WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        raise no_medium(sha256)
    return int(row[0]), str(row[1])


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """A file's bytes, chunk by chunk, all but the last of one size."""
    while chunk := file.read(CHUNK):
        yield chunk


def verified(reader: MediumReader, sha256: str, library: Path) -> Iterator[bytes]:
    """A medium's bytes, chunk by chunk; `DamagedError` at the end if they are not its own."""
    digest = hashlib.sha256()
    while chunk := reader.read(CHUNK):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != sha256:
        raise DamagedError(
            library,
            phrase("medium {id} does not hold the bytes its name stands for", id=sha256[:12]),
        )


def known(database: Database, sha256: str, facts: MediumFacts) -> Stored | None:
    """A medium that the library holds already, as `Stored`; None where it does not.

    It counts as new from now on, so that it is not forgotten before it is used.
    """
    with database.read() as connection:
        there = connection.execute("SELECT 1 FROM media WHERE sha256 = ?", (sha256,)).fetchone()
    if there is None:
        return None
    with database.write("normal") as write:
        row = write.run(
            "UPDATE media SET created_ms = ? WHERE sha256 = ? RETURNING id, size",
            (now_ms(), sha256),
        ).fetchone()
    return None if row is None else Stored(row[0], sha256, facts, row[1], new=False)


def no_medium(sha256: str) -> NotFoundError:
    """The error for a medium that does not exist."""
    return NotFoundError(
        "there is no medium {sha256} in the library. Add it first.", sha256=sha256[:12]
    )
